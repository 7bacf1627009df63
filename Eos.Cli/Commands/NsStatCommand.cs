using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`ns stat [-a] [-x] [-m] [-n] [--reset]`: what the node that answers was asked, how often, how long it took, by whom, and who was held up; `ns` stands before it.</summary>
internal static class NsStatCommand
{
    private static readonly string[] Windows = ["5s", "60s", "300s", "3600s"];
    private static readonly Column[] Counts = [new("command"), new("sum", true), new("5s", true), new("1min", true), new("5min", true), new("1h", true)];

    private static readonly Column[] Times =
        [new("exec(ms)", true), new("sigma(ms)", true), new("99p(ms)", true), new("max(ms)", true), new("cumul", true)];

    private static readonly Column[] Limits =
        [new("uid"), new("threads", true), new("sessions", true), new("limit", true), new("stalls", true), new("stalltime", true), new("status")];

    public static Command Build(Session session)
    {
        var all = new Option<bool>("-a", "--all") { Description = "By users and groups too." };
        var apps = new Option<bool>("-x", "--apps") { Description = "By applications too." };
        var numeric = new Option<bool>("-n", "--numeric") { Description = "Users and groups as numbers." };
        var reset = new Option<bool>("--reset") { Description = "Then count from nothing again." };
        var command = new Command("stat", "What the namespace was asked, how often, and how long it took.") { all, apps, numeric, reset };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var options = new (Option<bool> Option, string Name)[] { (all, "all"), (apps, "apps"), (reset, "reset") }
                .Where(o => parsed.GetValue(o.Option)).Select(o => KeyValuePair.Create(o.Name, ""));
            var report = await session.Client.AdministerAsync("ns", "stat", [], options, cancel);
            var summary = await NsSummary.AskAsync(session, cancel);
            if (Printing.Rows(session, form, summary.Rows.Concat(report.Records.Select(Reports.PairsOf)))) return 0;
            summary.Draw(session.Out);
            Draw(session, report, parsed.GetValue(numeric));
            return 0;
        });
        return command;
    }

    private static void Draw(Session session, Report report, bool numeric)
    {
        var rows = report.Records.Where(r => Value(r, "cmd").Length > 0).ToList();
        Table("who", r => Value(r, "uid") == "all" && Value(r, "gid") == "all", _ => "all", times: true);
        Table("user", r => IsOne(r, "uid"), r => Named(Value(r, "uid"), session.Names.User));
        Table("group", r => IsOne(r, "gid"), r => Named(Value(r, "gid"), session.Names.Group));
        Table("app", r => Value(r, "app").Length > 0, r => Value(r, "app"));
        session.Out.Write(Render.Table.Draw(
            Limits, [.. report.Records.Where(r => Value(r, "status").Length > 0).Select(r => (string[])[Named(Value(r, "uid"), session.Names.User), .. Limits.Skip(1).Select(c => Value(r, c.Header))])]));

        void Table(string title, Func<AdminRecord, bool> isOf, Func<AdminRecord, string> owner, bool times = false) => session.Out.Write(Render.Table.Draw(
            [new Column(title), .. Counts, .. times ? Times : []],
            [.. rows.Where(isOf).Select(r => (string[])[owner(r), Value(r, "cmd"), Value(r, "total"), .. Windows.Select(w => Value(r, w)), .. times ? TimesOf(r) : []])]));

        string Named(string id, Func<uint, string> name) => numeric ? id : name(uint.Parse(id, CultureInfo.InvariantCulture));
    }

    private static bool IsOne(AdminRecord row, string key) => Value(row, key) is { Length: > 0 } id && id != "all";

    private static string[] TimesOf(AdminRecord row) => [.. new[] { "exec", "execsig", "exec99", "execmax", "cumulexecms" }.Select(key => Value(row, key))];

    private static string Value(AdminRecord row, string key) => row.Pairs.FirstOrDefault(p => p.Key == key).Value ?? "";
}
