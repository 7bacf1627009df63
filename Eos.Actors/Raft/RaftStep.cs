using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>One member of a Raft group, as a function: everything that it decides, and nothing that it does.</summary>
public static class RaftStep
{
    /// <summary>The state after an input, and what to do about it, in order of durability. Throws where an invariant is broken: the member must die rather than diverge.</summary>
    public static Step Next(RaftState s, IInput input) => input switch
    {
        Tick m => s.Role == RoleKind.Leader ? Replication.OnTick(s, m.Now) : Election.OnTick(s, m.Now),
        Received m => OnMessage(s, m),
        Propose m => Replication.OnPropose(s, m),
        AskRead m => Lease.OnAskRead(s, m),
        Stored m => Follower.OnStored(s, m, m.Now),
        Applied m => Step.Of(s with { AppliedUpTo = LogIndex.Max(s.AppliedUpTo, m.UpTo) }),
        DiskFails m => s.Role == RoleKind.Leader ? Election.StepDown(s with { DiskBroken = true }, m.Now) : Step.Of(s with { DiskBroken = true }),
        DiskWorks => Step.Of(s with { DiskBroken = false }),
        ChangeMembership m => Members.OnChange(s, m),
        Transfer m => Succession.OnTransfer(s, m),
        Retire m => Succession.OnRetire(s, m),
        SnapshotMade m => Snapshots.OnMade(s, m),
        SnapshotReplaced m => Snapshots.OnReplaced(s, m),
        AttemptCoup m => Succession.OnCoup(s, m),
        SnapshotInstalled m => Snapshots.OnInstalled(s, m),
        LogRead m => Replication.OnLogRead(s, m),
        _ => throw new InvalidOperationException($"no rule for {input.GetType().Name}"),
    };

    private static Step OnMessage(RaftState s, Received r) => r.Message switch
    {
        AskPreVote m => Election.OnAskPreVote(s, r.From, m, r.Now),
        PreVote m => Election.OnPreVote(s, r.From, m, r.Now),
        AskVote m => Election.OnAskVote(s, r.From, m, r.Now),
        Vote m => Election.OnVote(s, r.From, m, r.Now),
        Append m => Follower.OnAppend(s, r.From, m, r.Now),
        Heartbeat m => Follower.OnHeartbeat(s, r.From, m, r.Now),
        Appended m => Election.Adopt(s, m.Term, r.Now).Then(x => Replication.OnAppended(x, r.From, m, r.Now)),
        Rejected m => Election.Adopt(s, m.Term, r.Now).Then(x => Replication.OnRejected(x, r.From, m, r.Now)),
        Alive m => Election.Adopt(s, m.Term, r.Now).Then(x => Replication.OnAlive(x, r.From, m, r.Now)),
        SnapshotChunk m => Snapshots.OnChunk(s, r.From, m, r.Now),
        SnapshotProgress m => Election.Adopt(s, m.Term, r.Now).Then(x => Snapshots.OnProgress(x, r.From, m, r.Now)),
        StandNow m => Election.OnStandNow(s, r.From, m, r.Now),
        AskTransfer m => Succession.OnAskTransfer(s, r.From, m, r.Now),
        _ => throw new InvalidOperationException($"no rule for {r.Message.GetType().Name}"),
    };
}
