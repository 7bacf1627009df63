using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>
/// A member's log on disk. One thread of its own does all of SQLite's work: what waits when it becomes free shares one transaction and one
/// fsync, and is told so in order. When the disk refuses, nothing is told; the writes stay first in the queue and are tried again, so the log
/// never has a hole. Questions that could not be answered are asked again likewise. Callbacks run on that thread: they hand on and return.
/// </summary>
public sealed class RaftLog : IDisposable
{
    private const int TidyPiece = 256;

    private sealed record Write(Func<RaftLogRows, LogPosition> Apply, Action<LogPosition> Done);

    private sealed record Question(LogIndex From, ulong MaxBytes, Action<RaftLogSlice> Found);

    private readonly object _gate = new();
    private readonly string _file;
    private readonly RaftLogIdentity _identity;
    private readonly RaftLogSettings _settings;
    private readonly Action<Exception?> _health;
    private readonly Thread _thread;
    private List<Write> _waiting = [];
    private readonly List<Question> _asked = [];
    private LogIndex _trimTo;
    private bool _closing;

    // the thread's own
    private readonly List<Write> _group = [];
    private readonly List<Question> _questions = [];
    private SqliteFile? _db;
    private RaftLogRows _rows;
    private LogIndex _trimming;
    private bool _untidy = true;   // an earlier life may have left something
    private bool _failing;
    private bool _broken;

    private RaftLog(string file, RaftLogIdentity identity, RaftLogSettings settings, Action<Exception?> health, SqliteFile db, RaftLogRows rows, RaftLogContents contents)
    {
        (_file, _identity, _settings, _health, _db, _rows, Contents) = (file, identity, settings, health, db, rows, contents);
        _thread = new Thread(Run) { IsBackground = true, Name = "raft-log" };
        _thread.Start();
    }

    /// <summary>What was in the file when it was opened.</summary>
    public RaftLogContents Contents { get; }

    /// <summary>Opens the log of that member, or makes an empty one.</summary>
    /// <param name="create">False where the member is known to have had a log: then a missing one is refused.</param>
    /// <param name="health">Told once when the disk refuses, and with null when it works again. A <see cref="RaftLogRefused"/> or an
    /// <see cref="InvalidOperationException"/> is for good: nothing is stored or told any more.</param>
    /// <exception cref="RaftLogRefused">Torn, corrupt, foreign or in use.</exception>
    public static RaftLog Open(string file, RaftLogIdentity identity, bool create, RaftLogSettings settings, Action<Exception?> health)
    {
        var db = RaftLogFile.Open(file, identity, create, settings);
        try
        {
            var rows = new RaftLogRows(db);
            rows.Load();
            return new RaftLog(file, identity, settings, health, db, rows, rows.Contents());
        }
        catch (Exception e)
        {
            db.Dispose();
            if (e is SqliteFailure failure) throw RaftLogRefused.Of(failure, file);
            throw;
        }
    }

    /// <summary>Stores term, vote and batches; <paramref name="stored"/> gets the end of the log once this and all before is on stable storage.</summary>
    public void Store(Persist what, Action<LogPosition> stored) => Add(new Write(rows => rows.Put(what), stored));

    /// <summary>Remembers that a snapshot is about to replace the state, so that a crash between that and <see cref="StartAfter"/> is understood.</summary>
    public void Expect(LogPosition snapshot, Action<LogPosition> done) => Add(new Write(rows => rows.Expect(snapshot), done));

    /// <summary>A snapshot is in use as the state: the log goes on after it where the two agree, else it begins there.</summary>
    public void StartAfter(LogPosition position, TimeSpan logTime, Action<LogPosition> done) => Add(new Write(rows => rows.StartAfter(position, logTime), done));

    /// <summary>Keeps what another member was last known to have; null: forgets it.</summary>
    public void Trace(MemberId member, MemberTrace? trace) => Add(new Write(rows => rows.Trace(member, trace), _ => { }));

    /// <summary>Whole batches up to there may go. They go in pieces, beside the writes.</summary>
    public void Trim(LogIndex upTo)
    {
        lock (_gate)
        {
            _trimTo = LogIndex.Max(_trimTo, upTo);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Batches from an index on; see <see cref="ReadLog"/>. Is not answered when the log is broken for good.</summary>
    public void Read(LogIndex from, ulong maxBytes, Action<RaftLogSlice> found)
    {
        lock (_gate)
        {
            _asked.Add(new Question(from, maxBytes, found));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Stores what waits, unless the disk refuses, and closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
    }

    private void Add(Write write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _waiting.Add(write);
            if (_waiting.Count == 1) Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (Take())
        {
            var works = !_broken && StoreGroup();
            if (!_broken) works &= Answer();
            if (works) Works();
            if (!_broken) continue;
            _group.Clear();
            _questions.Clear();
        }
        _db?.Dispose();
    }

    private bool Take()
    {
        lock (_gate)
        {
            if (_failing && !_broken && !_closing) Monitor.Wait(_gate, _settings.RetryInterval);
            while (_waiting.Count == 0 && _asked.Count == 0 && (!_failing || _broken) && !HasTidying)
            {
                if (_closing) return false;
                Monitor.Wait(_gate);
            }
            if (_closing && (_failing || _broken)) return false;
            _group.AddRange(_waiting);
            _waiting.Clear();
            _questions.AddRange(_asked);
            _asked.Clear();
            _untidy |= _trimTo > _trimming;
            _trimming = _trimTo;
            return true;
        }
    }

    private bool HasTidying => !_broken && !_closing && (_untidy || _trimTo > _trimming);

    /// <summary>True: nothing is left to store.</summary>
    private bool StoreGroup()
    {
        if (_group.Count == 0 && !_untidy && !_failing) return true;
        var before = _rows.Now;
        var ends = new LogPosition[_group.Count];
        var untidy = false;
        try
        {
            if (_db is null) Reopen(before);
            _db!.Run("BEGIN IMMEDIATE");
            for (var i = 0; i < ends.Length; i++) ends[i] = _group[i].Apply(_rows);
            if (_untidy) untidy = _rows.Trim(_trimming, TidyPiece) | _rows.Vacuum(TidyPiece);
            _db.Run("COMMIT");
        }
        catch (Exception e)
        {
            Undo(e, before);
            return false;
        }
        _untidy = untidy;
        for (var i = 0; i < ends.Length; i++) _group[i].Done(ends[i]);
        _group.Clear();
        if (!untidy) Shrink();
        return true;
    }

    /// <summary>All is stored and told already; if the disk refuses this, the next write finds out.</summary>
    private void Shrink()
    {
        try
        {
            _rows.Shrink();
        }
        catch (SqliteFailure)
        {
            Close();
        }
    }

    /// <summary>After anything worse than a full disk the file is opened anew: it must then say what it said before.</summary>
    private void Undo(Exception failure, RaftLogRows.Ends before)
    {
        _rows.Forget(before);
        try
        {
            if (_db is { InTransaction: true }) _db.Run("ROLLBACK");
        }
        catch (SqliteFailure)
        {
            Close();
        }
        if (failure is not SqliteFailure { IsFull: true }) Close();
        Failed(failure);
    }

    private void Failed(Exception failure)
    {
        _broken = failure is not SqliteFailure { IsDamage: false };
        if (!_failing || _broken) _health(failure is SqliteFailure { IsDamage: true } damage ? RaftLogRefused.Of(damage, _file) : failure);
        _failing = true;
    }

    private void Works()
    {
        if (_failing) _health(null);
        _failing = false;
    }

    private void Close()
    {
        _db?.Dispose();
        _db = null;
    }

    private void Reopen(RaftLogRows.Ends before)
    {
        try
        {
            _db = RaftLogFile.Open(_file, _identity, create: false, _settings);
        }
        catch (RaftLogRefused e) when (e.InnerException is SqliteFailure { IsDamage: false } failure)
        {
            throw failure;
        }
        _rows = new RaftLogRows(_db);
        _rows.Load();
        if (_rows.Now != before) throw RaftLogRefused.Damaged(_file, $"it ended at {before.Last} and ends at {_rows.Now.Last} after it was opened anew");
    }

    /// <summary>True: no question is left. What could not be read is read again later, in order.</summary>
    private bool Answer()
    {
        if (_questions.Count == 0) return true;
        var slices = new List<RaftLogSlice>();
        try
        {
            if (_db is null) Reopen(_rows.Now);
            foreach (var q in _questions) slices.Add(_rows.Read(q.From, q.MaxBytes));
        }
        catch (Exception e)
        {
            Close();
            Failed(e);
        }
        for (var i = 0; i < slices.Count; i++) _questions[i].Found(slices[i]);
        _questions.RemoveRange(0, slices.Count);
        return _questions.Count == 0;
    }
}
