using System.Diagnostics;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>Whose state it is.</summary>
/// <param name="Founders">The members that found the group; what a file says itself counts more.</param>
internal sealed record StateOrigin(string Cluster, Membership Founders);

/// <summary>What a state tells.</summary>
/// <param name="Kept">On stable storage up to there; on the writer's thread.</param>
/// <param name="Wake">On the writer's thread: <see cref="StateFile.Rest"/> has something to do.</param>
/// <param name="Owner">Told of the disk's trouble.</param>
internal sealed record StateFileEvents(Action<StateMark> Kept, Action Wake, IStateMachineOwner Owner);

/// <summary>
/// Rows in a SQLite file, written behind. All changes are in memory first; whole batches of them go to the file together with the mark that they lead to, each row
/// once however often it changed. Reads see memory, then the file. Used by one thread, which says when a batch is whole (<see cref="Seal"/>) and when it
/// pauses (<see cref="Rest"/>); the writing is done by a <see cref="StateWriter"/>.
/// </summary>
internal sealed class StateFile : IKvStore, IDisposable
{
    private readonly string _file;
    private readonly StateSettings _settings;
    private readonly Action<StateMark> _kept;
    private readonly Action _wake;
    private readonly List<(LogIndex UpTo, Action Done)> _awaited = [];
    private readonly StateReader _reader;
    private readonly StateRows _rows;

    private StateFlush? _writing;
    private StateFlush? _done;   // set by the writer
    private StateMark _sealed;
    private StateMark _written;
    private StateMark? _keeping;
    private StateMark? _safe;   // set by the writer
    private Replay _behind;          // sealed since the flush under way
    private Replay _writingBehind;   // of the flush under way
    private long _changes;           // since the last seal
    private long _bytesSinceKept;
    private long _keptAt = Stopwatch.GetTimestamp();
    private long _sealedAt;

    private StateFile(SqliteFile db, StateOrigin origin, StateSettings settings, StateFileEvents events)
    {
        (_file, _settings, _kept, _wake) = (db.Path, settings, events.Kept, events.Wake);
        _sealed = _written = StateMark.Load(db);
        Mark = _sealed.Machine;
        _reader = new StateReader(StateDatabase.OpenReader(db.Path, settings, settings.PageCacheBytes));
        _rows = new StateRows(_reader, settings.CacheBytes) { FileIsEmpty = Mark.Digest.Rows == 0 };
        var writerEvents = new StateWriterEvents(Written, Kept, events.Owner.Disk, events.Owner.Failed);
        Writer = new StateWriter(db, () => StateDatabase.OpenWriter(db.Path, origin, settings), _written, settings, writerEvents);
    }

    public KvMark Mark { get; private set; }

    /// <summary>The end of the last whole batch.</summary>
    public StateMark Sealed => _sealed;

    public StateWriter Writer { get; }

    /// <summary>Opens the state, or makes an empty one. Cost: constant.</summary>
    /// <exception cref="StateRefused">Torn, corrupt or foreign.</exception>
    public static StateFile Open(string file, StateOrigin origin, StateSettings settings, StateFileEvents events)
    {
        var db = StateDatabase.OpenWriter(file, origin, settings);
        try
        {
            return new StateFile(db, origin, settings, events);
        }
        catch (Exception e)
        {
            db.Dispose();
            if (e is SqliteFailure failure) throw StateRefused.Of(failure, file);
            throw;
        }
    }

    public ReadOnlyMemory<byte>? Get(ReadOnlySpan<byte> key) => _rows.Get(key) is { } value ? value : default(ReadOnlyMemory<byte>?);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Set(key, value.ToArray());

    public void Delete(ReadOnlySpan<byte> key) => Set(key, null);

    public IEnumerable<KvRow> Range(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> until) => _rows.Range(from, until);

    public void Commit(KvMark mark) => Mark = mark;

    /// <summary>A batch is applied to its end: from here on its effects may go to the file.</summary>
    public void Seal(LogBatch batch)
    {
        if (_sealed == _written) _sealedAt = Stopwatch.GetTimestamp();
        _sealed = new StateMark(batch.Position, batch.LogTime, batch.Membership ?? _sealed.Membership, Mark);
        _behind += new Replay(_changes, batch.Payload.Length);
        _changes = 0;
    }

    /// <summary>So much waits to be written, or would have to be applied again after a crash, that applying must pause.</summary>
    public bool IsFull => IsMuch(_rows.ChangedBytes + _rows.WritingBytes, _behind + _writingBehind, 1);

    /// <summary>How long nothing needs to be done for writing's sake; null: until woken or until something is applied.</summary>
    public TimeSpan? Idle
    {
        get
        {
            if (_writing is not null) return Volatile.Read(ref _done) is null ? null : TimeSpan.Zero;
            if (_awaited.Count > 0) return TimeSpan.Zero;
            var due = TimeSpan.MaxValue;
            if (_sealed != _written) due = _settings.FlushInterval - Stopwatch.GetElapsedTime(_sealedAt);
            if (_keeping?.Position != _sealed.Position && _sealed.Position.Index > LogIndex.None)
            {
                var keep = _settings.Keep.Interval - Stopwatch.GetElapsedTime(_keptAt);
                if (keep < due) due = keep;
            }
            return due == TimeSpan.MaxValue ? null : due > TimeSpan.Zero ? due : TimeSpan.Zero;
        }
    }

    /// <summary>Between two rounds of work, at the end of a whole batch: lets go of what is written, and hands on what is due.</summary>
    public void Rest()
    {
        _reader.Release();
        if (_writing is not null && Volatile.Read(ref _done) is { } done) Retire(done);
        Tell();
        var isDue = _awaited.Count > 0 || Idle == TimeSpan.Zero || IsMuch(_rows.ChangedBytes, _behind, 2);
        if (_writing is null && isDue) Flush(IsKeepDue);
        _rows.Evict();
    }

    /// <summary>Calls back, on the thread of its user, once all that is whole is in the file.</summary>
    public void WhenWritten(Action done) => _awaited.Add((_sealed.Position.Index, done));

    /// <summary>What there is.</summary>
    public StateFigures Figures() => new(
        _sealed.Info(), Volatile.Read(ref _safe)?.Info(), Mark.Digest.ToString(), Mark.Digest.Rows, _rows.Bytes, _rows.ChangedBytes + _rows.WritingBytes,
        SizeOf(_file), SizeOf(_file + "-wal"), SizeOf(_file + "-export"));

    /// <summary>Everything that is whole goes to the file and to stable storage, unless the disk refuses; then the file is closed.</summary>
    public void Close()
    {
        _reader.Release();
        if (_keeping?.Position != _sealed.Position) Flush(keep: true);
        Dispose();
    }

    /// <summary>Closes the file as it is.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        Writer.Dispose();
    }

    /// <summary>At least that part of what may be behind.</summary>
    private bool IsMuch(long rows, Replay behind, int part) =>
        rows >= _settings.BehindBytes / part || behind.Changes >= _settings.Replay.Changes / part || behind.LogBytes >= _settings.Replay.LogBytes / part;

    private void Set(ReadOnlySpan<byte> key, byte[]? value)
    {
        _changes++;
        _rows.Set(key, value);
    }

    private bool IsKeepDue =>
        _sealed.Position.Index - (_keeping?.Position.Index ?? LogIndex.None) >= _settings.Keep.Entries
        || _bytesSinceKept + _rows.ChangedBytes >= _settings.Keep.Bytes
        || Stopwatch.GetElapsedTime(_keptAt) >= _settings.Keep.Interval;

    private void Flush(bool keep)
    {
        _bytesSinceKept += _rows.ChangedBytes;
        (_writingBehind, _behind) = (_behind, default);
        _writing = new StateFlush(_rows.TakeChanged(), _sealed, keep);
        Writer.Write(_writing);
        if (!keep) return;
        (_keeping, _bytesSinceKept, _keptAt) = (_sealed, 0, Stopwatch.GetTimestamp());
    }

    private void Retire(StateFlush done)
    {
        (_writing, _done, _written, _writingBehind) = (null, null, done.Mark, default);
        _rows.Written();
        _rows.FileIsEmpty = done.Mark.Machine.Digest.Rows == 0;
    }

    private void Written(StateFlush flush)
    {
        Volatile.Write(ref _done, flush);
        _wake();
    }

    private void Kept(StateMark mark)
    {
        Volatile.Write(ref _safe, mark);
        _kept(mark);
    }

    private void Tell()
    {
        var told = _awaited.Where(a => a.UpTo <= _written.Position.Index).ToList();
        if (told.Count == 0) return;
        _awaited.RemoveAll(told.Contains);
        foreach (var (_, done) in told) done();
    }

    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
