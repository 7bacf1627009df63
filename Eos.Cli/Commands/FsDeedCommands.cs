using System.CommandLine;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`fs boot|clone|compare|dropfiles|dropghosts`: what is done with all files of a filesystem. Each can be repeated.</summary>
internal static class FsDeedCommands
{
    private const string Error = "error: ";

    public static Command Boot(Session session)
    {
        var which = Which("fsid|uuid|host:port/path|*");
        var disk = new Option<bool>("--syncdisk") { Description = "And look at all that lies there: what no directory knows of is told, what it gave up is deleted." };
        var namespaces = new Option<bool>("--syncmgm") { Description = "And look whether all is there that the namespace says is there; what is missing is made from other replicas." };
        var command = new Command("boot", "Let a filesystem look at its mount anew; * for all.") { which, disk, namespaces };
        command.SetAction(async (parsed, cancel) =>
        {
            var (word, isResync) = (parsed.GetValue(which)!, parsed.GetValue(namespaces));
            var options = new[] { disk, namespaces }.Where(parsed.GetValue).Select(o => KeyValuePair.Create(o.Name.TrimStart('-'), "")).ToList();
            IEnumerable<string> names = word == "*" && isResync ? (await session.Client.FilesystemsAsync(cancel)).Rows.Select(f => f.Id.ToString()) : [word];
            foreach (var name in names)
                foreach (var line in (await session.Client.AdministerAsync("fs", "boot", [name], options, cancel)).Lines) session.Out.WriteLine(line);
            return 0;
        });
        return command;
    }

    public static Command Clone(Session session)
    {
        var (source, target) = (Which("source"), Which("target"));
        var command = new Command("clone", "Let a filesystem fetch all files of another one that it has not. 'fs compare' says what is left.") { source, target };
        command.SetAction((parsed, cancel) => RunAsync(session, "clone", [parsed.GetValue(source)!, parsed.GetValue(target)!], [], cancel));
        return command;
    }

    public static Command DropFiles(Session session)
    {
        var which = Which("fsid");
        var force = new Option<bool>("-f") { Description = "Forget them at once, also the last replicas of files; the bytes stay where they are." };
        var command = new Command("dropfiles", "Give up all replicas on a filesystem; the last replica of a file stays.") { which, force };
        command.SetAction((parsed, cancel) => RunAsync(session, "dropfiles", [parsed.GetValue(which)!], parsed.GetValue(force) ? ["f"] : [], cancel));
        return command;
    }

    public static Command DropGhosts(Session session)
    {
        var which = Which("fsid");
        var only = new Option<string[]>("--fxid") { Description = "Only these files.", HelpName = "fxid", AllowMultipleArgumentsPerToken = true };
        var command = new Command("dropghosts", "Take away the rows of a filesystem's files that are not there.") { which, only };
        command.SetAction((parsed, cancel) => RunAsync(session, "dropghosts", [parsed.GetValue(which)!, .. parsed.GetValue(only) ?? []], [], cancel));
        return command;
    }

    /// <summary>Which files one of two filesystems has and the other has not; nothing if they have the same.</summary>
    public static Command Compare(Session session)
    {
        var (source, target) = (Which("source"), Which("target"));
        var command = new Command("compare", "Which files only one of two filesystems has.") { source, target };
        command.SetAction(async (parsed, cancel) =>
        {
            var (one, other) = (parsed.GetValue(source)!, parsed.GetValue(target)!);
            var (ofOne, ofOther) = (await FilesAsync(session, one, cancel), await FilesAsync(session, other, cancel));
            foreach (var line in Missing(ofOne, ofOther, one, other).Concat(Missing(ofOther, ofOne, other, one))) session.Out.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static Argument<string> Which(string name) => new(name);

    private static IEnumerable<string> Missing(IEnumerable<string> have, IReadOnlySet<string> has, string one, string other) =>
        have.Where(file => !has.Contains(file)).Select(file => $"{file} => found on {one} - missing on {other}");

    private static async Task<SortedSet<string>> FilesAsync(Session session, string fs, CancellationToken cancel) =>
        new((await session.Client.AdministerAsync("fs", "dumpmd", [fs], [new("path", "")], cancel)).Lines.Where(l => !l.StartsWith('#')), StringComparer.Ordinal);

    /// <summary>What went well, then what did not; EIO if anything did not.</summary>
    private static async Task<int> RunAsync(Session session, string verb, string[] words, string[] options, CancellationToken cancel)
    {
        Report report = await session.Client.AdministerAsync("fs", verb, words, options.Select(o => KeyValuePair.Create(o, "")), cancel);
        foreach (var line in report.Lines.Where(l => !l.StartsWith(Error, StringComparison.Ordinal))) session.Out.WriteLine(line);
        var failures = report.Lines.Where(l => l.StartsWith(Error, StringComparison.Ordinal)).ToList();
        foreach (var line in failures) session.Terminal.Error.WriteLine(line);
        return failures.Count == 0 ? 0 : throw new EosException(Errno.InputOutput, $"fs {verb}: {failures.Count} files are as they were");
    }
}
