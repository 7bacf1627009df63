using System.CommandLine;
using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Cli.Commands;

/// <summary>`file symlink|touch|tag`, also `ln` and `touch`: entries that come without an upload, and what is said of a file's places.</summary>
internal static class EntryCommands
{
    public static IEnumerable<Command> All(Session session) => [Link(session, "symlink"), Touch(session), Tag(session)];

    public static Command Link(Session session, string word)
    {
        var (link, target) = (new Argument<string>("link"), new Argument<string>("target") { Description = "A path, absolute or relative to the link, or the number of a file or directory." });
        var replace = new Option<bool>("-f") { Description = "In place of a file or link that is there." };
        var command = new Command(word, "Make a symbolic link.") { replace, link, target };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = session.Path(parsed.GetValue(link)!);
            await session.Client.LinkAsync(path, parsed.GetValue(target)!, parsed.GetValue(replace), cancel);
            session.Out.WriteLine($"success: linked '{path}'");
            return 0;
        });
        return command;
    }

    public static Command Touch(Session session)
    {
        var paths = new Argument<string[]>("path") { Arity = ArgumentArity.OneOrMore };
        var unplaced = new Option<bool>("-n") { Description = "A new file has a plain layout, whatever the directory wants." };
        var truncate = new Option<bool>("-0") { Description = "The bytes of a file that is there go." };
        var locks = new Option<bool>("-l") { Description = "Lock PATH for this user and program (eos -a); behind it may stand a lifetime in seconds, a day without, and an audience: user or app." };
        var unlocks = new Option<bool>("-u") { Description = "Take the lock away." };
        var command = new Command("touch", "Give a file the present time, or make an empty one; or lock it.") { unplaced, truncate, locks, unlocks, paths };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(locks) || parsed.GetValue(unlocks))
            {
                var words = parsed.GetValue(paths)!;
                var report = await session.Client.AdministerAsync("file", parsed.GetValue(locks) ? "lock" : "unlock", [session.Path(words[0]), .. words[1..]], cancel: cancel);
                Reports.Print(session, session.Options.Form, report);
                return 0;
            }
            foreach (var typed in parsed.GetValue(paths)!)
            {
                var path = session.Path(typed);
                await session.Client.TouchAsync(path, !parsed.GetValue(unplaced), parsed.GetValue(truncate), cancel);
                session.Out.WriteLine($"success: touched '{path}'");
            }
            return 0;
        });
        return command;
    }

    private static Command Tag(Session session)
    {
        var path = new Argument<string>("path");
        var place = new Argument<string>("place") { Description = "+fsid: it has the file; -fsid: it is forgotten; ~fsid: its replica is to be deleted." };
        var command = new Command("tag", "Say that a filesystem has a file or does not; no byte is moved.") { path, place };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(place)!, session.Path(parsed.GetValue(path)!));
            var tag = typed[..Math.Min(1, typed.Length)] switch
            {
                "+" => DirectoryProtocol.PlaceTag.Add,
                "-" => DirectoryProtocol.PlaceTag.Remove,
                "~" => DirectoryProtocol.PlaceTag.Unlink,
                _ => throw new EosException(Errno.Invalid, $"'{typed}' is none of +fsid, -fsid, ~fsid"),
            };
            if (!uint.TryParse(typed.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var fs) || fs == 0)
                throw new EosException(Errno.Invalid, $"'{typed[1..]}' is no number of a filesystem");
            await session.Client.TagAsync(target, new FsId(fs), tag, cancel);
            session.Out.WriteLine(tag == DirectoryProtocol.PlaceTag.Add ? $"success: added location to file '{target}'" : $"success: removed location from file '{target}'");
            return 0;
        });
        return command;
    }
}
