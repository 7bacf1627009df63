using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`vid`: rules that say who is who, who may act for whom, and how much nobody sees.</summary>
internal static class VidCommand
{
    public static Command Build(Session session) => new("vid", "Who is who: rules that map callers to users and groups.")
    {
        Reports.Verb(session, "vid", "ls", "List the rules.", [],
        [
            Flag("-u", "User memberships."), Flag("-g", "Group memberships."), Flag("-s", "Sudoers."), Flag("-U", "Rules for users."), Flag("-G", "Rules for groups."),
            Flag("-y", "Gateways."), Flag("-a", "Ways of authentication."), Flag("-N", "How deep nobody sees."), Flag("-l", "Geotags."), Flag("-n", "Numbers instead of names."),
        ]),
        Words(session, "set", "membership UID -uids a,b | -gids a,b | +sudo | -sudo; map -sss|-unix|-https|… PATTERN vuid:U vgid:G; geotag ADDRESS-PREFIX TAG"),
        Words(session, "rm", "KEY as `vid ls` shows it, or membership UID"),
        Words(session, "enable", "krb5|gsi|https|sss|unix|grpc|ztn"),
        Words(session, "disable", "krb5|gsi|https|sss|unix|grpc|ztn"),
        Words(session, "add", "gateway HOST [protocol]"),
        Words(session, "remove", "gateway HOST [protocol]"),
        Words(session, "publicaccesslevel", "LEVEL: nobody sees nothing that lies so deep or deeper"),
        Words(session, "tokensudo", "always|encrypted|strong|never"),
    };

    private static Command Words(Session session, string verb, string usage) =>
        Reports.Verb(session, "vid", verb, usage, [new Argument<string[]>("words") { Arity = ArgumentArity.OneOrMore, Description = usage }]);

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
