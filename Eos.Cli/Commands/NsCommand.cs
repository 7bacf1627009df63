using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`ns [-m]` and what stands behind it.</summary>
internal static class NsCommand
{
    public static Command Build(Session session)
    {
        var command = new Command("ns", "The namespace in numbers.")
        {
            NsStatCommand.Build(session), NsMasterCommand.Build(session), NsCheckCommand.Build(session), NsCacheCommand.Build(session), NsBenchmark.Build(session),
            Reports.Verb(session, "ns", "reserve-ids", "Never give file and container ids up to these.", [new Argument<string>("fid"), new Argument<string>("cid")]),
            Reports.Verb(
                session, "ns", "compact", "Compact directories' journals and the files of the group: `on [delay [interval [type]]]` in seconds, or `off`.",
                [new Argument<string[]>("order") { Arity = ArgumentArity.OneOrMore, Description = "on or off, delay, interval, and files, directories or all." }]),
            Refused(session, "mutex"), Refused(session, "drain"), Refused(session, "tracker"), Refused(session, "behaviour"),
        };
        foreach (var verb in QuotaCommand.OfNamespace(session)) command.Add(verb);
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var summary = await NsSummary.AskAsync(session, cancel);
            if (!Printing.Rows(session, form, summary.Rows)) summary.Draw(session.Out);
            return 0;
        });
        return command;
    }

    private static Command Refused(Session session, string verb) => Reports.Verb(
        session, "ns", verb, "Known to EOS, without a meaning here.", [new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "Anything." }]);
}
