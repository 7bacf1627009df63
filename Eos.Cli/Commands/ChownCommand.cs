using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`chown [-r] [-h] owner[:group]|:group path`: by names or numbers, as the instance knows them.</summary>
internal static class ChownCommand
{
    public static Command Build(Session session)
    {
        var recursive = new Option<bool>("-r", "--recursive") { Description = "All below too; of symbolic links none, or with -h the links themselves." };
        var ofLink = new Option<bool>("-h", "--nodereference") { Description = "A symbolic link itself, not what it points to." };
        var owner = new Argument<string>("owner[:group]") { Description = "Or :group alone." };
        var path = new Argument<string>("path");
        var command = new Command("chown", "Change the owner.") { recursive, ofLink, owner, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(owner)!, session.Path(parsed.GetValue(path)!));
            var (user, group) = Of(typed);
            var (links, code) = (parsed.GetValue(ofLink), 0);
            if (parsed.GetValue(recursive))
                code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeOwnerOfTreeAsync(target, user, group, links, take, cancel));
            else await session.Client.ChangeOwnerAsync(target, user, group, links, cancel);
            if (code == 0) session.Out.WriteLine($"success: owner of file/directory {target} is now '{typed}'");
            return code;
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
