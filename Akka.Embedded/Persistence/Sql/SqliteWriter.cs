using System.Diagnostics;

namespace Akka.Persistence.Sql;

/// <summary>
/// The one thread that writes to a database file. Everything that waits when it becomes free goes into one transaction and one fsync;
/// acknowledgements follow in the order of arrival.
/// </summary>
internal sealed class SqliteWriter
{
    private readonly SqliteAddress _address;
    private readonly SqliteMeter _meter;
    private readonly object _gate = new();
    private readonly Dictionary<string, int> _open = [];
    private readonly Thread _thread;
    private List<SqliteWrite> _waiting = [];
    private List<SqliteWrite> _group = [];
    private SqliteSession? _session;
    private volatile bool _closing;

    public SqliteWriter(SqliteAddress address)
    {
        _address = address;
        _meter = new SqliteMeter(address.File);
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    public void Add(SqliteWrite write)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _waiting.Add(write);
                _open[write.PersistenceId] = _open.GetValueOrDefault(write.PersistenceId) + 1;
                if (_waiting.Count == 1) Monitor.Pulse(_gate);
                return;
            }
        }
        write.Ended(new ObjectDisposedException(_address.File));
    }

    /// <summary>True while a write of this id waits or runs.</summary>
    public bool HasOpen(string persistenceId)
    {
        lock (_gate) return _open.ContainsKey(persistenceId);
    }

    /// <summary>Stores what waits, then closes the connection.</summary>
    public void Close()
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
        while (Take())
        {
            var failures = _address.InTurn(StoreGroup);
            for (var i = 0; i < _group.Count; i++) End(_group[i], failures?[i]);
            _group.Clear();
        }
        _session?.Dispose();
    }

    private bool Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closing) return false;
                Monitor.Wait(_gate);
            }
            (_group, _waiting) = (_waiting, _group);
            return true;
        }
    }

    private void End(SqliteWrite write, Exception? failure)
    {
        lock (_gate)
        {
            if (_open[write.PersistenceId] == 1) _open.Remove(write.PersistenceId);
            else _open[write.PersistenceId]--;
        }
        write.Ended(failure);
    }

    /// <summary>Null when all is stored; else one entry per write. A write that breaks a rule does not take the others with it.</summary>
    private Exception?[]? StoreGroup()
    {
        var all = Store(_group, out var culprit);
        if (all is null) return null;
        var failures = new Exception?[_group.Count];
        if (culprit && _group.Count > 1)
            for (var i = 0; i < failures.Length; i++) failures[i] = Store([_group[i]], out _);
        else
            Array.Fill(failures, all);
        return failures;
    }

    /// <param name="writes">What shares the transaction.</param>
    /// <param name="culprit">The failure is one write's own, not the disk's: the rest may be tried without it.</param>
    private Exception? Store(List<SqliteWrite> writes, out bool culprit)
    {
        culprit = false;
        if (!writes.Exists(w => w.NeedsTransaction)) return null;
        try
        {
            _session ??= SqliteSession.Open(_address, writer: true);
            var start = Stopwatch.GetTimestamp();
            Begin(_session);
            culprit = true;
            foreach (var write in writes) if (write.NeedsTransaction) write.Apply(_session);
            culprit = false;
            _session.Run("COMMIT");
            _meter.Stored(writes.Count, Stopwatch.GetElapsedTime(start));
            return null;
        }
        catch (Exception failure)
        {
            if (failure is SqliteFailure { IsConstraint: false }) culprit = false;
            Undo(failure);
            if (!culprit || writes.Count == 1) _meter.Failed(writes.Count);
            return failure;
        }
    }

    /// <summary>Waits for another process's transaction, not longer than the connection string allows. SQLite's own waiting grows to 100 ms a try.</summary>
    private void Begin(SqliteSession session)
    {
        var deadline = Environment.TickCount64 + (long)_address.BusyTimeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                session.Run("BEGIN IMMEDIATE");
                return;
            }
            catch (SqliteFailure busy) when (busy.IsBusy && !_closing && Environment.TickCount64 < deadline)
            {
                Thread.Sleep(Random.Shared.Next(1, 4));
            }
        }
    }

    /// <summary>After anything worse than a broken rule the connection is opened anew: it then reads the file as it really is.</summary>
    private void Undo(Exception failure)
    {
        if (_session is null) return;
        try
        {
            if (_session.InTransaction) _session.Rollback();
            if (failure is SqliteFailure { IsConstraint: false, IsBusy: false }) CloseSession();
        }
        catch (SqliteFailure)
        {
            CloseSession();
        }
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }
}
