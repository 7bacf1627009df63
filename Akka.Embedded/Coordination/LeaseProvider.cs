using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Coordination;

/// <summary>Makes the <see cref="LeaseProvider"/> of a system.</summary>
public sealed class LeaseProviderExtensionProvider : ExtensionIdProvider<LeaseProvider>
{
    public override LeaseProvider CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Hands out leases; the same (name, configuration path, owner) always gets the same object.</summary>
public sealed class LeaseProvider : IExtension
{
    private readonly ConcurrentDictionary<(string Name, string Path, string Owner), Lazy<Lease>> leases = new();
    private readonly ExtendedActorSystem system;

    public LeaseProvider(ExtendedActorSystem system) => this.system = system;

    public static LeaseProvider Get(ActorSystem system) => new LeaseProviderExtensionProvider().Apply(system);

    /// <summary>Keys and defaults of <c>akka.coordination</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<LeaseProvider>("coordination.reference.conf");

    /// <summary>The lease <paramref name="leaseName"/> of <paramref name="ownerName"/>, made by the class that <c>lease-class</c> at <paramref name="configPath"/> names.</summary>
    public Lease GetLease(string leaseName, string configPath, string ownerName) =>
        leases.GetOrAdd((leaseName, configPath, ownerName), key => new Lazy<Lease>(() => Make(key.Name, key.Path, key.Owner))).Value;

    private Lease Make(string name, string path, string owner)
    {
        var all = system.Settings.Config;
        if (!all.HasPath(path)) throw new ArgumentException($"no lease is configured at [{path}]", nameof(path));
        var config = all.GetConfig(path).WithFallback(all.GetConfig("akka.coordination.lease"));
        var settings = LeaseSettings.Create(config, name, owner);
        var className = config.GetString("lease-class");
        if (string.IsNullOrWhiteSpace(className)) throw new ArgumentException($"[{path}.lease-class] names no class", nameof(path));
        var type = TypeNames.Find(className);
        if (type == null || !typeof(Lease).IsAssignableFrom(type))
            throw new ArgumentException($"[{path}.lease-class] is [{className}], which is no {typeof(Lease)}", nameof(path));
        object[] arguments = type.GetConstructor([typeof(LeaseSettings), typeof(ExtendedActorSystem)]) != null ? [settings, system] : [settings];
        return (Lease)Activator.CreateInstance(type, arguments)!;
    }
}
