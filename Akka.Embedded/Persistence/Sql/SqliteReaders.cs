namespace Akka.Persistence.Sql;

/// <summary>A few threads with read connections of their own. They start when first needed; WAL lets them read while the writer writes.</summary>
internal sealed class SqliteReaders(SqliteAddress address, int most)
{
    private readonly object _gate = new();
    private readonly Queue<SqliteRead> _waiting = [];
    private readonly List<Thread> _threads = [];
    private int _idle;
    private bool _closing;

    public void Add(SqliteRead read)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _waiting.Enqueue(read);
                if (_idle >= _waiting.Count) Monitor.Pulse(_gate);
                else if (_threads.Count < most) Start();
                return;
            }
        }
        read.Failed(new ObjectDisposedException(address.File));
    }

    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var thread in _threads) thread.Join();
    }

    private void Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "sqlite-reader" };
        _threads.Add(thread);
        thread.Start();
    }

    private void Run()
    {
        SqliteSession? session = null;
        while (Take() is { } read)
        {
            try
            {
                session ??= SqliteSession.Open(address, writer: false);
                address.InTurn(() =>
                {
                    read.Run(session);
                    return true;
                });
            }
            catch (Exception failure)
            {
                session?.Dispose();
                session = null;
                read.Failed(failure);
            }
        }
        session?.Dispose();
    }

    private SqliteRead? Take()
    {
        lock (_gate)
        {
            _idle++;
            while (_waiting.Count == 0 && !_closing) Monitor.Wait(_gate);
            _idle--;
            return _waiting.TryDequeue(out var read) ? read : null;
        }
    }
}

/// <summary>One query: runs on a reader thread and hands its rows to whoever asked.</summary>
internal abstract class SqliteRead
{
    public abstract void Run(SqliteSession session);

    /// <summary>Called at most once, instead of the end of <see cref="Run"/>.</summary>
    public abstract void Failed(Exception failure);
}
