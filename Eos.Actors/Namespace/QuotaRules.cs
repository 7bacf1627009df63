using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.QuotaProtocol;

namespace Eos.Namespace;

/// <summary>What a quota node allows, and who may change it. As in EOS (mgm/quota), its odd comparisons included.</summary>
public static class QuotaRules
{
    /// <summary>Who has more than this part of a limit is warned.</summary>
    private const double Warning = 0.95;

    public static Decision Set(DirectoryState s, SetQuota c, Facts facts)
    {
        if (!c.Call.Caller.IsPrivileged && !AccessRules.RightsOf(c.Call.Caller, s.Self!).Grants(AclFlags.SetQuota))
            return DirectoryRules.Refuse(c, Errno.NotPermitted, "you are not a quota administrator");
        if (c.Volume is null && c.Inodes is null) return DirectoryRules.Refuse(c, Errno.Invalid, "neither volume nor inodes are given");
        var limit = s.Quota.Limits.GetValueOrDefault(c.Subject);
        if (c.OnlyThere && (c.Volume is null || limit.Volume == 0) && (c.Inodes is null || limit.Inodes == 0))
            return DirectoryRules.Refuse(c, Errno.Invalid, $"no such quota is defined for {c.Subject}");
        return Accept(c, new QuotaLimited(DirectoryRules.StampOf(c, facts), c.Subject, new QuotaLimit(c.Volume ?? limit.Volume, c.Inodes ?? limit.Inodes)));
    }

    public static Decision End(DirectoryState s, EndQuotaNode c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot && !c.Call.Caller.IsAdmin) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root and adm may remove quota nodes");
        return s.Self!.IsQuotaNode ? Accept(c, new QuotaEnded(DirectoryRules.StampOf(c, facts))) : NoNode(c);
    }

    public static Decision Correct(DirectoryState s, CorrectQuota c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root may change what is counted");
        if (!s.Self!.IsQuotaNode) return NoNode(c);
        var (sums, old) = ((QuotaBook.Empty).UsageOf(c.Subject, s.Totals.Own, s.Totals.Below.Usage), s.Quota.Corrections.GetValueOrDefault(c.Subject));
        var correction = new QuotaCorrection(
            Difference(c.Inodes, sums.Files, old.Files), Difference(c.Logical, sums.Logical, old.Logical), Difference(c.Physical, sums.Physical, old.Physical));
        return Accept(c, new QuotaCorrected(DirectoryRules.StampOf(c, facts), c.Subject, correction));

        static long Difference(ulong? wanted, ulong sum, long before) => wanted is { } value ? unchecked((long)(value - sum)) : before;
    }

    public static Decision Recount(DirectoryState s, RecountQuota c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root may have quota counted anew");
        return s.Self!.IsQuotaNode ? Accept(c, new QuotaRecounted(DirectoryRules.StampOf(c, facts))) : NoNode(c);
    }

    /// <summary>O(entries).</summary>
    public static Decision Recount(DirectoryState s, RecountTotals c, Facts facts)
    {
        if (!c.Call.Caller.IsRoot) return DirectoryRules.Refuse(c, Errno.NotPermitted, "only root may have sizes counted anew");
        var (files, directories, bytes, own) = (0ul, 0ul, 0ul, new List<ImmutableArray<OwnerUsage>>());
        foreach (var entry in s.Entries.All)
        {
            if (entry is ChildEntry) directories++;
            if (entry is not FileEntry file) continue;
            files++;
            bytes += file.File.Content.Size;
            own.Add([new OwnerUsage(file.File.Owner, Usage.Of(file.File))]);
        }
        own.AddRange(s.Opens.Values.Select(o => ImmutableArray.Create(new OwnerUsage(o.Owner, Usage.Of(o)))));
        return Accept(c, new TotalsRecounted(DirectoryRules.StampOf(c, facts), new DirectoryCounts(files, directories, bytes), UsageTable.Sum(own)));
    }

    public static QuotaSaid Ask(DirectoryState s, AskQuota q)
    {
        if (!s.Self!.IsQuotaNode) return new QuotaSaid(q.Directory, q.Op, "", null);
        var (user, group) = (new QuotaSubject(QuotaKind.User, q.Owner.Uid), new QuotaSubject(QuotaKind.Group, q.Owner.Gid));
        var subjects = new[] { user, group }.Where(s.Quota.Limits.ContainsKey).ToList();
        if (subjects.Count == 0 && s.Quota.Limits.ContainsKey(QuotaSubject.Project)) subjects.Add(QuotaSubject.Project);
        if (subjects.Count == 0) return new QuotaSaid(q.Directory, q.Op, $"uid={q.Owner.Uid} gid={q.Owner.Gid} has no quota here", null);

        var left = default(ulong?);
        foreach (var subject in subjects)
        {
            var (limit, usage) = (s.Quota.Limits[subject], Without(s.Quota.UsageOf(subject, s.Totals.Own, s.Totals.Below.Usage), q.Share));
            if (Exceeded(subject, limit, usage, q) is { } what) return new QuotaSaid(q.Directory, q.Op, $"{what} quota of {NameOf(subject)} exceeded", null);
            if (limit.Volume > 0) left = Math.Min(left ?? ulong.MaxValue, limit.Volume - usage.Physical - usage.BookedBytes);
        }
        return new QuotaSaid(q.Directory, q.Op, "", left);
    }

    public static ShareSaid Share(DirectoryState s, AskShare q)
    {
        var share = default(Usage);
        if (s.Entries.Find(q.Name) is FileEntry { File: var file } && file.Owner == q.Owner && (q.Replaces || file.Open.Op == q.By)) share += Usage.Of(file);
        if (s.Current.TryGetValue(q.Name, out var id) && s.Opens[id] is var open && open.Owner == q.Owner) share += Usage.Of(open);
        return new ShareSaid(q.Directory, q.Op, share);
    }

    /// <summary>ok, warning, exceeded or ignored.</summary>
    public static string StatusOf(ulong used, ulong limit) =>
        limit == 0 ? "ignored" : used >= limit ? "exceeded" : used > limit * Warning ? "warning" : "ok";

    internal static DirectoryState Apply(DirectoryState s, IQuotaEvent e) => e switch
    {
        QuotaLimited x => s with
        {
            Self = s.Self! with { IsQuotaNode = true },
            Quota = s.Quota with { Limits = x.Limit == default ? s.Quota.Limits.Remove(x.Subject) : s.Quota.Limits.SetItem(x.Subject, x.Limit) },
        },
        QuotaEnded => s with { Self = s.Self! with { IsQuotaNode = false }, Quota = QuotaBook.Empty },
        QuotaCorrected x => s with { Quota = s.Quota with { Corrections = s.Quota.Corrections.SetItem(x.Subject, x.Correction) } },
        QuotaRecounted => s with { Quota = s.Quota with { Corrections = s.Quota.Corrections.Clear() } },
        TotalsRecounted x => s with { Counts = x.Counts, Totals = s.Totals with { Own = x.Own } },
        _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
    };

    /// <summary>Sums come up from below some time later: a share that they do not hold yet takes nothing away.</summary>
    private static Usage Without(Usage usage, Usage share) => new(
        Less(usage.Files, share.Files), Less(usage.Logical, share.Logical), Less(usage.Physical, share.Physical),
        Less(usage.BookedFiles, share.BookedFiles), Less(usage.BookedBytes, share.BookedBytes));

    private static ulong Less(ulong value, ulong part) => value > part ? value - part : 0;

    /// <summary>EOS lets a user have one file more than the limit, and a group one less; volume must stay below the limit.</summary>
    private static string? Exceeded(QuotaSubject subject, QuotaLimit limit, Usage usage, AskQuota q)
    {
        var (volume, inodes) = ((Int128)limit.Volume - usage.Physical - usage.BookedBytes, (Int128)limit.Inodes - usage.Files - usage.BookedFiles);
        if (limit.Volume > 0 && volume <= q.Volume) return "volume";
        var isWithin = subject.Kind == QuotaKind.User ? inodes + 1 >= q.Inodes : inodes > q.Inodes;
        return limit.Inodes > 0 && !isWithin ? "inode" : null;
    }

    private static string NameOf(QuotaSubject subject) => subject == QuotaSubject.Project ? "the project" : subject.ToString();

    private static Decision NoNode(ICommand c) => DirectoryRules.Refuse(c, Errno.Invalid, "is no quota node");

    private static Decision Accept(ICommand c, IEvent e) => Decision.Accept(e, new Done(c.Directory, c.Call.Op));
}
