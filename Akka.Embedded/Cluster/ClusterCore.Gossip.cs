using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    /// <summary>How many are told the last view of a node that goes.</summary>
    private const int LastWords = 5;

    /// <summary>How many rounds of the leader's a downed node waits to be heard.</summary>
    private const int LongestDown = 4;

    private int _downRounds;

    private void Update(Membership next)
    {
        if (ReferenceEquals(next, _state)) return;
        var before = _state;
        _state = next;
        if (ReferenceEquals(before.Gossip, next.Gossip)) return;
        _publisher.Tell(new ShowView(next), Self);
        if (next.SelfMember?.Status == MemberStatus.Exiting) StartLeaving();
        else if (next.SelfMember?.Status == MemberStatus.Down && before.SelfMember?.Status != MemberStatus.Down) Self.Tell(LeaderTick.Instance);
    }

    private void Hear(GossipEnvelope x)
    {
        if (x.To != SelfNode || !x.Gossip.Has(SelfNode) || !_state.IsPeer(x.From)) return;
        var known = _state.Gossip;
        var (next, changed, talkBack) = MembershipRules.Receive(_state, x.Gossip);
        if (changed)
        {
            // a new incarnation at a known address starts with a clean record
            foreach (var member in next.Gossip.Members.Where(m => m.Status == MemberStatus.Joining && !known.Has(m.UniqueAddress)))
            {
                _cluster.FailureDetector.Remove(member.Address);
            }
            Update(next);
        }
        if (talkBack) Tell(x.From);
    }

    private void Compare(GossipStatus x)
    {
        if (!_state.IsPeer(x.From)) return;
        var order = x.Version.CompareTo(_state.Gossip.Version);
        if (order == Ordering.After) Status(x.From);
        else if (order != Ordering.Same || x.SeenDigest != Digest(_state.Gossip)) Tell(x.From);
    }

    private void Spread()
    {
        var peers = _state.Peers.Select(m => m.UniqueAddress).ToList();
        if (peers.Count == 0) return;
        var unaware = peers.FindAll(p => !_state.Gossip.SeenBy(p));
        var from = unaware.Count > 0 && _random.NextDouble() < DifferentViewProbability() ? unaware : peers;
        var peer = from[_random.Next(from.Count)];
        if (_state.Gossip.SeenBy(peer)) Status(peer);
        else Tell(peer);
        if (_state.Gossip.Seen.Count < _state.Gossip.Members.Count / 2)
        {
            // most do not know yet: hurry
            Timers.StartSingleTimer("hurry-1", Hurry.Instance, _settings.GossipInterval / 3);
            Timers.StartSingleTimer("hurry-2", Hurry.Instance, _settings.GossipInterval * 2 / 3);
        }
    }

    private double DifferentViewProbability()
    {
        var low = _settings.ReduceGossipDifferentViewProbability;
        var (size, full) = (_state.Gossip.Members.Count, _settings.GossipDifferentViewProbability);
        if (size <= low) return full;
        var least = full / 10;
        return size >= low * 3 ? least : full - (full - least) * (size - low) / (low * 2.0);
    }

    private void Tell(UniqueAddress node)
    {
        if (_state.IsPeer(node)) Peer(node.Address).Tell(new GossipEnvelope(SelfNode, node, _state.Gossip), Self);
    }

    private void Status(UniqueAddress node) =>
        Peer(node.Address).Tell(new GossipStatus(SelfNode, _state.Gossip.Version, Digest(_state.Gossip)), Self);

    private void TellSome()
    {
        foreach (var peer in _state.Peers.Where(p => p.Status != MemberStatus.Down).OrderBy(_ => _random.Next()).Take(LastWords)) Tell(peer.UniqueAddress);
    }

    /// <summary>Everybody knows that this node leaves: it hands over what it holds.</summary>
    private void StartLeaving()
    {
        if (_leaving) return;
        _leaving = true;
        if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Exiting, starting coordinated shutdown", _cluster.SelfAddress);
        _exiting.TrySetResult();
        _ = CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    /// <summary>It has handed over; the others need not wait for it any more.</summary>
    private void Confirm()
    {
        var sender = Sender;
        TellSome();
        foreach (var peer in _state.Peers.Where(m => m.Status is MemberStatus.Up or MemberStatus.Leaving))
        {
            Peer(peer.Address).Tell(new ExitingConfirmed(SelfNode), Self);
        }
        sender.Tell(Done.Instance);
    }

    /// <summary>A downed node goes as soon as those that it can reach know that it is, or do not answer for a few rounds.</summary>
    private void GoDown()
    {
        var missed = _state.Gossip.Reachability.AllUnreachableOrTerminated;
        var waiting = _state.Gossip.Members.Where(m => m.UniqueAddress != SelfNode && m.Status != MemberStatus.Down)
            .Any(m => !missed.Contains(m.UniqueAddress) && !_state.Gossip.SeenBy(m.UniqueAddress));
        if (waiting && _downRounds++ < LongestDown) return;
        _log.Warning("Cluster Node [{0}] - Node has been marked as DOWN. Shutting down myself", _cluster.SelfAddress);
        TellSome();
        _cluster.Shutdown();
    }

    /// <summary>The same on all nodes for the same set.</summary>
    private static int Digest(Gossip gossip)
    {
        var sum = 0;
        foreach (var node in gossip.Seen) sum = unchecked(sum + (node.Uid * 397 ^ (node.Address.Port ?? 0)));
        return sum;
    }

    private sealed class Hurry
    {
        public static readonly Hurry Instance = new();
    }
}
