using Akka.Remote;

namespace Eos.Tests.Engine;

public sealed class FailureDetectorTests
{
    private long _now = 1000;

    private PhiAccrualFailureDetector Phi(int pause = 0, double threshold = 8) =>
        new(threshold, 1000, TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(pause), TimeSpan.FromSeconds(1), () => _now);

    [Fact]
    public void Nothing_is_suspected_before_the_first_heartbeat()
    {
        var detector = Phi();
        Assert.False(detector.IsMonitoring);
        _now += 1_000_000;
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void Regular_heartbeats_keep_a_resource_available_and_silence_ends_it()
    {
        var detector = Phi();
        for (var i = 0; i < 50; i++)
        {
            detector.HeartBeat();
            _now += 1000;
            Assert.True(detector.IsAvailable);
        }
        Assert.True(detector.IsMonitoring);
        _now += 3000;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);
    }

    [Fact]
    public void An_acceptable_pause_is_forgiven()
    {
        var detector = Phi(pause: 3000);
        for (var i = 0; i < 50; i++)
        {
            detector.HeartBeat();
            _now += 1000;
        }
        _now += 2500;
        Assert.True(detector.IsAvailable);
        _now += 3000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void Irregular_heartbeats_make_the_detector_patient()
    {
        var regular = Phi();
        var irregular = Phi();
        for (var i = 0; i < 100; i++)
        {
            regular.HeartBeat();
            irregular.HeartBeat();
            _now += 500;
            if (i % 2 == 0) irregular.HeartBeat();
            _now += 500;
        }
        _now += 700;
        Assert.False(regular.IsAvailable);
        Assert.True(irregular.IsAvailable);
    }

    [Fact]
    public void A_deadline_detector_waits_for_interval_and_pause()
    {
        var detector = new DeadlineFailureDetector(TimeSpan.FromMilliseconds(4000), TimeSpan.FromMilliseconds(1000), () => _now);
        Assert.True(detector.IsAvailable);
        detector.HeartBeat();
        _now += 4999;
        Assert.True(detector.IsAvailable);
        _now += 2;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void A_registry_keeps_resources_apart_and_forgets_on_demand()
    {
        var registry = new DefaultFailureDetectorRegistry<string>(() => Phi());
        registry.Heartbeat("a");
        Assert.True(registry.IsMonitoring("a"));
        Assert.False(registry.IsMonitoring("b"));
        Assert.True(registry.IsAvailable("b"));
        _now += 100_000;
        Assert.False(registry.IsAvailable("a"));
        registry.Remove("a");
        Assert.True(registry.IsAvailable("a"));
    }
}
