using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>Finds the persistence of an actor system: <c>Persistence.Instance.Apply(system)</c>.</summary>
public sealed class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    private Persistence()
    {
    }

    public static Persistence Instance { get; } = new();

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);

    /// <summary>The keys of `akka.persistence` with their defaults.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource("persistence.reference.conf", typeof(Persistence).Assembly);
}
