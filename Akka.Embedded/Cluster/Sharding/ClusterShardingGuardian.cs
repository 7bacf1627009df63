using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Parent of regions, proxies and coordinators' singleton managers of one node.</summary>
internal sealed class ClusterShardingGuardian : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not StartChildren start) return;
        foreach (var (name, props) in start.Children)
            if (Context.Child(name).IsNobody()) Context.ActorOf(props, name);
        Sender.Tell(Context.Child(start.Children[^1].Name));
    }

    /// <summary>Asks for children, in order; those that run already stay. The answer is the last one.</summary>
    internal sealed record StartChildren(params (string Name, Props Props)[] Children) : INoSerializationVerificationNeeded;
}
