namespace Eos.Host.Resp;

/// <summary>Memory of one kind that all connections hold together.</summary>
/// <param name="freed">Told when some is given back.</param>
internal sealed class Pool(Action? freed = null)
{
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        if (bytes < 0) freed?.Invoke();
    }

    /// <summary>Takes so much, unless it is more than there may be; one alone always gets what it needs.</summary>
    public bool TryTake(long bytes, long most)
    {
        while (true)
        {
            var seen = Bytes;
            if (seen > 0 && seen + bytes > most) return false;
            if (Interlocked.CompareExchange(ref _bytes, seen + bytes, seen) == seen) return true;
        }
    }
}

/// <summary>What one connection holds of a pool. It is given back at the connection's end, also what is taken afterwards by an answer that comes late.</summary>
internal sealed class Share(Pool pool)
{
    private long _bytes;
    private volatile bool _closed;

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Add(long bytes)
    {
        if (bytes == 0) return;
        Interlocked.Add(ref _bytes, bytes);
        pool.Add(bytes);
        if (_closed) Settle();
    }

    public bool TryTake(long bytes, long most)
    {
        if (!pool.TryTake(bytes, most)) return false;
        Interlocked.Add(ref _bytes, bytes);
        if (_closed) Settle();
        return true;
    }

    public void Close()
    {
        _closed = true;
        Settle();
    }

    private void Settle() => pool.Add(-Interlocked.Exchange(ref _bytes, 0));
}
