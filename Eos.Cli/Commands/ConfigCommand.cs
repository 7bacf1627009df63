using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`config`: the configuration of the instance, which every node follows.</summary>
internal static class ConfigCommand
{
    public static Command Build(Session session) => new("config", "The configuration of the instance.")
    {
        Reports.Verb(session, "config", "dump", "Print the configuration, or one that was saved.", [Name(ArgumentArity.ZeroOrOne)]),
        Reports.Verb(session, "config", "ls", "List the configurations; the one in use has a star.", flags: [Flag("--backup", "-b", "Backups too.")]),
        Reports.Verb(session, "config", "save", "Put the configuration by under a name, which it has from then on.", [Name(ArgumentArity.ExactlyOne)], [Force(), Comment()]),
        Reports.Verb(session, "config", "load", "Take a saved configuration; the one in use is put by.", [Name(ArgumentArity.ExactlyOne)]),
        Export(session),
        Reports.Verb(session, "config", "reset", "Empty the configuration; as it was it is among the backups."),
        Reports.Verb(session, "config", "changelog", "Print the last changes.", [new Argument<string?>("lines") { Arity = ArgumentArity.ZeroOrOne, Description = "How many; 10 without it." }]),
    };

    private static Command Export(Session session)
    {
        var (file, force) = (new Argument<string>("file") { Description = "A file of this machine, with lines as `config dump` prints them." }, Force());
        var command = new Command("export", "Save the configuration that a file describes, under the file's name.") { file, force };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var (form, path) = (printing.Form(parsed, session), parsed.GetValue(file)!);
            var lines = await File.ReadAllLinesAsync(path, cancel);
            var name = Path.GetFileName(path) is var own && own.EndsWith(".eoscf", StringComparison.Ordinal) ? own[..^".eoscf".Length] : own;
            IEnumerable<KeyValuePair<string, string>> options = parsed.GetValue((Option<bool>)force) ? [KeyValuePair.Create("force", "")] : [];
            Reports.Print(session, form, await session.Client.AdministerAsync("config", "export", lines.Prepend(name), options, cancel));
            return 0;
        });
        return command;
    }

    private static Argument Name(ArgumentArity arity) => new Argument<string?>("name") { Arity = arity, Description = "Of the configuration." };

    private static Option Force() => Flag("--force", "-f", "Replace the one that has the name; it goes to the backups.");

    private static Option Comment() => new Option<string>("--comment", "-c") { Description = "Why: kept with the configuration." };

    private static Option Flag(string name, string alias, string description) => new Option<bool>(name, alias) { Description = description };
}
