using System.Collections.Immutable;
using Eos.Instance;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.AdminVerdict;

namespace Eos.Gateway;

/// <summary>`recycle`: what is in the bin, how it is brought back, removed for good, and what the bin is told to do.</summary>
internal static class RecycleVerbs
{
    /// <summary>The names of settings, with what is said when one is changed.</summary>
    private static readonly ImmutableArray<(string Key, string Says)> Settings =
    [
        ("lifetime", "lifetime"), ("ratio", "ratio"), ("size", "size"), ("inodes", "inodes"), ("collect-interval", "collect interval"),
        ("remove-interval", "remove interval"), ("dry-run", "dry run"), ("enforce", "enforcement"), ("enable", "switch"),
    ];

    public static readonly AdminVerb[] All =
    [
        new("recycle", "", AdminRight.Everybody, f => Run(facts => new RecycleStatusRoutine(f.Request, f.Who, facts))),
        new("recycle", "ls", AdminRight.Everybody, f => Selected(f, (bins, date) => Run(facts => new RecycleListRoutine(f, bins, date, facts)))),
        new("recycle", "purge", AdminRight.Everybody, Purge),
        new("recycle", "restore", AdminRight.Everybody, Restore),
        new("recycle", "project", AdminRight.Root, f => Run(facts => new RecycleProjectRoutine(f, facts))),
        new("recycle", "config", AdminRight.Root, Configure),
        new("recycle", "clean", AdminRight.Root, f => Run(facts => new RecycleCleanRoutine(f, facts))),
    ];

    /// <summary>Which bins and which days are meant: one's own, all, or a project's.</summary>
    private static AdminVerdict Selected(AdminFacts f, Func<RecycleSelection, ImmutableArray<string>, AdminVerdict> decide)
    {
        var date = f.Word(0).Split('/', StringSplitOptions.RemoveEmptyEntries).ToImmutableArray();
        if (date.Length > 4 || date.Any(part => !part.All(char.IsAsciiDigit))) return Refuse(Errno.Invalid, $"'{f.Word(0)}' is no date: year/month/day/index, or the beginning of that");
        if (new[] { "all", "rid", "project" }.Count(f.Has) > 1) return Refuse(Errno.Invalid, "only one of --all, --rid and --project");
        if (f.Has("all") && !f.Who.IsRoot && !f.Who.Caller.IsAdmin) return Refuse(Errno.NotPermitted, "--all is for root and administrators");
        if (f.Has("rid") && !ulong.TryParse(f.Option("rid"), out _)) return Refuse(Errno.Invalid, $"'{f.Option("rid")}' is no number of a project");
        return decide(new RecycleSelection(f.Has("all"), f.Has("rid") ? $"rid:{f.Option("rid")}" : "", f.Option("project")), date);
    }

    private static AdminVerdict Purge(AdminFacts f)
    {
        if (f.Has("key") && RecycleKey.Parse(f.Option("key")) is null) return Refuse(Errno.Invalid, $"'{f.Option("key")}' is no restore key");
        return Selected(f, (bins, date) => Run(facts => new RecyclePurgeRoutine(f, bins, date, f.Has("key") ? RecycleKey.Parse(f.Option("key")) : null, facts)));
    }

    private static AdminVerdict Restore(AdminFacts f) => RecycleKey.Parse(f.Word(0)) is { } key
        ? Run(facts => new RecycleRestoreRoutine(f.Request, key, f.Has("force"), f.Has("parents"), f.Has("versions"), f.Who, facts))
        : Refuse(Errno.Invalid, $"'{f.Word(0)}' is no restore key: fxid:… or pxid:…");

    private static AdminVerdict Configure(AdminFacts f)
    {
        if (f.Has("dump"))
        {
            var policy = RecycleBin.PolicyOf(f.Instance).Dump();
            return Rows([policy.Aggregate(GatewayProtocol.AdminRecord.Empty, (record, pair) => record.Add(pair.Key, pair.Value))], policy.Select(p => $"{p.Key}={p.Value}"));
        }
        var wanted = Settings.Where(s => f.Has(s.Key)).ToImmutableArray();
        if (wanted.IsEmpty) return Refuse(Errno.Invalid, "recycle config needs a setting, or --dump");
        foreach (var (key, _) in wanted)
            if (RecyclePolicy.Usual.With(key, f.Option(key)).Refusal is { } bad) return Refuse(bad.Why, bad.Text);
        return Change(
            _ => wanted.Aggregate(Revision.None, (revision, setting) => revision.And(RecycleBin.Section, setting.Key, f.Option(setting.Key))),
            wanted.Select(s => $"success: recycle bin {s.Says} configured!"));
    }
}

/// <summary>Which bins a command is about.</summary>
/// <param name="All">Everybody's.</param>
/// <param name="Bin">The name of one; empty: another choice.</param>
/// <param name="Project">A path whose project's bin is meant; empty: another choice.</param>
internal sealed record RecycleSelection(bool All, string Bin, string Project);
