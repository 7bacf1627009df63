namespace Eos.Benchmarks;

/// <summary>The most that the objects of this process take from now on, looked at fifty times a second; what is garbage and not yet collected counts.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly long _before = GC.GetTotalMemory(forceFullCollection: true);
    private readonly Timer _timer;
    private long _most;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(20));

    /// <summary>Bytes more than at the beginning.</summary>
    public long Grown
    {
        get
        {
            Look();
            return Interlocked.Read(ref _most) - _before;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = GC.GetTotalMemory(forceFullCollection: false);
        for (var most = Interlocked.Read(ref _most); now > most && Interlocked.CompareExchange(ref _most, now, most) != most; most = Interlocked.Read(ref _most)) { }
    }
}
