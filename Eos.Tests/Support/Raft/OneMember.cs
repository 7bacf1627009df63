using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The rules of one member of three, alone: the test is its disk, its clock and the other two.</summary>
internal sealed class OneMember
{
    public static readonly MemberId Self = new("a:1"), Second = new("b:2"), Third = new("c:3");

    public OneMember(ulong keepEntries = 10) => State = RaftState.Start(
        Self, LeaderLoss.SettingsOf("default") with { KeepEntries = keepEntries }, default, null, LogView.Empty, null,
        [(LogIndex.None, Membership.Of([Self, Second, Third]))], LogIndex.None, TimeSpan.Zero, 1, Now);

    public RaftState State { get; private set; }

    public Instant Now { get; private set; } = new(1_000_000_000_000);

    public LogIndex Last => State.Log.Last.Index;

    public void Pass(TimeSpan time) => Now += time;

    public IReadOnlyList<Effect> Do(Func<Instant, IInput> input)
    {
        var step = RaftStep.Next(State, input(Now));
        State = step.State;
        return step.Effects;
    }

    public IReadOnlyList<Effect> Hears(MemberId from, IPeerMessage message) => Do(now => new Received(now, from, message));

    /// <summary>What it says to that message.</summary>
    public T Answers<T>(MemberId from, IPeerMessage message) where T : IPeerMessage =>
        Assert.Single(Hears(from, message).OfType<Send>().Where(e => e.To == from).Select(e => e.Message).OfType<T>());

    /// <summary>Its disk has all of its log.</summary>
    public void Store() => Do(now => new Stored(now, State.Log.Last));

    /// <summary>A follower has everything up to there.</summary>
    public IReadOnlyList<Effect> Has(MemberId follower, LogIndex upTo) => Hears(follower, new Appended(State.Term, upTo, Now));

    /// <summary>It follows a leader that has sent it entries, one in each batch.</summary>
    public void Follows(MemberId leader, Term term, LogPosition previous, int entries, LogIndex committed)
    {
        var batches = Enumerable.Range(1, entries).Select(i => RaftLogs.Batch(term.Value, previous.Index.Value + (ulong)i)).ToImmutableArray();
        Hears(leader, new Append(term, previous, batches, committed, Now));
        Store();
    }

    /// <summary>It is silent for long enough, and stands.</summary>
    public void Stands()
    {
        Pass(State.Settings.ElectionMax * 2);
        Do(now => new Tick(now));
        Hears(Second, new PreVote(State.Term.Next, Granted: true));
        Assert.Equal(RoleKind.Candidate, State.Role);
    }

    /// <summary>It is elected, and its marker is committed.</summary>
    public void Leads()
    {
        Stands();
        Hears(Second, new Vote(State.Term, Granted: true, Veto: false));
        Store();
        Has(Second, Last);
        Assert.Equal((RoleKind.Leader, Last), (State.Role, State.Committed));
    }

    /// <summary>As the leader: so many entries, which the second member has at once.</summary>
    public void Commits(int entries)
    {
        for (var i = 0; i < entries; i++) Do(now => new Propose(now, (ulong)i, 1, new byte[8]));
        Store();
        Has(Second, Last);
        Assert.Equal(Last, State.Committed);
    }

    /// <summary>A snapshot of all that is committed.</summary>
    public void Snapshots() => Do(now => new SnapshotMade(now, SnapshotOf(new LogPosition(State.Log.TermAt(State.Committed)!.Value, State.Committed))));

    public SnapshotInfo SnapshotOf(LogPosition position) => new(position, TimeSpan.Zero, State.Membership, 1000);
}
