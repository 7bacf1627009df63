using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`route ls|link|unlink`: prefixes of paths that another instance has.</summary>
internal static class RouteCommand
{
    public static Command Build(Session session) => new("route", "Paths that other instances have.")
    {
        Reports.Verb(session, "route", "ls", "List the routes.", [new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne, Description = "Only that one." }]),
        Reports.Verb(
            session, "route", "link", "Send clients that ask for paths below PATH to another instance.",
            [new Argument<string>("path"), new Argument<string>("endpoints") { Description = "host[:port[:http-port]], with commas between." }]),
        Reports.Verb(session, "route", "unlink", "Take a route away.", [new Argument<string>("path")]),
    };
}
