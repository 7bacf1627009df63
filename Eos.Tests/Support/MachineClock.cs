namespace Eos.Tests.Support;

/// <summary>
/// Time as a busy machine has it to give: each tick counts ten milliseconds, however late it came. On a machine with room it goes as any clock does; where processes wait for a
/// processor it is slower, as they are. For promises in seconds that the code makes and the machine must not break.
/// </summary>
public sealed class MachineClock : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private readonly PeriodicTimer _timer = new(Tick);
    private long _ticks;

    public MachineClock() => _ = RunAsync();

    public TimeSpan Elapsed => Tick * Interlocked.Read(ref _ticks);

    public void Dispose() => _timer.Dispose();

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false)) Interlocked.Increment(ref _ticks);
    }
}
