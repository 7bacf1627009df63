using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The five properties of the paper's Figure 3, checked after every step, and that at most one member believes in a read lease.</summary>
internal sealed class Safety(World world)
{
    private readonly Dictionary<Term, MemberId> _leaders = [];
    private readonly Dictionary<(LogIndex First, Term Term), (LogPosition Previous, LogBatch Batch)> _batches = [];
    private readonly SortedDictionary<ulong, LogPosition> _committed = [];

    /// <summary>The term in which each was committed first: only leaders of later terms must have it.</summary>
    private readonly Dictionary<ulong, Term> _committedIn = [];
    private readonly Dictionary<ulong, LogBatch> _applied = [];
    private readonly Dictionary<MemberId, LogIndex> _seenCommit = [];

    public long Steps { get; private set; }

    public void Booted(SimMember m) => _seenCommit[m.Id] = m.State.Committed;

    /// <summary>A term that reached neither the member's disk nor anybody else has not been: it may lead the same term again, with other entries.</summary>
    public void Crashed(SimMember m, Term onDisk)
    {
        var term = m.State.Term;
        if (term == onDisk || world.Members.Any(x => x != m && x.State.Term >= term)) return;
        _leaders.Remove(term);
        foreach (var written in _batches.Keys.Where(b => b.Term == term).ToList()) _batches.Remove(written);
    }

    public void Stepped(SimMember m, RaftState before)
    {
        Steps++;
        var s = m.State;
        if (s.Role == RoleKind.Leader)
        {
            if (_leaders.TryGetValue(s.Term, out var other) && other != s.Self) throw new Violation($"election safety: {other} and {s.Self} both lead term {s.Term}");
            if (!_leaders.ContainsKey(s.Term))
            {
                _leaders[s.Term] = s.Self;
                foreach (var position in _committed.Values)
                    if (_committedIn[position.Index.Value] < s.Term && position.Index > s.Log.Base.Index && !s.Log.Has(position))
                        throw new Violation($"leader completeness: {s.Self} leads term {s.Term} without committed {position}");
            }
            if (before.Role == RoleKind.Leader && before.Term == s.Term && s.Log.Last.Index < before.Log.Last.Index)
                throw new Violation($"leader append-only: {s.Self} cut its own log in term {s.Term}");
        }
        if (!ReferenceEquals(before.Log, s.Log)) Matching(s);
        if (s.Committed > _seenCommit.GetValueOrDefault(m.Id)) Committed(m, s);
        if (s.Role == RoleKind.Leader && world.Members.Count(x => x is { Up: true, State.Role: RoleKind.Leader }) > 1) OneLease();
    }

    private void Matching(RaftState s)
    {
        for (var i = s.Log.Tail.Count - 1; i >= 0; i--)
        {
            var batch = s.Log.Tail[i];
            var before = batch.First.Previous;
            if (before < s.Log.Base.Index || s.Log.TermAt(before) is not { } term) return;
            var previous = new LogPosition(term, before);
            if (!_batches.TryGetValue((batch.First, batch.Term), out var known))
            {
                _batches[(batch.First, batch.Term)] = (previous, batch);
                continue;
            }
            if (known.Previous != previous || known.Batch.Count != batch.Count || !known.Batch.Payload.Span.SequenceEqual(batch.Payload.Span))
                throw new Violation($"log matching: {batch.Kind} at {batch.First} of term {batch.Term} after {previous} in the log of {s.Self}, {known.Batch.Kind} after {known.Previous} in another");
            return;
        }
    }

    private void Committed(SimMember m, RaftState s)
    {
        _seenCommit[m.Id] = s.Committed;
        if (s.Committed <= s.Log.Base.Index || s.Log.TermAt(s.Committed) is not { } term) return;
        var position = new LogPosition(term, s.Committed);
        if (_committed.TryGetValue(s.Committed.Value, out var known) && known != position)
            throw new Violation($"state machine safety: {s.Self} commits {position}, others {known}");
        _committed[s.Committed.Value] = position;
        _committedIn.TryAdd(s.Committed.Value, s.Term);
    }

    public void Applied(SimMember m, LogBatch batch)
    {
        if (_applied.TryGetValue(batch.First.Value, out var known) && (known.Term != batch.Term || known.Count != batch.Count))
            throw new Violation($"state machine safety: {m.Id} applies {batch.Position} where others applied {known.Position}");
        _applied[batch.First.Value] = batch;
    }

    public void Installed(SimMember m, SnapshotInfo snapshot)
    {
        if (_committed.TryGetValue(snapshot.Position.Index.Value, out var known) && known != snapshot.Position)
            throw new Violation($"{m.Id} installs a snapshot of {snapshot.Position}, committed is {known}");
    }

    private void OneLease()
    {
        var holders = world.Members.Where(m => m.Up && world.Rules.Holds(m.State, m.Now)).Select(m => m.Id).ToList();
        if (holders.Count > 1) throw new Violation($"lease exclusivity: {string.Join(" and ", holders)} believe they may read alone");
    }
}
