using System.CommandLine;
using Eos.Cli.Render;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>How commands of administrators are sent, and how their reports are printed.</summary>
internal static class Reports
{
    /// <summary>Makes `verb` a sub-command that sends `noun verb words… --options` and prints what comes.</summary>
    /// <param name="words">Arguments in order; each gives as many words as it was given.</param>
    /// <param name="flags">Options without a value; sent by their names without dashes.</param>
    public static Command Verb(Session session, string noun, string verb, string description, Argument[]? words = null, Option[]? flags = null)
    {
        var command = new Command(verb, description);
        Fill(session, command, noun, verb, words ?? [], flags ?? []);
        return command;
    }

    /// <summary>The same for a command that is there: what it does without a sub-command.</summary>
    public static void Fill(Session session, Command command, string noun, string verb, Argument[] words, Option[] flags)
    {
        foreach (var word in words) command.Arguments.Add(word);
        foreach (var flag in flags) command.Options.Add(flag);
        var printing = flags.Any(f => f.Name == "-m") ? new Printing() : Printing.OptionsOf(command);   // a command's own -m is no form of output
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var arguments = words.SelectMany(w => parsed.GetResult(w)?.Tokens.Select(t => t.Value) ?? []);
            var options = flags.Where(f => parsed.GetResult(f) is { Implicit: false })
                .Select(f => KeyValuePair.Create(f.Name.TrimStart('-'), parsed.GetResult(f)!.Tokens is [var value, ..] ? value.Value : ""));
            Print(session, form, await session.Client.AdministerAsync(noun, verb, arguments, options, cancel));
            return 0;
        });
    }

    /// <summary>Records by -m and -j; for people the lines, or a table of the records where there are none.</summary>
    public static void Print(Session session, Form form, Report report)
    {
        if (form != Form.Human && (report.Records.Length > 0 || form == Form.Json))
        {
            var rows = report.Records.Length > 0 ? report.Records.Select(PairsOf) : report.Lines.Select(l => new Pairs().Add("line", l));
            Printing.Rows(session, form, rows);
            return;
        }
        foreach (var line in report.Lines) session.Out.WriteLine(line);
        if (report.Lines.IsEmpty && report.Records is [var first, ..])
            session.Out.Write(Table.Draw([.. first.Pairs.Select(p => new Column(p.Key, p.IsNumber))], [.. report.Records.Select(r => r.Pairs.Select(p => p.Value).ToArray())]));
    }

    public static Pairs PairsOf(AdminRecord record) => record.Pairs.Aggregate(new Pairs(), (pairs, p) => p.IsNumber ? pairs.AddNumber(p.Key, p.Value) : pairs.Add(p.Key, p.Value));
}
