using System.Collections.Immutable;
using System.Globalization;
using Eos.Instance;
using Eos.Kernel;
using Eos.Logs;
using static Eos.Gateway.AdminVerdict;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`debug` and `rtlog`: how much the nodes log, and what they logged last.</summary>
internal static class LogVerbs
{
    private const string Usual = "3600";

    public static readonly AdminVerb[] All =
    [
        new("debug", "get", AdminRight.Root, f => Ask(new LogProtocol.AskLevel(Target(f.Word(0))), _ => "")),
        new("debug", "set", AdminRight.Root, Set),
        new("rtlog", "", AdminRight.Administrator, Read),
    ];

    private static AdminVerdict Set(AdminFacts f)
    {
        if (Severities.Parse(f.Word(0)) is not { } severity) return new No(Severities.Unknown(f.Word(0)));
        return Ask(new LogProtocol.SetLevel(Target(f.Word(1)), severity, f.Option("filter")), names => $"success: log level is now {severity.Word()} on {names}");
    }

    private static AdminVerdict Ask(LogProtocol.IQuestion question, Func<string, string> head) => AskNodes(LogProtocol.Name, question, answers =>
    {
        var levels = answers.OfType<LogProtocol.Level>().OrderBy(l => l.Node, StringComparer.Ordinal).ToList();
        if (levels.Count == 0) return Refuse(Errno.NoEntry, $"no node '{question.Node}' has answered");
        var line = head(string.Join(", ", levels.Select(l => l.Name.Length > 0 ? l.Name : l.Node)));
        return Rows(
            levels.Select(l => AdminRecord.Empty.Add("node", l.Node).Add("name", l.Name).Add("level", l.Severity.Word())),
            line.Length > 0 ? [line] : levels.Select(l => $"/eos/{l.Node} {l.Name} := {l.Severity.Word()}"));
    });

    /// <summary>`rtlog queue|*|. [seconds [level [word]]]`.</summary>
    private static AdminVerdict Read(AdminFacts f)
    {
        var (age, level) = (f.Word(1).Length > 0 ? f.Word(1) : Usual, f.Word(2).Length > 0 ? f.Word(2) : Severity.Error.Word());
        if (!uint.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return Refuse(Errno.Invalid, $"'{age}' is no number of seconds");
        if (Severities.Parse(level) is not { } least) return new No(Severities.Unknown(level));
        var question = new LogProtocol.Read(Target(f.Word(0)), TimeSpan.FromSeconds(seconds), least, f.Word(3));
        return AskNodes(LogProtocol.Name, question, answers =>
        {
            var all = answers.OfType<LogProtocol.Lines>().ToList();
            if (all.Count == 0) return Refuse(Errno.NoEntry, $"no node '{question.Node}' has answered");
            var lines = all.SelectMany(a => a.Found.Select(l => (a.Node, Line: l))).OrderBy(l => l.Line.At).ToImmutableArray();
            return Rows(
                lines.Select(l => AdminRecord.Empty.Add("time", l.Line.At.ToString()).Add("node", l.Node).Add("level", l.Line.Severity.Word()).Add("source", l.Line.Source).Add("text", l.Line.Text)),
                lines.Select(l => $"{InstanceRows.Date(l.Line.At, "yyyy-MM-dd HH:mm:ss.fff")} {l.Line.Severity.Word().ToUpperInvariant(),-7} {l.Node} [{l.Line.Source}] {l.Line.Text}"));
        });
    }

    private static string Target(string word) => word.Length == 0 ? "*" : word;
}
