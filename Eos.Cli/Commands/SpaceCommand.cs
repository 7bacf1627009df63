using System.CommandLine;
using Eos.Cli.Render;
using Eos.Views;
using static Eos.Cli.Render.ViewFields;

namespace Eos.Cli.Commands;

/// <summary>`space …`: spaces, what is configured for them, and their capacity.</summary>
internal static class SpaceCommand
{
    private static readonly Column[] Columns =
    [
        new("type"), new("name"), new("geotag"), new("groupsize", true), new("groupmod", true), new("N(fs)", true), new("N(fs-rw)", true), new("sum(usedbytes)", true),
        new("sum(capacity)", true), new("capacity(rw)", true), new("nom.capacity", true), new("sched.capacity", true), new("usage", true), new("quota"),
        new("balancing"), new("threshold", true), new("wfe"), new("ntx", true), new("active", true), new("intergroup"),
    ];

    private static readonly Column[] IoColumns =
    [
        new("name"), new("diskload", true), new("diskr-MB/s", true), new("diskw-MB/s", true), new("ropen", true), new("wopen", true), new("used-bytes", true),
        new("max-bytes", true), new("used-files", true), new("max-files", true),
    ];

    public static Command Build(Session session) => new("space", "Spaces.")
    {
        List(session),
        Reports.Verb(session, "space", "define", "Define a space.", [Name, new Argument<string?>("groupsize") { Arity = Maybe }, new Argument<string?>("groupmod") { Arity = Maybe }]),
        Reports.Verb(session, "space", "set", "Turn a space with its groups and nodes on or off.", [Name, new Argument<string>("on|off")]),
        Reports.Verb(session, "space", "rm", "Remove a space without filesystems.", [Name]),
        Reports.Verb(session, "space", "config", "Configure a space: space.KEY=VALUE, fs.KEY=VALUE for its filesystems, or rm SPACE KEY.", [new Argument<string[]>("words") { Arity = ArgumentArity.OneOrMore }]),
        Reports.Verb(session, "space", "quota", "Turn the quota of a space on or off.", [Name, new Argument<string>("on|off")]),
        Reports.Verb(session, "space", "status", "What is configured for a space.", [Name]),
        Reports.Verb(session, "space", "node-set", "Configure all nodes of a space.", [Name, new Argument<string>("key"), new Argument<string>("value")]),
        Reports.Verb(session, "space", "node-get", "What is configured for the nodes of a space.", [Name, new Argument<string>("key")]),
        Reports.Verb(
            session, "space", "reset", "Let all nodes forget what they remember: everything, or what is named.", [Name],
            [
                new Option<bool>("--ns") { Description = "Directories sleep, and gateways forget them." },
                new Option<bool>("--nsfilesystemview") { Description = "As --ns." },
                new Option<bool>("--nsfilemap") { Description = "As --ns." },
                new Option<bool>("--nsdirectorymap") { Description = "As --ns." },
                new Option<bool>("--mapping") { Description = "Gateways read the users and groups of their machines anew." },
                new Option<bool>("--egroup") { Description = "Refused: there are no e-groups." },
                new Option<bool>("--drain") { Description = "Refused: comes with draining." },
                new Option<bool>("--scheduledrain") { Description = "Refused: comes with draining." },
                new Option<bool>("--schedulebalance") { Description = "Refused: comes with balancing." },
            ]),
        Later(session, "inspector"),
        Later(session, "tracker"),
        Later(session, "groupbalancer"),
        Later(session, "groupdrainer"),
    };

    private static Command Later(Session session, string verb) =>
        Reports.Verb(session, "space", verb, "Refused: a background service that is not there yet.", [new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore }]);

    internal static string[] Cells(SpaceView space)
    {
        var s = space.Sums;
        return
        [
            "spaceview", space.Name, s.Geotag, Key(space, "groupsize"), Key(space, "groupmod"), Text(s.Filesystems), Text(s.Writable),
            HumanSize.Of((long)s.Used), HumanSize.Of((long)s.Capacity), HumanSize.Of((long)s.CapacityRw), Key(space, "nominalsize"), HumanSize.Of((long)s.FreeRw),
            Text(FsWords.Filled(s.Used, s.Capacity)), Key(space, "quota"), Key(space, "balancer"), Key(space, "balancer.threshold"),
            Key(space, "wfe"), Key(space, "wfe.ntx"), "0", Key(space, "groupbalancer"),
        ];
    }

    internal static Pairs Record(SpaceView space)
    {
        var s = space.Sums;
        return new Pairs()
            .Add("type", "spaceview").Add("name", space.Name).Add("cfg.groupsize", Key(space, "groupsize")).Add("cfg.groupmod", Key(space, "groupmod"))
            .Add("nofs", s.Filesystems).Load(s).Rates(s).Streams(s)
            .Add("sum.stat.statfs.usedbytes", s.Used).Add("sum.stat.statfs.freebytes", s.Free).Add("sum.stat.statfs.freebytes?configstatus@rw", s.FreeRw)
            .Add("sum.stat.statfs.capacity", s.Capacity).Add("sum.stat.usedfiles", s.Files).Add("sum.stat.statfs.ffiles", s.InodesFree)
            .Add("sum.stat.statfs.files", s.Inodes).Add("sched.capacity", s.FreeRw).Add("sum.stat.statfs.capacity?configstatus@rw", s.CapacityRw)
            .Add("sum.<n>?configstatus@rw", s.Writable).Add("cfg.quota", Key(space, "quota")).Add("cfg.nominalsize", Key(space, "nominalsize"))
            .Add("cfg.balancer", Key(space, "balancer")).Add("cfg.balancer.threshold", Key(space, "balancer.threshold")).Add("local.balancer.running", 0L)
            .Add("sum.stat.disk.iops?configstatus@rw", 0L).Add("sum.stat.disk.bw?configstatus@rw", 0L);
    }

    private static Argument<string> Name => new("space");
    private static ArgumentArity Maybe => ArgumentArity.ZeroOrOne;

    private static Command List(Session session)
    {
        var words = new Argument<string[]>("match") { Arity = ArgumentArity.ZeroOrMore, Description = "Part of the name." };
        var io = new Option<bool>("--io") { Description = "Load and streams." };
        var filesystems = new Option<bool>("-l") { Description = "Also the filesystems." };
        var silent = new Option<bool>("-s") { Description = "Print nothing." };
        var list = new Command("ls", "List spaces.") { words, io, filesystems, silent };
        foreach (var option in FsCommand.Accepted()) list.Add(option);
        var printing = Printing.OptionsOf(list);
        list.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var rows = (await session.Client.SpacesAsync(cancel)).Rows.Where(s => IsMeant(parsed.GetValue(words) ?? [], s.Name)).ToList();
            if (parsed.GetValue(silent) || Printing.Rows(session, form, rows.Select(Record))) return 0;
            session.Out.Write(parsed.GetValue(io) ? Table.Draw(IoColumns, [.. rows.Select(s => Io(s.Name, s.Sums))]) : Table.Draw(Columns, [.. rows.Select(Cells)]));
            if (parsed.GetValue(filesystems)) await FsCommand.PrintAsync(session, fs => rows.Any(s => s.Name == fs.Report.Identity.Space), cancel);
            return 0;
        });
        return list;
    }

    internal static string[] Io(string name, ViewSums s) =>
    [
        name, Text(s.LoadAverage), Text(s.ReadRate), Text(s.WriteRate), Text(s.OpenForRead), Text(s.OpenForWrite), HumanSize.Of((long)s.Used), HumanSize.Of((long)s.Capacity),
        Text(s.Files), Text(s.Inodes),
    ];

    internal static IReadOnlyList<Column> ColumnsOfIo(string header) => [new(header), .. IoColumns.Skip(1)];

    private static string Key(SpaceView space, string key) => space.Keys.GetValueOrDefault(key) ?? SpaceDefaults.All[key];
}
