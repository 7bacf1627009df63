using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`debug` and `rtlog`: how much the nodes log, and what they logged last.</summary>
internal static class LogCommands
{
    public static Command BuildDebug(Session session)
    {
        var level = new Argument<string>("level") { Description = "get, this, or debug, info, notice, warning, err, crit, alert, emerg." };
        var node = new Argument<string?>("node") { Arity = ArgumentArity.ZeroOrOne, Description = "A node's name, host:port, /eos/host:port/mgm|fst, or * (the default). With `this`: the level." };
        var filter = new Option<string?>("--filter") { Description = "Sources whose lines are not kept for rtlog: words with commas between." };
        var command = new Command("debug", "Show or set how much the nodes log, until they end.") { level, node, filter };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (form, word, where) = (printing.Form(parsed, session), parsed.GetValue(level)!, parsed.GetValue(node));
            var isGet = word == "get" || word == "this" && where is null;
            string[] words = (word, where) switch
            {
                ("get", _) => [where ?? "*"],
                ("this", null) => ["."],
                ("this", _) => [where, "."],
                _ => [word, where ?? "*"],
            };
            IEnumerable<KeyValuePair<string, string>> options = parsed.GetValue(filter) is { } sources ? [KeyValuePair.Create("filter", sources)] : [];
            Reports.Print(session, form, await session.Client.AdministerAsync("debug", isGet ? "get" : "set", words, options, cancel));
            return 0;
        });
        return command;
    }

    public static Command BuildRealTime(Session session)
    {
        var command = new Command("rtlog", "Print what the nodes logged last.");
        Reports.Fill(
            session, command, "rtlog", "",
            [
                new Argument<string>("node") { Description = "A node's name, host:port, /eos/host:port/mgm|fst, * for all, . for the one that answers." },
                new Argument<string?>("seconds") { Arity = ArgumentArity.ZeroOrOne, Description = "So far back; 3600 without it." },
                new Argument<string?>("level") { Arity = ArgumentArity.ZeroOrOne, Description = "At least so grave; err without it." },
                new Argument<string?>("filter") { Arity = ArgumentArity.ZeroOrOne, Description = "With this word in it." },
            ],
            []);
        return command;
    }
}
