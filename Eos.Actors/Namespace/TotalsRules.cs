using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.TotalsProtocol;

namespace Eos.Namespace;

/// <summary>When a directory stores what its children said and tells its parent: the first after a quiet time nearly at once, then once an interval.</summary>
public static class TotalsRules
{
    private const int MaxDoublings = 5;

    /// <summary>What was decided, and with it the row of the index by which a directory that owes a report is found when it sleeps.</summary>
    public static Decision Marked(DirectoryState s, Decision decision, Instant now)
    {
        if (decision.Events.IsEmpty || (s.Totals.IsDue && !decision.Events.Any(e => e is Buried))) return decision;
        var after = decision.Events.Aggregate(s, (state, e) => state.Apply(e));
        if (after.Self is null) return decision;
        var stamp = new Stamp(default, 0, now);
        if (after.Life == Life.Gone)
            return after.Totals.IsDue ? decision with { Events = decision.Events.Add(new TotalsSettled(stamp)) } : decision;
        return IsTold(after) && after.Totals.Version != s.Totals.Version
            ? decision with { Events = decision.Events.Add(new TotalsDue(stamp)) }
            : decision;
    }

    /// <summary>A child reports. What is stored already is answered again; who is no child is not.</summary>
    public static (TotalsDesk Desk, Decision Decision) Heard(TotalsDesk desk, DirectoryState s, ReportTotals m)
    {
        var (child, version) = (m.Report.Child, m.Report.Row.Version);
        if (s.Life is not (Life.Live or Life.Sealed) || !s.Totals.Rows.TryGetValue(child, out var row)) return (desk, Decision.Nothing);
        if (version <= row.Version) return (desk, new Decision([], null, [Kept(s, child, row.Version)]));
        return desk.Inbox.TryGetValue(child, out var waiting) && waiting.Row.Version >= version
            ? (desk, Decision.Nothing)
            : (desk with { Inbox = desk.Inbox.SetItem(child, m.Report) }, Decision.Nothing);
    }

    /// <summary>A parent has stored a report. One that is the parent no more does not count.</summary>
    public static TotalsDesk Kept(TotalsDesk desk, DirectoryState s, TotalsKept m)
    {
        if (s.Self is null || m.Parent != s.Self.Parent) return desk;
        var kept = desk.Kept is { } before && before.Parent == m.Parent && before.Version > m.Version ? before : (m.Parent, m.Version);
        return desk with { Kept = kept, Sent = desk.Sent is { } sent && sent.Version > m.Version ? desk.Sent : null };
    }

    /// <summary>How long until there is something to do; null: nothing.</summary>
    public static TimeSpan? Wait(TotalsDesk desk, DirectoryState s, TotalsSettings settings, Instant now)
    {
        var next = desk.Turned + settings.Interval;
        if (!desk.Inbox.IsEmpty) return Until(next);
        if (s.Life is not (Life.Live or Life.Sealed) || !IsTold(s) || !s.Totals.IsDue) return null;
        if (IsKept(desk, s)) return Until(desk.Turned + settings.SettleAfter);
        return desk.Sent is { } sent ? Until(sent.At + Patience(settings, sent.Tries)) : Until(next);

        TimeSpan Until(Instant due) => due > now + settings.Interval / 10 ? due - now : settings.Interval / 10;
    }

    /// <summary>It is time: stores what was heard, tells the parent what is new, or notes that it knows everything.</summary>
    public static (TotalsDesk Desk, Decision Decision) Turn(TotalsDesk desk, DirectoryState s, TotalsSettings settings, Instant now)
    {
        var (events, effects) = (ImmutableArray.CreateBuilder<IEvent>(), ImmutableArray.CreateBuilder<Effect>());
        var (after, stamp) = (s, new Stamp(default, 0, now));
        if (s.Life is not (Life.Live or Life.Sealed)) return (TotalsDesk.Empty, Decision.Nothing);
        var heard = s.Totals.News(desk.Inbox.Values);
        if (!heard.IsEmpty)
        {
            events.Add(new TotalsHeard(stamp, heard));
            after = s.Apply(events[0]);
            effects.AddRange(heard.Select(r => Kept(s, r.Child, r.Row.Version)));
        }
        var next = desk with { Inbox = desk.Inbox.Clear() };
        if (IsTold(after) && !IsKept(next, after) && (after.Totals.IsDue || after.Totals.Version != s.Totals.Version))
        {
            if (next.Sent is not { } sent || now - sent.At >= Patience(settings, sent.Tries))
            {
                effects.Add(new Effect.Pass(new ReportTotals(after.Self!.Parent, after.Report)));
                next = next with { Sent = (after.Totals.Version, now, (next.Sent?.Tries ?? 0) + 1) };
            }
        }
        else if (after.Totals.IsDue && IsKept(next, after) && now - desk.Turned >= settings.SettleAfter)
        {
            events.Add(new TotalsSettled(stamp));
        }
        return events.Count == 0 && effects.Count == 0
            ? (next, Decision.Nothing)
            : (next with { Turned = now }, new Decision(events.ToImmutable(), null, effects.ToImmutable()));
    }

    /// <summary>The root has nobody to tell.</summary>
    private static bool IsTold(DirectoryState s) => s.Self is { } self && self.Id != DirectoryId.Root && self.Parent != default;

    private static bool IsKept(TotalsDesk desk, DirectoryState s) => desk.Kept is { } kept && kept.Parent == s.Self!.Parent && kept.Version >= s.Totals.Version;

    private static TimeSpan Patience(TotalsSettings settings, int tries) => settings.Interval * (3 << Math.Min(tries - 1, MaxDoublings));

    private static Effect Kept(DirectoryState s, DirectoryId child, ulong version) => new Effect.Pass(new TotalsKept(child, s.Self!.Id, version));
}
