using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;
using Step = (Eos.Master.MasterState State, System.Collections.Immutable.ImmutableArray<Eos.Master.MasterEffect> Effects);

namespace Eos.Master;

/// <summary>
/// Who acts for the whole instance: whoever holds the lease `master`. The holder counts its time from sending the request, so it stops before the lease is over for
/// others; its services end before it gives the lease back. The role of a node whose session is over is free too, so services do nothing while their node's session does not
/// hold. A wish of an administrator names the next holder: others then leave the role to it as long as it lives. Pure.
/// </summary>
public static class MasterRules
{
    /// <param name="self">This node's place.</param>
    /// <param name="now">A moment of a clock that never goes back.</param>
    public static Step Next(MasterState s, MasterInput input, string self, TimeSpan now, MasterSettings settings) => (s.Phase, input) switch
    {
        (MasterPhase.Master, MasterInput.Leave) =>
            (s with { Phase = MasterPhase.Yielding, Leaves = true }, [new MasterEffect.StopServices(), new MasterEffect.Record("steps down: it stops")]),
        (_, MasterInput.Leave) => (s with { Leaves = true }, []),
        (MasterPhase.Standby, _) when s.Leaves => (s, []),
        (MasterPhase.Contending, MasterInput.Granted x) when s.Leaves => (Standby(s), [new MasterEffect.GiveBack(x.Token)]),
        (MasterPhase.Standby, MasterInput.Looked x) => x.Holder.Length == 0 && MayTake(x, self) ? (s with { Phase = MasterPhase.Contending, Sent = now }, [new MasterEffect.Acquire()]) : (s, []),
        (MasterPhase.Contending, MasterInput.Granted x) => Take(x, now, settings),
        (MasterPhase.Contending, MasterInput.NotGranted) => (Standby(s), []),
        (MasterPhase.Contending, MasterInput.Tick) when now - s.Sent >= settings.Lease => (Standby(s), []),
        (MasterPhase.Master, MasterInput.Granted x) => x.Token == s.Token ? (s with { Until = Later(s.Until, Deadline(x, settings)) }, []) : (s, []),
        (MasterPhase.Master, MasterInput.NotGranted) => Lose(s, "the lease is over"),
        (MasterPhase.Master, MasterInput.SessionLost) => Lose(s, "the session of this node is over"),
        (MasterPhase.Master, MasterInput.Tick) when now >= s.Until => Lose(s, "the lease could not be renewed in time"),
        (MasterPhase.Master, MasterInput.Tick) when IsDue(s, now, settings) => (s with { Sent = now }, [new MasterEffect.Renew(s.Token)]),
        (MasterPhase.Master, MasterInput.Looked x) when Wanted(x) is { } wanted && wanted != self =>
            (s with { Phase = MasterPhase.Yielding }, [new MasterEffect.StopServices(), new MasterEffect.Record($"steps down for {wanted}")]),
        (MasterPhase.Master, MasterInput.Looked x) when x.Wishes.Wanted.Length > 0 || x.Wishes.Last != self => (s, [new MasterEffect.Settle()]),
        (MasterPhase.Yielding, MasterInput.ServicesStopped) => (Standby(s), s.Token == 0 ? [] : [new MasterEffect.GiveBack(s.Token)]),
        _ => (s, []),
    };

    /// <summary>Who has the role; null when nobody has.</summary>
    /// <param name="leases">Whose names begin with that of the role's.</param>
    /// <param name="holding">Whose sessions hold: a holder without one has lost the role.</param>
    public static LeaseRow? RoleOf(IEnumerable<LeaseRow> leases, ImmutableDictionary<Incarnation, TimeSpan> holding) => leases.FirstOrDefault(row =>
        row.Name == MasterProtocol.LeaseName && row.Remaining > TimeSpan.Zero && Incarnation.Parse(row.Holder) is { } holder && holding.ContainsKey(holder));

    private static MasterState Standby(MasterState s) => MasterState.Start with { Leaves = s.Leaves };

    /// <summary>The node that shall have the role, if it lives.</summary>
    private static string? Wanted(MasterInput.Looked x) => x.Candidates.Contains(x.Wishes.Wanted) ? x.Wishes.Wanted : null;

    private static bool MayTake(MasterInput.Looked x, string self) =>
        Wanted(x) is { } wanted ? wanted == self : x.Wishes.Failover || x.Wishes.Last.Length == 0 || x.Wishes.Last == self;

    private static Step Take(MasterInput.Granted x, TimeSpan now, MasterSettings settings)
    {
        var next = new MasterState(MasterPhase.Master, x.Token, Deadline(x, settings), x.SentAt);
        return now < next.Until
            ? (next, [new MasterEffect.Record($"takes the role with token {x.Token}"), new MasterEffect.StartServices(x.Token)])
            : (MasterState.Start, [new MasterEffect.GiveBack(x.Token)]);
    }

    /// <summary>The lease is lost, so there is nothing to give back; the node contends again once its services have ended.</summary>
    private static Step Lose(MasterState s, string why) =>
        (s with { Phase = MasterPhase.Yielding, Token = 0 }, [new MasterEffect.StopServices(), new MasterEffect.Record($"loses the role: {why}")]);

    private static bool IsDue(MasterState s, TimeSpan now, MasterSettings settings) =>
        now - s.Sent >= settings.Retry && s.Until - now <= settings.Lease / 2;

    private static TimeSpan Deadline(MasterInput.Granted x, MasterSettings settings) => x.SentAt + settings.Lease * (1 - settings.ClockDrift);

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
