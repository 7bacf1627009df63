using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`quota ls|set|rm|rmnode`: what users, groups and projects have and may have.</summary>
internal static class QuotaCommand
{
    private static readonly string[] Values =
        ["used bytes", "logi bytes", "used files", "aval bytes", "aval logib", "aval files", "filled[%]", "vol-status", "ino-status"];

    public static Command Build(Session session)
    {
        var command = new Command("quota", "What users, groups and projects have and may have.")
        {
            List(session, new Command("ls", "List quota nodes: all, or the one that a path belongs to."), "ls"),
            Reports.Verb(session, "quota", "set", "Set limits of a user or group; -g 99 is the project.", flags: [User(), Group(), Value("-v", "Bytes on disks."), Value("-i", "Files."), Path()]),
            Reports.Verb(session, "quota", "rm", "Take limits away: volume (-v), inodes (-i), or both without either.", flags: [User(), Group(), Flag("-v", "The limit of bytes."), Flag("-i", "The limit of files."), Path()]),
            RemoveNode(session),
        };
        return List(session, command, "");
    }

    /// <summary>`ns recompute_tree_size|recompute_quotanode|update_quotanode`.</summary>
    public static IEnumerable<Command> OfNamespace(Session session) =>
    [
        Reports.Verb(session, "ns", "recompute_tree_size", "Count the directories of a tree anew.", [new Argument<string>("path")], [new Option<string>("--depth") { Description = "Levels below; all without it." }]),
        Reports.Verb(session, "ns", "recompute_quotanode", "Forget what update_quotanode has set.", [new Argument<string>("path")]),
        Reports.Verb(
            session, "ns", "update_quotanode", "Let usage be this until it is counted anew: PATH uid:N|gid:N [bytes:N] [physicalbytes:N] [inodes:N].", [new Argument<string[]>("words") { Arity = ArgumentArity.OneOrMore }]),
    ];

    private static Command List(Session session, Command command, string verb)
    {
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "Only the quota node that it belongs to." };
        Option[] flags =
        [
            Flag("-n", "Numbers in place of names."), User(), Group(), Path(), Value("-x", "As -p."), Value("-q", "As -p, and the path must be a quota node."),
        ];
        command.Arguments.Add(path);
        foreach (var flag in flags) command.Options.Add(flag);
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var options = flags.Where(f => parsed.GetResult(f) is { Implicit: false })
                .Select(f => KeyValuePair.Create(f.Name.TrimStart('-'), parsed.GetResult(f)!.Tokens is [var value, ..] ? value.Value : ""));
            var report = await session.Client.AdministerAsync("quota", verb, parsed.GetValue(path) is { } only ? [only] : [], options, cancel);
            if (form != Form.Human) Reports.Print(session, form, report);
            else Draw(session.Out, report);
            return 0;
        });
        return command;
    }

    private static Command RemoveNode(Session session)
    {
        var (path, sure) = (Path(), new Option<bool>("--really-want") { Description = "Do not ask." });
        var command = new Command("rmnode", "Let a directory be no quota node any more.") { path, sure };
        command.SetAction(async (parsed, cancel) =>
        {
            var node = parsed.GetValue(path) ?? "";
            if (!parsed.GetValue(sure) && session.Terminal.InputIsTerminal && !session.Options.Batch)
            {
                session.Out.Write($"Do you really want to delete the quota node {node} ? Type yes => ");
                session.Out.Flush();
                if (Console.ReadLine()?.Trim() != "yes") throw new EosException(Errno.Invalid, "deletion of the quota node aborted");
            }
            Reports.Print(session, session.Options.Form, await session.Client.AdministerAsync("quota", "rmnode", [], [KeyValuePair.Create("p", node)], cancel));
            return 0;
        });
        return command;
    }

    /// <summary>A table of users and one of groups for each node, each followed by that of all together.</summary>
    private static void Draw(TextWriter output, Report report)
    {
        foreach (var node in report.Records.Select(r => r.Pairs.ToDictionary(p => p.Key, p => p.Value)).GroupBy(r => r["space"]))
        {
            output.WriteLine($"┏━> Quota Node: {node.Key}");
            foreach (var kind in new[] { ("user", "uid"), ("group", "gid") })
            {
                var rows = node.Where(r => r.ContainsKey(kind.Item2)).ToList();
                foreach (var part in new[] { rows.Where(r => r[kind.Item2] != "ALL"), rows.Where(r => r[kind.Item2] == "ALL") })
                    output.Write(Table.Draw([new Column(kind.Item1), .. Values.Select((v, i) => new Column(v, i < 7))], [.. part.Select(r => Cells(r, kind.Item2))]));
            }
            output.WriteLine();
        }
    }

    private static string[] Cells(Dictionary<string, string> row, string kind) =>
    [
        row[kind], Size(row["usedbytes"]), Size(row["usedlogicalbytes"]), Size(row["usedfiles"]), Size(row["maxbytes"]), Size(row["maxlogicalbytes"]), Size(row["maxfiles"]),
        row["percentageusedbytes"], row["statusbytes"], row["statusfiles"],
    ];

    private static string Size(string number) => HumanSize.Of((long)Math.Min(ulong.Parse(number, CultureInfo.InvariantCulture), long.MaxValue));

    private static Option<string> Path() => Value("-p", "Path of the quota node.");

    private static Option<string> User() => Value("-u", "A user, by name or number.");

    private static Option<string> Group() => Value("-g", "A group, by name or number.");

    private static Option<string> Value(string name, string description) => new(name) { Description = description };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
