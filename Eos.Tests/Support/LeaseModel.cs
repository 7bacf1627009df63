using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>What leases ought to be: a list of grants, of which one at most holds for a name at any time.</summary>
internal sealed class LeaseModel
{
    private sealed record Grant(string Name, string Holder, ulong Token, TimeSpan Until, Fence? Session);

    private readonly Dictionary<string, Grant> _grants = [];

    public Dictionary<string, (ulong, string)> Current(TimeSpan now) =>
        _grants.Values.Where(g => End(g) > now).ToDictionary(g => g.Name, g => (g.Token, g.Holder));

    public void Check(LogIndex index, TimeSpan now, IEntry entry, IAnswer answer)
    {
        switch (entry)
        {
            case AcquireLease x:
                Taken(x, Held(x.Name, now), index, now, answer);
                break;
            case AcquireRole x when Held(x.Sessions + x.Holder, now) is null:
                Assert.Equal(Errno.Stale, Assert.IsType<Refused>(answer).Why);
                break;
            case AcquireRole x:
                var role = Held(x.Name, now);
                Taken(new AcquireLease(x.Name, x.Holder, x.Duration), role is not null && Held(x.Sessions + role.Holder, now) is null ? null : role, index, now, answer);
                break;
            case RenewLease x:
                if (Held(x.Name, now) is { Session: null } mine && mine.Token == x.Token) Extended(mine, now + x.Duration, answer);
                else Assert.IsType<Refused>(answer);
                break;
            case AcquireBound x:
                var session = Held(x.Session.Lease, now);
                var bound = Held(x.Name, now);
                if (session is null || session.Token != x.Session.Token || session.Session is not null) Assert.IsType<Refused>(answer);
                else if (bound is null) Granted(new Grant(x.Name, x.Holder, index.Value, default, x.Session), session.Until, answer);
                else if (bound.Holder == x.Holder && bound.Session == x.Session) Assert.Equal(new LeaseGranted(x.Name, bound.Token, session.Until), answer);
                else Assert.Equal(new LeaseHeld(x.Name, bound.Holder, bound.Token, End(bound) - now), answer);
                break;
            case ReleaseLease x:
                if (_grants.TryGetValue(x.Name, out var given) && given.Token == x.Token) _grants.Remove(x.Name);
                Assert.IsType<Done>(answer);
                break;
        }
    }

    private void Taken(AcquireLease x, Grant? held, LogIndex index, TimeSpan now, IAnswer answer)
    {
        if (held is { Session: null } && held.Holder == x.Holder) Extended(held, now + x.Duration, answer);
        else if (held is not null) Assert.Equal(new LeaseHeld(x.Name, held.Holder, held.Token, End(held) - now), answer);
        else Granted(new Grant(x.Name, x.Holder, index.Value, now + x.Duration, null), now + x.Duration, answer);
    }

    private Grant? Held(string name, TimeSpan now) => _grants.TryGetValue(name, out var grant) && End(grant) > now ? grant : null;

    private void Granted(Grant grant, TimeSpan until, IAnswer answer)
    {
        _grants[grant.Name] = grant;
        Assert.Equal(new LeaseGranted(grant.Name, grant.Token, until), answer);
    }

    private void Extended(Grant grant, TimeSpan until, IAnswer answer) =>
        Granted(grant with { Until = until > grant.Until ? until : grant.Until }, until > grant.Until ? until : grant.Until, answer);

    private TimeSpan End(Grant grant)
    {
        if (grant.Session is not { } session) return grant.Until;
        return _grants.TryGetValue(session.Lease, out var of) && of.Token == session.Token && of.Session is null ? of.Until : TimeSpan.Zero;
    }
}
