using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Configuration;
using Eos.Gateway;
using Settings = Eos.Kernel.Settings;

namespace Eos.Client;

/// <summary>
/// The way to an instance from outside: the cluster client finds a node that answers, and another when that one falls silent.
/// The caller's system is no member of the cluster and needs no listening port.
/// </summary>
public static class ClusterLink
{
    /// <summary>A link from an actor system that is there already; its configuration must contain <see cref="Configuration"/>.</summary>
    /// <param name="endpoints">`host:port` of the remoting of some nodes; the others are learnt from them.</param>
    public static GatewayLink To(ActorSystem system, IEnumerable<string> endpoints) => Open(system, endpoints, () => ValueTask.CompletedTask);

    /// <summary>A link with an actor system of its own, which ends with the link. It connects when first asked, and goes on trying.</summary>
    /// <param name="keytab">File with the client key; null: no key.</param>
    public static GatewayLink To(IEnumerable<string> endpoints, string? keytab)
    {
        var system = ActorSystem.Create("eos-client", Configuration(keytab));
        return Open(system, endpoints, async () => await system.Terminate());
    }

    /// <summary>What a client's system needs: client.conf, the messages of Eos, and the client's key.</summary>
    public static Config Configuration(string? keytab) =>
        (keytab is null ? Config.Empty : Keytab.ReadForClient(keytab))
        .WithFallback(Settings.Embedded("client.conf"))
        .WithFallback(EosSerializer.Bindings);

    private static GatewayLink Open(ActorSystem system, IEnumerable<string> endpoints, Func<ValueTask> atEnd)
    {
        var settings = new Settings(system.Settings.Config, "eos.client");
        var name = settings.Text("system");
        var contacts = endpoints.Select(e => ActorPath.Parse($"akka.tcp://{name}@{e}/system/receptionist")).ToImmutableHashSet();
        var clientSettings = ClusterClientSettings.Create(system).WithInitialContacts(contacts);
        return GatewayLink.By(system, ClientSettings.From(settings), context =>
        {
            var client = context.ActorOf(ClusterClient.Props(clientSettings), "cluster");
            return (message, self) => client.Tell(new ClusterClient.Send(GatewayProtocol.Path, message, localAffinity: true), self);
        }, atEnd);
    }
}
