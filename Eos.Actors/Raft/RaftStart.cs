using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>What a member starts from: its log and its state, which must fit together.</summary>
public static class RaftStart
{
    /// <summary>Who founds the group, by a member's own settings; nobody where it waits to be added.</summary>
    public static Membership Founders(MemberId self, ImmutableArray<MemberId> members) =>
        members.IsEmpty ? Membership.Of([self]) : members.Contains(self) ? Membership.Of(members) : Membership.Of([]);

    /// <summary>The state of a member that starts.</summary>
    /// <param name="folder">Where the two files are, for messages.</param>
    /// <exception cref="RaftLogRefused">One of the files is older than it was, or they are of different members.</exception>
    public static RaftState Of(
        MemberId self, RaftSettings settings, RaftLogContents log, SnapshotInfo opened, Membership founders, ulong seed, Instant now, string folder)
    {
        Compare(log, opened.Position, folder);
        var view = log.View.StartAfter(opened.Position.Index > log.View.Last.Index ? opened.Position : LogPosition.Start);
        var known = opened.Position.Index > LogIndex.None;
        var memberships = ImmutableArray.Create(known ? (opened.Position.Index, opened.Membership) : (LogIndex.None, founders))
            .AddRange(log.Memberships.Where(m => m.At > opened.Position.Index && m.At <= view.Last.Index));
        var logTime = opened.LogTime > log.LogTime ? opened.LogTime : log.LogTime;
        return RaftState.Start(self, settings, log.Term, log.Vote, view, known ? opened : null, memberships, opened.Position.Index, logTime, seed, now);
    }

    /// <summary>The state goes no further than the log, unless it was replaced by a snapshot just before a crash; the log begins no later than the state ends.</summary>
    /// <exception cref="RaftLogRefused"/>
    internal static void Compare(RaftLogContents log, LogPosition state, string folder)
    {
        var view = log.View;
        if (state.Index > view.Last.Index && log.Expected != state)
            throw Refused($"the state has applied entry {state.Index}, but the log ends at {view.Last.Index}: the log has lost entries that this member acknowledged");
        if (state.Index < view.Base.Index)
            throw Refused($"the state ends at entry {state.Index}, but the log begins after {view.Base.Index}: the state has lost what was applied");
        if (state.Index <= view.Last.Index && !view.Has(state))
            throw Refused($"entry {state.Index} of the state is of term {state.Term}, that of the log is of term {view.TermAt(state.Index)}: the two are not of one member");

        RaftLogRefused Refused(string what) => new(
            $"the Raft log {Path.Combine(folder, "log.db")} and the state {Path.Combine(folder, "state.db")}", $"do not fit together: {what}",
            ". Bring the right files back, or move both away, remove the member from the group (raft-remove-member) and add it anew (raft-add-observer); "
            + "it then gets everything from the others");
    }
}
