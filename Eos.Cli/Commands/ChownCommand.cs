using System.CommandLine;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`chown [-h] owner[:group]|:group path`: by names or numbers, as the instance knows them.</summary>
internal static class ChownCommand
{
    public static Command Build(Session session)
    {
        var ofLink = new Option<bool>("-h", "--nodereference") { Description = "A symbolic link itself, not what it points to." };
        var owner = new Argument<string>("owner[:group]") { Description = "Or :group alone." };
        var path = new Argument<string>("path");
        var command = new Command("chown", "Change the owner.") { ofLink, owner, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(owner)!, session.Path(parsed.GetValue(path)!));
            var (user, group) = Of(typed);
            await session.Client.ChangeOwnerAsync(target, user, group, parsed.GetValue(ofLink), cancel);
            session.Out.WriteLine($"success: owner of file/directory {target} is now '{typed}'");
            return 0;
        });
        return command;
    }

    /// <summary>EINVAL for nobody, and for more than two parts.</summary>
    public static (string User, string Group) Of(string typed) => typed.Split(':') switch
    {
        [{ Length: > 0 } user] => (user, ""),
        [{ Length: > 0 } user, { Length: > 0 } group] => (user, group),
        ["", { Length: > 0 } group] => ("", group),
        _ => throw new EosException(Errno.Invalid, $"'{typed}' is no owner: user, user:group and :group are"),
    };
}
