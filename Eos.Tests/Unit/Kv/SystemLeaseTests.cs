using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

public class SystemLeaseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly KvBench _kv = new();

    [Fact]
    public void A_lease_is_one_holders_until_it_is_over_in_log_time()
    {
        var first = _kv.Give<LeaseGranted>(new AcquireLease("master", "a", 3 * Second));
        Assert.Equal((1UL, 4 * Second), (first.Token, first.Until));
        _kv.Now += Second;
        Assert.Equal(new LeaseHeld("master", "a", 1, 2 * Second), _kv.Give<LeaseHeld>(new AcquireLease("master", "b", Second)));
        _kv.Now += 2 * Second;
        Assert.Equal(3UL, _kv.Give<LeaseGranted>(new AcquireLease("master", "b", Second)).Token);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new RenewLease("master", 1, Second)).Why);
        Assert.Equal("b", _kv.Give<LeaseHeld>(new AcquireLease("master", "a", Second)).Holder);
    }

    [Fact]
    public void Renewing_keeps_the_token_and_never_shortens()
    {
        var token = _kv.Give<LeaseGranted>(new AcquireLease("l", "a", 3 * Second)).Token;
        _kv.Now += Second;
        Assert.Equal(new LeaseGranted("l", token, 5 * Second), _kv.Give<LeaseGranted>(new RenewLease("l", token, 3 * Second)));
        Assert.Equal(new LeaseGranted("l", token, 5 * Second), _kv.Give<LeaseGranted>(new AcquireLease("l", "a", Second)));
        _kv.Now = 5 * Second;
        Assert.Equal("lease 'l' under token 1 has been over for 0 ms", _kv.Give<Refused>(new RenewLease("l", token, Second)).Text);
        Assert.NotEqual(token, _kv.Give<LeaseGranted>(new AcquireLease("l", "a", Second)).Token);
    }

    [Fact]
    public void A_bound_lease_lives_and_ends_with_its_session()
    {
        var session = new Fence("node/a", _kv.Give<LeaseGranted>(new AcquireLease("node/a", "a", 3 * Second)).Token);
        var shard = _kv.Give<LeaseGranted>(new AcquireBound("shard/7", "a", session));
        Assert.Equal(4 * Second, shard.Until);
        _kv.Now += 2 * Second;
        _kv.Give<LeaseGranted>(new RenewLease("node/a", session.Token, 3 * Second));
        _kv.Now += 2 * Second;
        Assert.Equal(shard.Token, _kv.Give<LeaseGranted>(new AcquireBound("shard/7", "a", session)).Token);
        var other = new Fence("node/b", _kv.Give<LeaseGranted>(new AcquireLease("node/b", "b", 60 * Second)).Token);
        Assert.Equal(new LeaseHeld("shard/7", "a", shard.Token, Second), _kv.Give<LeaseHeld>(new AcquireBound("shard/7", "b", other)));
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(new AcquireBound("shard/8", "a", new Fence("shard/7", shard.Token))).Why);
        _kv.Now += Second;
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new AcquireBound("shard/8", "a", session)).Why);
        Assert.NotEqual(shard.Token, _kv.Give<LeaseGranted>(new AcquireBound("shard/7", "b", other)).Token);
    }

    [Fact]
    public void A_session_that_is_taken_anew_does_not_bring_its_old_leases_back()
    {
        var old = new Fence("node/a", _kv.Give<LeaseGranted>(new AcquireLease("node/a", "a", Second)).Token);
        _kv.Give<LeaseGranted>(new AcquireBound("shard/7", "a", old));
        _kv.Now += Second;
        _kv.Give<LeaseGranted>(new AcquireLease("node/a", "a", Second));
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new AcquireBound("shard/8", "a", old)).Why);
        var other = new Fence("node/b", _kv.Give<LeaseGranted>(new AcquireLease("node/b", "b", Second)).Token);
        _kv.Give<LeaseGranted>(new AcquireBound("shard/7", "b", other));
    }

    [Fact]
    public void A_role_goes_with_its_holder_s_session_and_to_nobody_without_one()
    {
        _kv.Give<LeaseGranted>(new AcquireLease("node/a", "a", 3 * Second));
        _kv.Give<LeaseGranted>(new AcquireLease("node/b", "b", 60 * Second));
        var first = _kv.Give<LeaseGranted>(new AcquireRole("master", "a", 10 * Second, "node/"));
        Assert.Equal(11 * Second, first.Until);
        _kv.Now += 2 * Second;
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new AcquireRole("master", "c", Second, "node/")).Why);
        Assert.Equal("a", _kv.Give<LeaseHeld>(new AcquireRole("master", "b", Second, "node/")).Holder);
        _kv.Now += Second;
        Assert.Equal("a", _kv.Give<LeaseHeld>(new AcquireLease("master", "b", Second)).Holder);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new AcquireRole("master", "a", Second, "node/")).Why);
        Assert.NotEqual(first.Token, _kv.Give<LeaseGranted>(new AcquireRole("master", "b", Second, "node/")).Token);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new RenewLease("master", first.Token, Second)).Why);
    }

    [Fact]
    public void Only_its_token_gives_a_lease_back()
    {
        var token = _kv.Give<LeaseGranted>(new AcquireLease("l", "a", Second)).Token;
        _kv.Give<Done>(new ReleaseLease("l", token + 1));
        _kv.Give<LeaseHeld>(new AcquireLease("l", "b", Second));
        _kv.Give<Done>(new ReleaseLease("l", token));
        _kv.Give<Done>(new ReleaseLease("l", token));
        _kv.Give<LeaseGranted>(new AcquireLease("l", "b", Second));
    }

    [Fact]
    public void Looking_shows_what_remains_also_of_those_that_are_over()
    {
        _kv.Give<LeaseGranted>(new AcquireLease("node/a", "a", Second));
        var session = new Fence("node/b", _kv.Give<LeaseGranted>(new AcquireLease("node/b", "b", 3 * Second)).Token);
        _kv.Give<LeaseGranted>(new AcquireBound("shard/1", "b", session));
        _kv.Now += 2 * Second;
        var nodes = _kv.Ask<Leases>(new LookAtLeases("node/"));
        Assert.Equal([new LeaseRow("node/a", "a", 1, -Second), new LeaseRow("node/b", "b", 2, Second)], nodes.Rows.ToArray());
        Assert.Equal(3 * Second, nodes.LogTime);
        Assert.Equal([new LeaseRow("shard/1", "b", 3, Second)], _kv.Ask<Leases>(new LookAtLeases("shard/")).Rows.ToArray());
        Assert.Empty(_kv.Ask<Leases>(new LookAtLeases("z")).Rows);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(new AcquireLease("l", "a", TimeSpan.Zero)).Why);
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(new AcquireLease("l", "a", TimeSpan.MaxValue)).Why);
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(new AcquireLease("", "a", Second)).Why);
        Assert.Equal(Errno.NameTooLong, _kv.Give<Refused>(new AcquireLease(new string('ñ', 513), "a", Second)).Why);
    }
}
