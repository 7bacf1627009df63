using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

internal sealed partial class ClusterCore
{
    /// <summary>How long a tombstone is kept.</summary>
    private static readonly TimeSpan TombstoneAge = TimeSpan.FromHours(24);

    private int _unconverged;
    private long _lastReap;
    private bool _waited;
    private bool _leaving;

    private void AsMember(object message)
    {
        switch (message)
        {
            case GossipEnvelope x:
                Hear(x);
                break;
            case GossipStatus x:
                Compare(x);
                break;
            case GossipTick or Hurry:
                Spread();
                break;
            case LeaderTick:
                Lead();
                break;
            case ReaperTick:
                Reap();
                break;
            case InitJoin:
                Sender.Tell(new InitJoinAck(_cluster.SelfAddress));
                break;
            case Join x:
                Admit(x.Node, x.Roles);
                break;
            case Leave x:
                Update(MembershipRules.Leave(_state, x.Address));
                break;
            case Down x:
                DownMember(x.Address);
                break;
            case ExitingConfirmed x when _state.Gossip.Find(x.Node)?.Status == MemberStatus.Exiting:
                _state = _state with { ExitingConfirmed = _state.ExitingConfirmed.Add(x.Node) };
                break;
            case ExitingCompleted:
                Confirm();
                break;
            case QuarantinedEvent x:
                Terminated(x);
                break;
        }
    }

    private void Admit(UniqueAddress node, ImmutableHashSet<string> roles)
    {
        if (node.Address.Protocol != _cluster.SelfAddress.Protocol || node.Address.System != _cluster.SelfAddress.System)
        {
            _log.Warning("Cluster Node [{0}] - [{1}] of another system or protocol tried to join: ignored", _cluster.SelfAddress, node.Address);
            return;
        }
        if (_state.SelfMember?.Status is MemberStatus.Down or MemberStatus.Exiting)
        {
            if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Does not let [{1}] join, as it is going itself", _cluster.SelfAddress, node.Address);
            return;
        }
        var (next, verdict) = MembershipRules.Join(_state, node, roles);
        if (verdict == Admission.Admitted) _cluster.FailureDetector.Remove(node.Address);
        if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Node [{1}#{2}] is joining, roles [{3}]: {4}", _cluster.SelfAddress, node.Address, node.Uid, string.Join(", ", roles), verdict);
        Update(next);
        if (node == SelfNode) Lead();
        else if (verdict is Admission.Admitted or Admission.Known) Sender.Tell(new Welcome(SelfNode, _state.Gossip));
        else Lead();
    }

    private void DownMember(Address address)
    {
        if (_state.Gossip.Members.FirstOrDefault(m => m.Address.Equals(address)) is not { } member)
        {
            if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Ignoring down of unknown node [{1}]", _cluster.SelfAddress, address);
            return;
        }
        if (member.Status == MemberStatus.Down) return;
        if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Marking node [{1}] as Down", _cluster.SelfAddress, member);
        Update(MembershipRules.Down(_state, member.UniqueAddress));
        Spread();
        if (member.UniqueAddress == SelfNode) Lead();
    }

    /// <summary>Remoting has given up an incarnation that is still a member.</summary>
    private void Terminated(QuarantinedEvent x)
    {
        var node = new UniqueAddress(x.Address, x.Uid);
        if (_state.Gossip.Find(node) is not { } member) return;
        _log.Warning("Cluster Node [{0}] - Marking node as Terminated: [{1}], was quarantined", _cluster.SelfAddress, member);
        Update(_state.Change(_state.Gossip with { Reachability = _state.Gossip.Reachability.Terminated(SelfNode, node) }));
    }

    private void Reap()
    {
        var now = Environment.TickCount64;
        var late = _lastReap != 0 && now - _lastReap > 2 * _settings.UnreachableNodesReaperInterval.TotalMilliseconds + _settings.HeartbeatInterval.TotalMilliseconds;
        _lastReap = now;
        // a node that was itself asleep reads its mail before it judges others; one that is always late judges every other time
        if (_waited = late && !_waited) return;
        var before = _state.UnreachableMembers;
        Update(MembershipRules.Reap(_state, _cluster.FailureDetector.IsAvailable));
        foreach (var member in _state.UnreachableMembers.Except(before))
        {
            _log.Warning("Cluster Node [{0}] - Marking node as UNREACHABLE [{1}]", _cluster.SelfAddress, member);
        }
        foreach (var member in before.Except(_state.UnreachableMembers))
        {
            if (_settings.LogInfo) _log.Info("Cluster Node [{0}] - Marking node as REACHABLE [{1}]", _cluster.SelfAddress, member);
        }
    }

    private void Lead()
    {
        if (_state.SelfMember is not { } self) return;
        if (!_state.IsLeader || _state.IsConverged) _unconverged = 0;
        if (_state.IsLeader && self.Status is not (MemberStatus.Down or MemberStatus.Exiting))
        {
            var before = _state.Gossip;
            Update(_state.IsConverged ? MembershipRules.Lead(_state, _quota, Now())
                : ++_unconverged * _settings.LeaderActionsInterval >= _settings.WeaklyUpAfter && _settings.AllowWeaklyUpMembers ? MembershipRules.LetWork(_state, _quota)
                : _state);
            if (!ReferenceEquals(before, _state.Gossip))
            {
                LogMoves(before, _state.Gossip);
                Spread();
            }
        }
        _state = _state with { Gossip = _state.Gossip.PruneTombstones(Now() - (long)TombstoneAge.TotalMilliseconds) };
        if (_state.SelfMember?.Status == MemberStatus.Down) GoDown();
    }

    private void LogMoves(Gossip before, Gossip after)
    {
        if (!_settings.LogInfo) return;
        foreach (var gone in before.Members.Where(m => !after.Has(m.UniqueAddress)))
        {
            _log.Info("Cluster Node [{0}] - Leader is removing [{1}]", _cluster.SelfAddress, gone);
        }
        foreach (var moved in after.Members.Where(m => before.Find(m.UniqueAddress)?.Status != m.Status))
        {
            _log.Info("Cluster Node [{0}] - Leader is moving node [{1}] to [{2}]", _cluster.SelfAddress, moved.Address, moved.Status);
        }
    }

    /// <summary>Unix time in milliseconds.</summary>
    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
