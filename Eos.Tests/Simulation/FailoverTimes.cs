using Eos.Tests.Support.Raft;

namespace Eos.Tests.Simulation;

/// <summary>How long a group is without a leader when nothing fails but the leader: rarely longer than one election takes. Each seed gives the same times each time.</summary>
public class FailoverTimes
{
    [Theory]
    [InlineData("default", 1.9)]
    [InlineData("tight", 0.4)]
    public void One_round_of_an_election_is_nearly_always_enough(string preset, double seconds)
    {
        var settings = LeaderLoss.SettingsOf(preset);
        var times = LeaderLoss.Times(settings, kills: 300);
        Assert.True(times[times.Count * 99 / 100] < TimeSpan.FromSeconds(seconds), LeaderLoss.Describe(preset, times));
        Assert.True(times[^1] < settings.ElectionMax * 2 + settings.Heartbeat * 2, LeaderLoss.Describe(preset, times));
    }

    [Fact]
    public void A_leader_that_is_asked_to_stop_is_followed_at_once()
    {
        var settings = LeaderLoss.SettingsOf("default");
        var times = LeaderLoss.Times(settings, kills: 300, asked: true);
        Assert.True(times[times.Count * 9 / 10] < settings.Heartbeat, LeaderLoss.Describe("asked to stop", times));
    }
}
