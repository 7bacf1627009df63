using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`whoami`, `who` and `member`: as whom the instance sees the caller, who else is there, and who is in a group.</summary>
internal static class WhoCommands
{
    public static Command WhoAmI(Session session)
    {
        var command = new Command("whoami", "Print my identity as the instance sees it.");
        Reports.Fill(session, command, "whoami", "", [], []);
        return command;
    }

    public static Command Who(Session session)
    {
        var command = new Command("who", "Print who has asked the node that answers in the last five minutes.");
        Reports.Fill(session, command, "who", "", [],
        [
            Flag("-c", "Break down by client."), Flag("-n", "Numbers instead of names."), Flag("-z", "Break down by way of authentication."), Flag("-a", "Print all of it."),
            Flag("-s", "Print the number of clients."),
        ]);
        return command;
    }

    public static Command Member(Session session)
    {
        var command = new Command("member", "Print whether I am in a group.");
        Reports.Fill(session, command, "member", "", [new Argument<string>("egroup")], [Flag("--update", "Look anew; the nodes do that by themselves every minute.")]);
        return command;
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
