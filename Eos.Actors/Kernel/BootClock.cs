using System.Runtime.InteropServices;

namespace Eos.Kernel;

/// <summary>
/// Time since the machine was started: it never jumps, and goes on while the machine is suspended (CLOCK_BOOTTIME). For leases and timeouts; its instants say
/// nothing about the date.
/// </summary>
public sealed partial class BootClock : IClock
{
    public static readonly BootClock Instance = new();

    private const int BootTime = 7;

    public Instant Now => OperatingSystem.IsLinux() && ReadClock(BootTime, out var time) == 0
        ? new Instant(time.Seconds * 1_000_000_000 + time.Nanoseconds)
        : Instant.Epoch + TimeProvider.System.GetElapsedTime(0);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Time time);
}
