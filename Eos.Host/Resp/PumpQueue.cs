using System.Collections.Concurrent;

namespace Eos.Host.Resp;

/// <summary>
/// Connections that have something to write, run one after the other on one thread of the pool. A batch of the log answers many clients at once: waking one
/// thread for all of them costs much less than waking one for each.
/// </summary>
internal sealed class PumpQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Connection> _ready = new();
    private int _runs;

    public void Add(Connection connection)
    {
        _ready.Enqueue(connection);
        if (Interlocked.Exchange(ref _runs, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            while (_ready.TryDequeue(out var connection)) connection.Pump();
            Interlocked.Exchange(ref _runs, 0);
        }
        while (!_ready.IsEmpty && Interlocked.Exchange(ref _runs, 1) == 0);
    }
}
