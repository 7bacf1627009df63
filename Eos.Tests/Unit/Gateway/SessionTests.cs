using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Gateway;

/// <summary>Who has asked something lately.</summary>
public sealed class SessionTests
{
    private static readonly Instant Noon = new(1_700_000_000_000_000_000);

    private static VirtualIdentity Who(uint uid, string host = "h") => new(new Caller(uid, uid), $"u{uid}", host, Proof.ClusterKey);

    [Fact]
    public void Who_is_silent_for_five_minutes_has_no_session_any_more()
    {
        var sessions = new Sessions(10);
        sessions.Heard(Who(7), Noon);
        sessions.Heard(Who(8), Noon + TimeSpan.FromMinutes(1));
        Assert.Equal([7u, 8u], Uids(sessions, Noon + Sessions.Idle - TimeSpan.FromSeconds(1)));
        Assert.Equal([8u], Uids(sessions, Noon + Sessions.Idle));
        Assert.Equal(TimeSpan.FromMinutes(4), Assert.Single(sessions.Read(Noon + Sessions.Idle)).Idle);
        sessions.Heard(Who(7), Noon + Sessions.Idle);
        Assert.Equal([7u, 8u], Uids(sessions, Noon + Sessions.Idle));
    }

    [Fact]
    public void Of_too_many_the_longest_idle_are_forgotten()
    {
        var sessions = new Sessions(4);
        for (uint uid = 1; uid <= 5; uid++) sessions.Heard(Who(uid), Noon + TimeSpan.FromSeconds(uid));
        Assert.Equal([3u, 4u, 5u], Uids(sessions, Noon + TimeSpan.FromSeconds(5)));
    }

    private static uint[] Uids(Sessions sessions, Instant now) => [.. sessions.Read(now).Select(s => s.Uid)];
}
