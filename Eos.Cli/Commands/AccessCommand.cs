using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`access`: who is let in, and how fast.</summary>
internal static class AccessCommand
{
    public static Command Build(Session session) => new("access", "Bans, allowances, redirections, stalls and limits.")
    {
        Words(session, "ban", "user|group|host|domain|token NAME"),
        Words(session, "unban", "user|group|host|domain|token NAME"),
        Words(session, "allow", "user|group|host|domain|token NAME: from then on only those who are allowed are let in"),
        Words(session, "unallow", "user|group|host|domain|token NAME"),
        Words(session, "set", "redirect HOST[:PORT[:MS]] [r|w|ENOENT|ENONET|ENETUNREACH] | stall SECONDS [type] | limit N rate:user|group:NAME:COUNTER | limit N threads:NAME"),
        Words(session, "rm", "redirect [type] | stall [type] | limit KEY"),
        Words(session, "stallhosts", "add|remove stall|nostall PATTERN"),
        Reports.Verb(session, "access", "ls", "List all rules.", [], [new Option<bool>("-n") { Description = "Numbers instead of names." }]),
    };

    private static Command Words(Session session, string verb, string usage) =>
        Reports.Verb(session, "access", verb, usage, [new Argument<string[]>("words") { Arity = ArgumentArity.OneOrMore, Description = usage }]);
}
