using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Host.Resp;

/// <summary>The replicated group as this node's member shows it.</summary>
/// <param name="machine">The member's state, for reads that need no leader.</param>
internal sealed class RaftGroup(IActorRef member, IStateMachine machine, RaftAdmin admin) : IGroup
{
    private volatile LeadershipChanged _leadership = new(default, null, MemberEndpoints.None, false);
    private volatile GroupView _view = new(false, null);

    public GroupView View => _view;

    /// <summary>Hears what entries publish, in the order of the entries.</summary>
    public Action<ImmutableArray<Publication>>? Published { get; set; }

    /// <summary>Who leads has changed.</summary>
    public void Learn(LeadershipChanged leadership)
    {
        _leadership = leadership;
        _view = new GroupView(leadership.Serves, leadership.Serves ? null : RedisOf(leadership.Leader));
    }

    public void Write(ImmutableArray<Request> requests, IGroupCall call) => Submit(new UserCommands(requests), call);

    public void Clear(ReadOnlyMemory<byte> from, ClearBounds most, IGroupCall call) => Submit(new ClearKeys(from, most.Rows, most.Bytes), call);

    public void Read(ImmutableArray<Request> requests, bool stale, IGroupQuestion call)
    {
        var reading = new KvReading(new UserReads(requests), fate => Tell(call, fate), call);
        if (stale) machine.Read(LogIndex.None, TimeSpan.Zero, [reading], static () => true, static _ => { });
        else member.Tell(new RaftNodeProtocol.Ask([reading]), ActorRefs.NoSender);
    }

    public Task<Reply> AdministerAsync(Request request, CancellationToken connection) => admin.RunAsync(request, connection);

    private void Submit(IEntry entry, IGroupCall call) => member.Tell(new Submit([new KvSubmission(entry, fate => Tell(call, fate))]), ActorRefs.NoSender);

    private void Tell(IGroupCall call, KvFate fate)
    {
        switch (fate)
        {
            case { Kind: KvFateKind.Done, Outcome: Outcome outcome }:
                if (!outcome.Published.IsEmpty) Published?.Invoke(outcome.Published);
                call.Done(outcome.Replies);
                break;
            case { Kind: KvFateKind.Done, Outcome: Replies replies }:
                call.Done(replies.Values);
                break;
            case { Kind: KvFateKind.Refused }:
                call.Refused(RedisOf(fate.Leader));
                break;
            default:
                call.Unknown();
                break;
        }
    }

    /// <summary>Null for this member itself: what it refused, nobody else takes.</summary>
    private string? RedisOf(MemberId? leader)
    {
        var known = _leadership;
        return leader is { } who && who == known.Leader && !known.Serves && known.Endpoints.Redis is { Length: > 0 } redis ? redis : null;
    }
}

/// <summary>Hears from the member who leads.</summary>
internal sealed class LeadershipListener : ReceiveActor
{
    private readonly IActorRef _member;

    public LeadershipListener(IActorRef member, Action<LeadershipChanged> heard)
    {
        _member = member;
        Receive<LeadershipChanged>(m => heard(m));
    }

    protected override void PreStart() => _member.Tell(new FollowLeadership());
}
