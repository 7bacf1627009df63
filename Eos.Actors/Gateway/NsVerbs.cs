using System.Globalization;
using Eos.Kernel;
using Eos.Services;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`ns stat|cache|reserve-ids|compact`, and what of `ns` has no meaning here or belongs to a service that is not there yet.</summary>
internal static class NsVerbs
{
    private static readonly string[] Types = ["files", "directories", "all", "files-repair", "directories-repair", "all-repair"];

    public static readonly AdminVerb[] All =
    [
        new("ns", "stat", AdminRight.Everybody, f => f.Has("reset") && !f.Who.IsRoot
            ? Refuse(Errno.NotPermitted, "only root can reset the counters")
            : Here(new GatewaySignals.ReadCounts(f.Has("all"), f.Has("apps"), f.Has("reset")))),
        new("ns", "cache set", AdminRight.Root, SetCache),
        new("ns", "cache drop", AdminRight.Root, _ => Tell(new UpkeepProtocol.Forget(default), "success: directories sleep, and gateways have forgotten them")),
        new("ns", "cache drop-single-container", AdminRight.Root, f => Number(f.Word(0)) is { } id and > 0
            ? Tell(new UpkeepProtocol.Forget(new DirectoryId(id)), $"success: container {id} sleeps, and gateways have forgotten it")
            : Refuse(Errno.Invalid, $"'{f.Word(0)}' is no container id")),
        new("ns", "cache drop-single-file", AdminRight.Root, _ => Refuse(Errno.NotSupported, "a file is kept by its directory: ns cache drop-single-container drops that")),
        new("ns", "reserve-ids", AdminRight.Root, ReserveIds),
        new("ns", "compact", AdminRight.Root, Compact),
        new("ns", "compact status", AdminRight.Everybody, _ => AskNodes(UpkeepProtocol.Name, new UpkeepProtocol.Ask(), answers => Say(Leading(answers)), a => a is UpkeepProtocol.Status { IsMaster: true })),
        None("mutex", "there is no lock over the namespace: each directory is an actor"),
        None("drain", "draining is a background service that is not there yet"),
        None("tracker", "tracking of files is a background service that is not there yet"),
        None("behaviour", "no behaviour of the namespace can be changed"),
    ];

    private static AdminVerb None(string verb, string why) => new("ns", verb, AdminRight.Everybody, _ => Refuse(Errno.NotSupported, $"ns {verb}: {why}"));

    private static AdminVerdict Tell(UpkeepProtocol.IToGateway message, string line) =>
        AskNodes(UpkeepProtocol.Name, message, answers => Say($"{line} on {answers.Length} node(s)"));

    private static AdminVerdict SetCache(AdminFacts f)
    {
        if (f.Has("files")) return Refuse(Errno.NotSupported, "files are kept by their directories: there is no cache of files to size");
        if (!uint.TryParse(f.Option("directories"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) || most is < 16 or > 100_000_000)
            return Refuse(Errno.Invalid, "ns cache set -d takes a number from 16 to 100000000");
        return Tell(new UpkeepProtocol.Remember(most), $"success: gateways remember at most {most} directories, until they end,");
    }

    private static AdminVerdict ReserveIds(AdminFacts f)
    {
        if (f.Request.Arguments.Length != 2 || Number(f.Word(0)) is not { } file || Number(f.Word(1)) is not { } directory || Math.Max(file, directory) > 1UL << 60)
            return Refuse(Errno.Invalid, "ns reserve-ids takes a file id and a container id");
        return Run(facts => new ReservedIds(f.Request, file, directory, f.Who, facts));
    }

    /// <summary>`on [delay [interval [type]]]`, `off`. What is compacted does not depend on the type: names and files lie together.</summary>
    private static AdminVerdict Compact(AdminFacts f)
    {
        if (f.Request.Arguments is ["off"]) return Set(new UpkeepProtocol.Set(false, TimeSpan.Zero, TimeSpan.Zero), "success: disabled online compaction");
        if (f.Word(0) != "on" || f.Request.Arguments.Length > 4) return Refuse(Errno.Invalid, "ns compact takes: off, or on [delay [interval [type]]]");
        if (Seconds(f.Word(1)) is not { } delay || Seconds(f.Word(2)) is not { } interval) return Refuse(Errno.Invalid, "delay and interval are seconds");
        if (f.Word(3).Length > 0 && !Types.Contains(f.Word(3))) return Refuse(Errno.Invalid, $"'{f.Word(3)}' is none of {string.Join(' ', Types)}");
        return Set(new UpkeepProtocol.Set(true, delay, interval), string.Create(CultureInfo.InvariantCulture, $"success: configured online compaction to run in {delay.TotalSeconds} seconds from now (might be delayed up to 60 seconds) and every {interval.TotalSeconds} seconds"));
    }

    private static AdminVerdict Set(UpkeepProtocol.Set wish, string line) =>
        AskNodes(UpkeepProtocol.Name, wish, answers => answers.IsEmpty ? Refuse(Errno.TryAgain, "no node has answered") : Say(line));

    /// <summary>What the master says; without one what any node does.</summary>
    private static string Leading(IEnumerable<INodeReply> answers)
    {
        var all = answers.OfType<UpkeepProtocol.Status>().OrderBy(s => !s.IsMaster).ToList();
        return all.Count > 0 ? all[0].Text : CompactionState.Start.Text(TimeSpan.Zero);
    }

    private static ulong? Number(string word) => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Seconds(string word) =>
        word.Length == 0 ? TimeSpan.Zero : uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
}
