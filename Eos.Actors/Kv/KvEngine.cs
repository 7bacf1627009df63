using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// The machine behind a Raft member. One thread owns machine and rows: it takes all that waits, applies the batches, then answers the questions whose
/// state is there. A question never waits behind a batch that it did not ask for longer than one round.
/// </summary>
public sealed class KvEngine : IStateMachine
{
    private const int BatchesPerRound = 64;

    private sealed record Batch(LogBatch What, IReadOnlyList<ISubmission>? Own);

    private sealed record Question(LogIndex At, TimeSpan LogTime, IReadOnlyList<IReading> Readings, Func<bool> Current, Action<IReadOnlyList<IReading>> Stale);

    private readonly object _gate = new();
    private readonly Queue<Batch> _batches = [];
    private List<Question> _asked = [];
    private bool _closing;

    private readonly IStateMachineOwner _owner;
    private readonly DigestRing _digests;
    private readonly Thread _thread;

    // the thread's own
    private readonly List<Batch> _round = [];
    private readonly List<Question> _waiting = [];
    private KvMachine _machine;
    private LogIndex _applied;

    private KvEngine(IKvStore store, SnapshotInfo opened, ulong digestInterval, IStateMachineOwner owner)
    {
        (_owner, Opened, _applied, _machine) = (owner, opened, opened.Position.Index, new KvMachine(store));
        _digests = new DigestRing(digestInterval);
        _thread = new Thread(Run) { IsBackground = true, Name = "kv-engine" };
        _thread.Start();
    }

    public SnapshotInfo Opened { get; }

    /// <summary>A state that is gone with the process.</summary>
    /// <param name="initial">The members that found the group.</param>
    public static KvEngine InMemory(Membership initial, ulong digestInterval, IStateMachineOwner owner) =>
        new(new MemoryStore(), new SnapshotInfo(LogPosition.Start, TimeSpan.Zero, initial, 0), digestInterval, owner);

    public void Apply(LogBatch batch, IReadOnlyList<ISubmission>? own)
    {
        lock (_gate)
        {
            _batches.Enqueue(new Batch(batch, own));
            Monitor.Pulse(_gate);
        }
    }

    public void Read(LogIndex at, TimeSpan logTime, IReadOnlyList<IReading> readings, Func<bool> current, Action<IReadOnlyList<IReading>> stale)
    {
        lock (_gate)
        {
            _asked.Add(new Question(at, logTime, readings, current, stale));
            Monitor.Pulse(_gate);
        }
    }

    public void Export(SnapshotInfo snapshot, ulong offset, int maxBytes, Action<SnapshotPiece> found) =>
        throw new NotSupportedException("a state in memory makes no snapshots");

    public void Import(SnapshotChunk piece, Action<ulong, bool> kept) =>
        throw new NotSupportedException("a state in memory takes no snapshots");

    public string? DigestAt(LogIndex index) => _digests.At(index);

    /// <summary>Ends after the round under way; what still waits is not answered.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        if (Thread.CurrentThread != _thread) _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (Take())
            {
                foreach (var batch in _round) Apply(batch);
                if (_round.Count > 0) _owner.Applied(_applied);
                Answer();
            }
        }
        catch (Exception e)
        {
            _owner.Failed(e);
        }
    }

    /// <summary>Waits for work; false at the end.</summary>
    private bool Take()
    {
        _round.Clear();
        lock (_gate)
        {
            while (!_closing && _batches.Count == 0 && _asked.Count == 0) Monitor.Wait(_gate);
            while (_round.Count < BatchesPerRound && _batches.TryDequeue(out var batch)) _round.Add(batch);
            _waiting.AddRange(_asked);
            _asked.Clear();
            return !_closing;
        }
    }

    private void Apply(Batch batch)
    {
        var what = batch.What;
        if (what.First != _applied.Next) throw new InvalidOperationException($"batch {what.First} does not follow entry {_applied}");
        if (what.Kind == BatchKind.Commands) ApplyEntries(what, batch.Own);
        else _digests.Note(what.First, _machine.Mark.Digest);
        _applied = what.Last;
    }

    private void ApplyEntries(LogBatch batch, IReadOnlyList<ISubmission>? own)
    {
        var (index, payload, count) = (batch.First, batch.Payload, 0);
        for (; EntryFrames.TryRead(ref payload, out var bytes); count++, index = index.Next)
        {
            var submission = own?[count];
            var entry = submission is KvSubmission mine ? mine.Asked : KvWire.DecodeEntry(bytes);
            var outcome = _machine.Apply(index, batch.LogTime, entry);
            _digests.Note(index, _machine.Mark.Digest);
            submission?.Applied(outcome);
        }
        if (count != batch.Count) throw new InvalidDataException($"batch {batch.First} holds {count} entries instead of {batch.Count}");
    }

    private void Answer()
    {
        if (_waiting.Count == 0) return;
        foreach (var question in _waiting)
            if (question.At <= _applied) Answer(question);
        _waiting.RemoveAll(q => q.At <= _applied);
    }

    /// <summary>All values first, then one look at whether they still count.</summary>
    private void Answer(Question question)
    {
        var answers = new object[question.Readings.Count];
        for (var i = 0; i < answers.Length; i++) answers[i] = Answer(((KvReading)question.Readings[i]).Question, question.LogTime);
        if (!question.Current())
        {
            question.Stale(question.Readings);
            return;
        }
        for (var i = 0; i < answers.Length; i++) question.Readings[i].Answered(answers[i]);
    }

    private SystemProtocol.IAnswer Answer(IQuestion question, TimeSpan logTime) => question switch
    {
        UserReads x => new Replies(_machine.Read(x.Requests, logTime)),
        _ => throw new InvalidOperationException($"no rule for {question.GetType().Name}"),
    };
}
