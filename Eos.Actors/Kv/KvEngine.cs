using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// The machine behind a Raft member. One thread owns machine and rows: it takes all that waits, applies the batches, then answers the questions whose
/// state is there. A question never waits behind a batch that it did not ask for longer than one round.
/// </summary>
public sealed partial class KvEngine : IStateMachine
{
    private const int BatchesPerRound = 64;
    private const long BytesPerRound = 1 << 20;

    private sealed record Batch(LogBatch What, IReadOnlyList<ISubmission>? Own);

    private sealed record Question(LogIndex At, TimeSpan LogTime, IReadOnlyList<IReading> Readings, Func<bool> Current, Action<IReadOnlyList<IReading>> Stale);

    private readonly object _gate = new();
    private readonly Queue<Batch> _batches = [];
    private readonly List<Question> _asked = [];
    private readonly Queue<Action> _orders = [];
    private bool _closing;

    private readonly IStateMachineOwner _owner;
    private readonly string _file;
    private readonly StateOrigin _origin;
    private readonly StateSettings _settings;
    private readonly StateErrands _errands;
    private readonly StateExport _export;
    private readonly StateImport _import;
    private readonly DigestRing _digests;
    private readonly Thread _thread;

    // the thread's own
    private readonly List<Batch> _round = [];
    private readonly List<Question> _waiting = [];
    private volatile StateFile _state;   // replaced while the errands are held
    private KvMachine _machine;
    private LogIndex _applied;

    private KvEngine(string file, StateOrigin origin, StateSettings settings, ulong digestInterval, IStateMachineOwner owner)
    {
        (_file, _origin, _settings, _owner, _digests) = (Path.GetFullPath(file), origin, settings, owner, new DigestRing(digestInterval));
        _errands = new StateErrands(ErrandFailed);
        _export = new StateExport(_file, origin.Cluster, settings, _errands, owner.Kept);
        _import = new StateImport(_file, origin.Cluster, settings);
        try
        {
            (_state, _machine, _applied) = OpenState();
            _export.Clean();
            _import.Clean(_applied);
        }
        catch
        {
            _errands.Dispose();
            throw;
        }
        Opened = _state.Sealed.Info();
        _thread = new Thread(Run) { IsBackground = true, Name = "kv-engine" };
        _thread.Start();
    }

    public SnapshotInfo Opened { get; }

    /// <summary>Opens the state in that file, or makes an empty one.</summary>
    /// <param name="initial">The members that found the group; what a file says itself counts more.</param>
    /// <param name="digestInterval">Members compare the digests after entries whose index is a multiple of this.</param>
    /// <exception cref="StateRefused">Torn, corrupt or foreign.</exception>
    public static KvEngine Open(string file, string cluster, Membership initial, StateSettings settings, ulong digestInterval, IStateMachineOwner owner) =>
        new(file, new StateOrigin(cluster, initial), settings, digestInterval, owner);

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

    public string? DigestAt(LogIndex index) => _digests.At(index);

    /// <summary>Ends after the round under way, with all that is applied in the file; what still waits is not answered.</summary>
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
            while (Take(out var orders))
            {
                foreach (var order in orders) order();
                foreach (var batch in _round) Apply(batch);
                if (_round.Count > 0) _owner.Applied(_applied);
                Answer();
                _state.Rest();
            }
            _errands.Dispose();
            _state.Close();
        }
        catch (Exception e)
        {
            _errands.Dispose();
            _state.Dispose();
            _owner.Failed(e is SqliteFailure failure ? StateRefused.Of(failure, _file) : e);
        }
    }

    /// <summary>Waits for work; false at the end.</summary>
    private bool Take(out Action[] orders)
    {
        _round.Clear();
        lock (_gate)
        {
            while (!_closing && _asked.Count == 0 && _orders.Count == 0 && (_batches.Count == 0 || _state.IsFull))
            {
                var idle = _state.Idle;
                if (idle == TimeSpan.Zero) break;
                if (idle is not { } time) Monitor.Wait(_gate);
                else if (!Monitor.Wait(_gate, (int)Math.Ceiling(time.TotalMilliseconds))) break;
            }
            for (var bytes = 0L; _orders.Count == 0 && !_state.IsFull && _round.Count < BatchesPerRound && bytes < BytesPerRound && _batches.TryDequeue(out var batch); bytes += batch.What.Payload.Length) _round.Add(batch);
            _waiting.AddRange(_asked);
            _asked.Clear();
            orders = [.. _orders];
            _orders.Clear();
            return !_closing;
        }
    }

    /// <summary>Something to be done between two rounds, on the thread that owns the state.</summary>
    private void Order(Action what)
    {
        lock (_gate)
        {
            _orders.Enqueue(what);
            Monitor.Pulse(_gate);
        }
    }

    private void Wake()
    {
        lock (_gate) Monitor.Pulse(_gate);
    }

    private void Apply(Batch batch)
    {
        var what = batch.What;
        if (what.First != _applied.Next) throw new InvalidOperationException($"batch {what.First} does not follow entry {_applied}");
        if (what.Kind == BatchKind.Commands) ApplyEntries(what, batch.Own);
        else _digests.Note(what.First, _machine.Mark.Digest);
        _applied = what.Last;
        _state.Seal(what);
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
        for (var i = 0; i < answers.Length; i++)
        {
            var asked = (KvReading)question.Readings[i];
            answers[i] = _machine.Answer(asked.Question, question.LogTime, asked.Room);
        }
        if (!question.Current())
        {
            question.Stale(question.Readings);
            return;
        }
        for (var i = 0; i < answers.Length; i++) question.Readings[i].Answered(answers[i]);
    }
}
