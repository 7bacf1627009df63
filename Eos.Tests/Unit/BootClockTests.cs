using System.Globalization;
using Eos.Kernel;

namespace Eos.Tests.Unit;

public class BootClockTests
{
    [Fact]
    public void It_tells_the_time_since_the_machine_was_started()
    {
        var before = Uptime();
        var told = BootClock.Instance.Now - Instant.Epoch;
        Assert.InRange(told.TotalSeconds, before - 0.02, Uptime() + 0.02);
    }

    [Fact]
    public void It_never_goes_back()
    {
        var last = BootClock.Instance.Now;
        for (var i = 0; i < 100_000; i++)
        {
            var now = BootClock.Instance.Now;
            Assert.True(now >= last);
            last = now;
        }
    }

    private static double Uptime() => double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
}
