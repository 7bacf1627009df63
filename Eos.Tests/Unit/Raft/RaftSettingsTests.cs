using Akka.Configuration;
using Eos.Kernel;
using Eos.Raft;

namespace Eos.Tests.Unit.Raft;

public class RaftSettingsTests
{
    private static RaftSettings Of(string hocon = "") => RaftSettings.From(new Settings(ConfigurationFactory.ParseString(hocon), "eos.raft"));

    [Theory]
    [InlineData("default", 1000, 1500, 250)]
    [InlineData("relaxed", 5000, 10000, 500)]
    [InlineData("tight", 100, 150, 75)]
    public void Presets_have_QuarkDBs_times(string preset, int min, int max, int heartbeat)
    {
        var s = Of($"eos.raft.timeouts = {preset}");
        Assert.Equal((min, max, heartbeat), ((int)s.ElectionMin.TotalMilliseconds, (int)s.ElectionMax.TotalMilliseconds, (int)s.Heartbeat.TotalMilliseconds));
        Assert.True(s.LeaseDuration < s.ElectionMin && s.LeaseDuration > s.Heartbeat);
    }

    [Theory]
    [InlineData("eos.raft.presets.default.election-timeout-min = 250ms", "heartbeat-interval")]
    [InlineData("eos.raft.presets.default.election-timeout-max = 1s", "election-timeout-max")]
    [InlineData("eos.raft.clock-drift = 0.5", "clock-drift")]
    [InlineData("eos.raft.window = 0", "window")]
    [InlineData("eos.raft.tail-batches = 1", "tail-batches")]
    [InlineData("eos.raft.timeouts = hurried", "hurried")]
    public void What_cannot_work_is_refused_by_its_name(string hocon, string name) =>
        Assert.Contains(name, Assert.Throws<ConfigurationException>(() => Of(hocon)).Message);

    [Fact]
    public void Members_agree_on_times_and_drift_and_choose_the_rest()
    {
        Assert.Equal(Of().Fingerprint, Of("eos.raft { window = 3, keep-entries = 5 }").Fingerprint);
        Assert.NotEqual(Of().Fingerprint, Of("eos.raft.timeouts = tight").Fingerprint);
        Assert.NotEqual(Of().Fingerprint, Of("eos.raft.clock-drift = 0.02").Fingerprint);
    }
}
