using Eos.Kernel;
using Eos.Raft;

namespace Eos.Kv;

/// <summary>Rows to write together, with the mark that they lead to.</summary>
/// <param name="Rows">Keys with their values, null for those that are gone; any order.</param>
/// <param name="Keep">It shall be on stable storage.</param>
internal sealed record StateFlush(KeyValuePair<byte[], byte[]?>[] Rows, StateMark Mark, bool Keep);

/// <summary>What a writer tells, on its thread.</summary>
/// <param name="Written">A flush is in the file: readers that begin now see it.</param>
/// <param name="Kept">It is on stable storage.</param>
/// <param name="Disk">The disk refuses, or works again (null).</param>
/// <param name="Failed">The file can't be gone on with.</param>
internal sealed record StateWriterEvents(Action<StateFlush> Written, Action<StateMark> Kept, Action<Exception?> Disk, Action<Exception> Failed);

/// <summary>
/// Writes to a state's file on a thread of its own: one transaction a flush. A disk that refuses is asked again until it takes the flush; nothing is skipped.
/// Between flushes it gives free pages back, moves the write-ahead file into the database and does the jobs that others bring.
/// </summary>
internal sealed class StateWriter : IDisposable
{
    private const int TidyPages = 256;

    private readonly object _gate = new();
    private readonly StateSettings _settings;
    private readonly StateWriterEvents _events;
    private readonly Func<SqliteFile> _reopen;
    private readonly string _file;
    private readonly Thread _thread;
    private readonly Queue<Action<SqliteFile>> _jobs = [];
    private readonly Queue<StateFlush> _flushes = [];
    private bool _closing;
    private int _longReaders;

    // the thread's own
    private SqliteFile? _db;
    private StateMark _written;
    private bool _untidy = true;   // an earlier life may have left something
    private bool _failing;
    private bool _broken;

    public StateWriter(SqliteFile db, Func<SqliteFile> reopen, StateMark written, StateSettings settings, StateWriterEvents events)
    {
        (_db, _file, _reopen, _written, _settings, _events) = (db, db.Path, reopen, written, settings, events);
        _thread = new Thread(Run) { IsBackground = true, Name = "state-writer" };
        _thread.Start();
    }

    /// <summary>Writes, in order.</summary>
    public void Write(StateFlush flush)
    {
        lock (_gate)
        {
            _flushes.Enqueue(flush);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Does something with the connection between two flushes; again when the disk refuses it.</summary>
    public void Do(Action<SqliteFile> job)
    {
        lock (_gate)
        {
            _jobs.Enqueue(job);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Makes sure that what is in the file is on stable storage; <paramref name="done"/> is called when it is.</summary>
    public void Sync(Action done) => Do(db =>
    {
        Transact(db, () => _written.Save(db), keep: true);
        done();
    });

    /// <summary>While somebody reads for long, the write-ahead file is not waited for.</summary>
    public void LongReading(bool begins) => _ = begins ? Interlocked.Increment(ref _longReaders) : Interlocked.Decrement(ref _longReaders);

    /// <summary>Writes what it was given, unless the disk refuses, and closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
    }

    private void Run()
    {
        while (Take(out var flush, out var job))
        {
            if (flush is not null) Guarded(db => Write(db, flush), flush);
            else if (job is not null) Guarded(db => Job(db, job), null);
            if (_untidy && !_failing && !_broken) Guarded(Tidy, null);
        }
        Close();
    }

    private bool Take(out StateFlush? flush, out Action<SqliteFile>? job)
    {
        lock (_gate)
        {
            if (_failing && !_closing) Monitor.Wait(_gate, _settings.RetryInterval);
            while (!_closing && (_broken || (_flushes.Count == 0 && _jobs.Count == 0 && !_untidy))) Monitor.Wait(_gate);
            job = null;
            if (!_flushes.TryPeek(out flush)) _jobs.TryPeek(out job);
            return !_closing || (flush is not null && !_failing && !_broken);
        }
    }

    /// <summary>Does something that the disk may refuse.</summary>
    private void Guarded(Action<SqliteFile> work, StateFlush? flush)
    {
        if (_broken) return;
        try
        {
            work(_db ??= Reopen(flush));
        }
        catch (Exception e)
        {
            Undo(e);
            return;
        }
        if (_failing) _events.Disk(null);
        _failing = false;
    }

    private void Write(SqliteFile db, StateFlush flush)
    {
        Transact(db, () =>
        {
            Put(db, flush.Rows);
            flush.Mark.Save(db);
        }, flush.Keep);
        _untidy = true;
        _written = flush.Mark;
        if (flush.Keep) _events.Kept(flush.Mark);
        lock (_gate) _flushes.Dequeue();
        _events.Written(flush);
        Checkpoint(db);
    }

    private void Job(SqliteFile db, Action<SqliteFile> job)
    {
        job(db);
        lock (_gate) _jobs.Dequeue();
    }

    /// <param name="keep">The commit syncs the write-ahead file, and with it all commits before.</param>
    private static void Transact(SqliteFile db, Action work, bool keep)
    {
        if (keep) db.Run("PRAGMA synchronous = FULL");
        db.Run("BEGIN IMMEDIATE");
        work();
        db.Run("COMMIT");
        if (keep) db.Run("PRAGMA synchronous = NORMAL");
    }

    private static void Put(SqliteFile db, KeyValuePair<byte[], byte[]?>[] rows)
    {
        Array.Sort(rows, (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        var put = db.Query("INSERT OR REPLACE INTO rows (k, v) VALUES (?1, ?2)");
        var delete = db.Query("DELETE FROM rows WHERE k = ?1");
        foreach (var (key, value) in rows)
        {
            if (value is null) delete.Bind(1, key).Run();
            else put.Bind(1, key).Bind(2, value).Run();
        }
    }

    /// <summary>Gives a piece of the free pages back to the file system when they outnumber the used ones.</summary>
    private void Tidy(SqliteFile db)
    {
        var (free, pages) = (db.Number("PRAGMA freelist_count"), db.Number("PRAGMA page_count"));
        var give = free - Math.Max(TidyPages, pages - free);
        if (give > 0) db.Run($"PRAGMA incremental_vacuum({Math.Min(give, TidyPages)})");
        _untidy = give > TidyPages;
        if (give > 0 && !_untidy) db.Run("PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// <summary>All is committed already: if the disk refuses this, a later flush finds out.</summary>
    private void Checkpoint(SqliteFile db)
    {
        var wal = new FileInfo(_file + "-wal");
        if (!wal.Exists || wal.Length < _settings.CheckpointAfter) return;
        try
        {
            db.Run(Volatile.Read(ref _longReaders) == 0 ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteFailure)
        {
            Drop();
        }
    }

    /// <summary>After anything worse than a full disk the file is opened anew.</summary>
    private void Undo(Exception failure)
    {
        try
        {
            if (_db is { InTransaction: true }) _db.Run("ROLLBACK");
            _db?.Run("PRAGMA synchronous = NORMAL");
        }
        catch (SqliteFailure)
        {
            Drop();
        }
        if (failure is not SqliteFailure { IsFull: true }) Drop();
        if (failure is SqliteFailure { IsDamage: false })
        {
            if (!_failing) _events.Disk(failure);
            _failing = true;
            return;
        }
        _broken = true;
        _events.Failed(failure is SqliteFailure damage ? StateRefused.Of(damage, _file) : failure);
    }

    private void Drop()
    {
        _db?.Dispose();
        _db = null;
    }

    /// <summary>It must say what it said before, or what the flush under way would make it say.</summary>
    private SqliteFile Reopen(StateFlush? flush)
    {
        SqliteFile db;
        try
        {
            db = _reopen();
        }
        catch (StateRefused e) when (e.InnerException is SqliteFailure { IsDamage: false } failure)
        {
            throw failure;
        }
        var mark = StateMark.Load(db);
        if (mark.Position == flush?.Mark.Position) _written = flush.Mark;
        if (mark.Position == _written.Position) return db;
        db.Dispose();
        throw StateRefused.Damaged(_file, $"it had come to {_written.Position.Index} and says {mark.Position.Index} after it was opened anew");
    }

    private void Close()
    {
        try
        {
            if (!_failing && !_broken) _db?.Run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteFailure)
        {
            // All of it is committed; the next life finds it in the write-ahead file.
        }
        Drop();
    }
}
