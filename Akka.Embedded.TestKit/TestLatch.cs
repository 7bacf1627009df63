namespace Akka.TestKit;

/// <summary>Opens when it has been counted down.</summary>
public class TestLatch
{
    private readonly CountdownEvent _latch;
    private readonly Func<TimeSpan, TimeSpan> _dilate;
    private readonly TimeSpan _timeout;

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    public TestLatch() : this(1) { }
    public TestLatch(int count) : this(count, DefaultTimeout) { }
    public TestLatch(int count, TimeSpan defaultTimeout) : this(static t => t, defaultTimeout, count) { }

    public TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _latch = new CountdownEvent(count);
        _dilate = dilate;
        _timeout = defaultTimeout;
    }

    public bool IsOpen => _latch.CurrentCount == 0;

    public void CountDown() => _latch.Signal();

    public void Open()
    {
        while (!IsOpen) CountDown();
    }

    public void Reset() => _latch.Reset();

    /// <summary>Waits until it opens.</summary>
    public void Ready() => Ready(_timeout);

    /// <exception cref="TimeoutException">It did not open in time.</exception>
    public void Ready(TimeSpan timeout)
    {
        if (!_latch.Wait(_dilate(timeout))) throw new TimeoutException($"Timeout of {timeout}");
    }
}
