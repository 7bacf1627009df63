namespace Eos.Kv;

/// <summary>
/// A thread for what takes long beside applying and writing: snapshots, checks, copies. One errand at a time, in order; while it is held none begins, so that
/// whoever holds it has the file's other connections closed.
/// </summary>
internal sealed class StateErrands : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action> _errands = [];
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private bool _held;
    private bool _closing;

    /// <param name="failed">Told what an errand threw: none should.</param>
    public StateErrands(Action<Exception> failed)
    {
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "state-errands" };
        _thread.Start();
    }

    /// <summary>Errands that take long look at this from time to time, and give up.</summary>
    public bool IsClosing => Volatile.Read(ref _closing);

    public void Run(Action errand)
    {
        lock (_gate)
        {
            _errands.Enqueue(errand);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Called by an errand: none after it begins before <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate) _held = true;
    }

    public void Release()
    {
        lock (_gate)
        {
            _held = false;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for the errand under way; those behind it are forgotten.</summary>
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
        while (Take() is { } errand)
        {
            try
            {
                errand();
            }
            catch (Exception e)
            {
                _failed(e);
            }
        }
    }

    private Action? Take()
    {
        lock (_gate)
        {
            while (!_closing && (_held || _errands.Count == 0)) Monitor.Wait(_gate);
            return _closing ? null : _errands.Dequeue();
        }
    }
}
