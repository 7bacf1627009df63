using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Keeping the registry the same on all nodes.</summary>
public sealed partial class DistributedPubSubMediator
{
    private void Changed(IEnumerable<Key> keys, IReadOnlyList<IActorRef> ended)
    {
        foreach (var actor in ended) Context.Unwatch(actor);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Become(keys.Aggregate(registry, (r, key) => r.Set(self, key, local.Of(key).Count > 0, now)));
        if (pushing || registry.VersionOf(self) == pushed) return;
        pushing = true;
        Self.Tell(Push.Instance);
    }

    /// <summary>Tells all nodes what has changed here; changes that were asked for together travel together.</summary>
    private void OnPush()
    {
        pushing = false;
        var own = registry with { Buckets = registry.Buckets.Where(b => b.Key.Equals(self)).ToImmutableDictionary() };
        while (own.DeltaFor(ImmutableDictionary<UniqueAddress, long>.Empty.Add(self, pushed), settings.MaxDeltaElements) is { IsEmpty: false } delta)
        {
            pushed = delta[0].Version;
            foreach (var other in others.Values) other.Tell(new RegistryDelta(delta));
        }
    }

    private void OnGossip()
    {
        registry = registry.Prune((long)settings.RemovedTimeToLive.TotalMilliseconds);
        if (others.Count > 0) others.Values.ElementAt(Random.Shared.Next(others.Count)).Tell(new RegistryStatus(registry.Versions, IsReply: false));
    }

    private void OnStatus(RegistryStatus m)
    {
        if (!others.Values.Any(o => o.Path.Address.Equals(Sender.Path.Address))) return;
        var delta = registry.DeltaFor(m.Versions, settings.MaxDeltaElements);
        if (!delta.IsEmpty) Sender.Tell(new RegistryDelta(delta));
        if (!m.IsReply && m.Versions.Any(v => v.Value > registry.VersionOf(v.Key)))
            Sender.Tell(new RegistryStatus(registry.Versions, IsReply: true));
    }

    private void OnMember(Member member)
    {
        var node = member.UniqueAddress;
        if (node.Equals(self) || (settings.Role != null && !member.HasRole(settings.Role))) return;
        if (member.Status is MemberStatus.Up or MemberStatus.WeaklyUp)
        {
            if (others.ContainsKey(node)) return;
            others[node] = ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(new RootActorPath(member.Address) / Self.Path.Elements);
            others[node].Tell(new RegistryStatus(registry.Versions, IsReply: false));
        }
        else if (member.Status is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed)
        {
            others.Remove(node);
            Become(registry.Forget(node));
        }
    }

    private void Become(Registry next)
    {
        if (ReferenceEquals(next, registry)) return;
        registry = next;
        groupsOf = null;
    }

    private sealed class GossipTick : INoSerializationVerificationNeeded
    {
        public static readonly GossipTick Instance = new();
    }

    private sealed class Push : INoSerializationVerificationNeeded
    {
        public static readonly Push Instance = new();
    }
}
