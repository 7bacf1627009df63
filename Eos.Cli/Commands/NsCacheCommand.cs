using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`ns cache set|drop|drop-single-file|drop-single-container`: what gateways remember of directories, and directories that are awake.</summary>
internal static class NsCacheCommand
{
    public static Command Build(Session session) => new("cache", "What is remembered of the namespace.")
    {
        Verb(session, "set", "Let gateways remember at most so many directories, until they end.", [],
        [
            new Option<string>("--directories", "-d") { Description = "How many." },
            new Option<string>("--files", "-f") { Description = "There is no such cache: refused." },
        ]),
        Verb(session, "drop", "Let directories sleep, and gateways forget.", [],
        [
            new Option<bool>("--directories", "-d") { Description = "As without." },
            new Option<bool>("--files", "-f") { Description = "As without: files are kept by their directories." },
        ]),
        Verb(session, "drop-single-file", "Refused: a file is kept by its directory.", [new Argument<string>("fid") { Description = "Its number." }], []),
        Verb(session, "drop-single-container", "Let one directory sleep.", [new Argument<string>("cid") { Description = "Its number." }], []),
    };

    private static Command Verb(Session session, string verb, string description, Argument[] words, Option[] flags)
    {
        var command = new Command(verb, description);
        Reports.Fill(session, command, "ns", $"cache {verb}", words, flags);
        return command;
    }
}
