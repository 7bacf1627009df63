using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;

namespace Eos.Cli.Commands;

/// <summary>`acl [-l] [-R] [--sys|--user] [--front|--position n] rule path`: one rule is changed where it is, so that changes at the same time lose nothing.</summary>
internal static class AclCommand
{
    public static Command Build(Session session)
    {
        var recursive = new Option<bool>("-R", "--recursive") { Description = "All directories below too." };
        var list = new Option<bool>("-l", "--list") { Description = "Show the rules." };
        var sys = new Option<bool>("--sys") { Description = "The rules of sys.acl; what a sudoer changes if nothing else is said." };
        var user = new Option<bool>("--user") { Description = "The rules of user.acl; what others change." };
        var front = new Option<bool>("-f", "--front") { Description = "The rule becomes the first one." };
        var position = new Option<uint?>("-p", "--position") { Description = "The rule gets this place, from 1." };
        var locked = new Option<bool>("--with-synchronous-write-lock") { Description = "As EOS has it; here every change is such a one." };
        var words = new Argument<string[]>("rule path")
        {
            Arity = new ArgumentArity(1, 2),
            Description = "u:<id>=rwx sets, u:<id>:+w-d changes, u:<id>= takes away; also g:, egroup:, k: and z. With -l the path alone.",
        };
        var command = new Command("acl", "Rules of access.") { recursive, list, sys, user, front, position, locked, words };
        command.SetAction(async (parsed, cancel) =>
        {
            var typed = parsed.GetValue(words)!;
            var (ofSys, ofUser) = (parsed.GetValue(sys), parsed.GetValue(user));
            if (ofSys && ofUser) throw new EosException(Errno.Invalid, "either --sys or --user");
            if (parsed.GetValue(list) != (typed.Length == 1)) throw new EosException(Errno.Invalid, "acl needs a rule and a path, and with -l a path alone");
            bool? which = ofSys ? false : ofUser ? true : null;
            if (parsed.GetValue(list))
            {
                await ListAsync(session, session.Path(typed[0]), which, cancel);
                return 0;
            }
            var (target, place) = (session.Path(typed[1]), parsed.GetValue(front) ? 1 : Place(parsed.GetValue(position)));
            if (parsed.GetValue(recursive)) return await TreeProgress.ShowAsync(session, "changed", take => session.Client.EditAclOfTreeAsync(target, typed[0], which, place, take, cancel));
            await session.Client.EditAclAsync(target, typed[0], which, place, cancel);
            return 0;
        });
        return command;
    }

    private static uint? Place(uint? typed) => typed != 0 ? typed : throw new EosException(Errno.Invalid, "places are counted from 1");

    private static async Task ListAsync(Session session, string path, bool? ofUser, CancellationToken cancel)
    {
        var acl = await session.Client.AclAsync(path, cancel);
        var (sys, user) = (ofUser == true ? "" : acl.Sys, ofUser == false ? "" : acl.User);
        if (sys.Length + user.Length == 0) throw new EosException(Errno.NoData, $"{path} has no rules of access");
        if (sys.Length > 0) await WriteAsync("# sys.acl", sys, user.Length > 0);
        if (user.Length > 0) await WriteAsync("# user.acl", user, sys.Length > 0);

        async Task WriteAsync(string title, string rules, bool titled)
        {
            if (titled) await session.Out.WriteLineAsync(title);
            await session.Out.WriteLineAsync(rules);
        }
    }
}
