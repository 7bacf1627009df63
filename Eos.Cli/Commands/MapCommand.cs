using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`map ls|link|unlink`: paths that begin with one prefix mean another, for all clients.</summary>
internal static class MapCommand
{
    public static Command Build(Session session) => new("map", "Paths that mean other paths.")
    {
        Reports.Verb(session, "map", "ls", "List the mapping."),
        Reports.Verb(session, "map", "link", "Let paths below SOURCE mean paths below DESTINATION.", [new Argument<string>("source"), new Argument<string>("destination")]),
        Reports.Verb(session, "map", "unlink", "Take a mapping away.", [new Argument<string>("source")]),
    };
}
