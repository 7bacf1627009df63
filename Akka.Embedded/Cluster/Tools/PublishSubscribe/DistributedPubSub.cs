using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Makes the <see cref="DistributedPubSub"/> of a system.</summary>
public sealed class DistributedPubSubExtensionProvider : ExtensionIdProvider<DistributedPubSub>
{
    public override DistributedPubSub CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>Starts the mediator of this node.</summary>
public sealed class DistributedPubSub : IExtension
{
    private readonly Cluster cluster;
    private readonly DistributedPubSubSettings settings;

    public DistributedPubSub(ExtendedActorSystem system)
    {
        cluster = Cluster.Get(system);
        settings = DistributedPubSubSettings.Create(system);
        Mediator = IsTerminated
            ? system.DeadLetters
            : system.SystemActorOf(DistributedPubSubMediator.Props(settings), system.Settings.Config.GetString("akka.cluster.pub-sub.name"));
    }

    /// <summary>Takes subscriptions and what is to be published; dead letters if this node does not take part.</summary>
    public IActorRef Mediator { get; }

    /// <summary>Whether this node does not take part: it left the cluster, or has not the role.</summary>
    public bool IsTerminated => cluster.IsTerminated || (settings.Role != null && !cluster.SelfRoles.Contains(settings.Role));

    public static DistributedPubSub Get(ActorSystem system) => new DistributedPubSubExtensionProvider().Apply(system);

    /// <summary>Keys and defaults of <c>akka.cluster.pub-sub</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<DistributedPubSub>("cluster-tools.reference.conf");
}
