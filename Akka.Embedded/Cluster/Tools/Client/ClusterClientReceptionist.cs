using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

using Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Makes the <see cref="ClusterClientReceptionist"/> of a system.</summary>
public sealed class ClusterClientReceptionistExtensionProvider : ExtensionIdProvider<ClusterClientReceptionist>
{
    public override ClusterClientReceptionist CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Starts the receptionist of this node and registers what clients may reach.</summary>
public sealed class ClusterClientReceptionist : IExtension
{
    private readonly ExtendedActorSystem system;
    private readonly Cluster cluster;
    private readonly string? role;

    public ClusterClientReceptionist(ExtendedActorSystem system)
    {
        this.system = system;
        cluster = Cluster.Get(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.client.receptionist");
        var settings = ClusterReceptionistSettings.Create(config);
        role = settings.Role;
        Underlying = IsTerminated
            ? system.DeadLetters
            : system.SystemActorOf(ClusterReceptionist.Props(Mediator, settings), config.GetString("name"));
    }

    /// <summary>Whether this node takes no clients: it left the cluster, or has not the role.</summary>
    public bool IsTerminated => cluster.IsTerminated || (role != null && !cluster.SelfRoles.Contains(role));

    /// <summary>The receptionist itself; it answers <see cref="SubscribeClusterClients"/> and <see cref="GetClusterClients"/>.</summary>
    public IActorRef Underlying { get; }

    private IActorRef Mediator => DistributedPubSub.Get(system).Mediator;

    public static ClusterClientReceptionist Get(ActorSystem system) => new ClusterClientReceptionistExtensionProvider().Apply(system);

    /// <summary>Keys and defaults of <c>akka.cluster.client</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterClientReceptionist>("cluster-client.reference.conf");

    /// <summary>Clients may send to the actor, under its path without address.</summary>
    public void RegisterService(IActorRef actor) => Mediator.Tell(new Put(actor));

    public void UnregisterService(IActorRef actor) => Mediator.Tell(new Remove(actor.Path.ToStringWithoutAddress()));

    /// <summary>What clients publish to the topic reaches the actor.</summary>
    public void RegisterSubscriber(string topic, IActorRef actor) => Mediator.Tell(new Subscribe(topic, actor));

    public void UnregisterSubscriber(string topic, IActorRef actor) => Mediator.Tell(new Unsubscribe(topic, actor));
}
