using Eos.Tests.Support.Raft;

namespace Eos.Tests.Simulation;

/// <summary>How long a group is without a leader when nothing fails but the leader: rarely longer than one election takes. Each seed gives the same times each time.</summary>
public class FailoverTimes
{
    [Theory]
    [InlineData("default")]
    [InlineData("tight")]
    public void One_round_of_an_election_is_nearly_always_enough(string preset)
    {
        var settings = LeaderLoss.SettingsOf(preset);
        var times = LeaderLoss.Times(settings, kills: 300);
        Assert.True(times[times.Count * 99 / 100] < settings.ElectionMax + settings.Heartbeat * 2, LeaderLoss.Describe(preset, times));
        Assert.True(times[^1] < settings.ElectionMax * 2 + settings.Heartbeat * 2, LeaderLoss.Describe(preset, times));
    }
}
