using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>All commands, in the order in which help lists them.</summary>
internal static class Nouns
{
    public static IEnumerable<Command> All(Session session) =>
    [
        MkdirCommand.Build(session),
        LsCommand.Build(session),
        CpCommand.Build(session),
        CatCommand.Build(session),
        MvCommand.Build(session),
        EntryCommands.Link(session, "ln"),
        EntryCommands.Touch(session),
        RmCommand.Build(session),
        RmdirCommand.Build(session),
        StatCommand.Build(session),
        FindCommand.Build(session),
        DuCommand.Build(session),
        FileCommand.BuildInfo(session),
        FileCommand.Build(session),
        AttrCommand.Build(session),
        AclCommand.Build(session),
        ChmodCommand.Build(session),
        ChownCommand.Build(session),
        DfCommand.Build(session),
        FsCommand.Build(session),
        NodeCommand.Build(session),
        GroupCommand.Build(session),
        SpaceCommand.Build(session),
        RecycleCommand.Build(session),
        NsCommand.Build(session),
        QuotaCommand.Build(session),
        ConfigCommand.Build(session),
        MapCommand.Build(session),
        RouteCommand.Build(session),
        LogCommands.BuildDebug(session),
        LogCommands.BuildRealTime(session),
        VersionCommand.Build(session),
        VidCommand.Build(session),
        AccessCommand.Build(session),
        TokenCommand.Build(session),
        WhoCommands.Who(session),
        WhoCommands.WhoAmI(session),
        WhoCommands.Member(session),
        MotdCommand.Build(session),
        TestCommand.Build(session),
    ];
}
