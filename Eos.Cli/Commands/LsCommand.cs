using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`ls [-lyaichdnFsNrtR] [path]`, page by page: a long directory begins to print before it is read to its end.</summary>
internal static class LsCommand
{
    public static Command Build(Session session)
    {
        var longForm = Flag("-l", "Mode, replicas, owner, group, size, date.");
        var all = Flag("-a", "Also names that begin with a dot.");
        var inode = Flag("-i", "Put the inode before each name.");
        var checksum = Flag("-c", "Put the checksum before each name; implies -l.");
        var copies = Flag("-y", "Put the copies on disk and tape before each name; implies -l.");
        var human = Flag("-h", "Sizes for people; with -l.");
        var directory = Flag("-d", "The directory itself, not what is in it.");
        var numeric = Flag("-n", "Numbers of users and groups instead of names.");
        var classify = Flag("-F", "A slash behind directories.");
        var silent = Flag("-s", "Print nothing: only the exit code counts.");
        var recursive = Flag("-R", "Also what is in the directories below, each under its path.");
        var reverse = Flag("-r", "Accepted, as in EOS; the order stays.");
        var byTime = Flag("-t", "Accepted, as in EOS; the order stays.");
        var literal = new Option<bool>("-N", "--no-globbing") { Description = "Take * ? [ ] as they are." };
        var path = new Argument<string?>("path") { Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("ls", "List a directory.") 
        {
            longForm, copies, all, inode, checksum, human, directory, numeric, classify, silent, recursive, reverse, byTime, literal, path,
        };
        var printing = Printing.OptionsOf(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var form = printing.Form(parsed, session);
            var style = new ListingStyle(
                parsed.GetValue(longForm), parsed.GetValue(inode), parsed.GetValue(checksum),
                parsed.GetValue(numeric), parsed.GetValue(human), parsed.GetValue(classify)) { Copies = parsed.GetValue(copies) };
            if (style is { HumanSizes: true, IsDetailed: false }) throw new EosException(Errno.Invalid, "ls: -h needs -l");
            var typed = parsed.GetValue(path) ?? ".";
            if (parsed.GetValue(recursive) && !parsed.GetValue(directory))
            {
                return await new TreeListing(session, style.IsDetailed, parsed.GetValue(all)).RunAsync(
                    session.Path(typed), typed, async (name, entries) =>
                    {
                        if (form == Form.Human && !parsed.GetValue(silent)) session.Out.WriteLine(name);
                        await PrintAsync(session, form, style, parsed.GetValue(silent), entries);
                    },
                    cancel);
            }
            var entries = parsed.GetValue(directory)
                ? Itself(session, session.Path(typed), cancel)
                : Entries(session, session.Path(typed), style.IsDetailed, parsed.GetValue(all), !parsed.GetValue(literal), cancel);
            await PrintAsync(session, form, style, parsed.GetValue(silent), entries);
            return 0;
        });
        return command;
    }

    private static async Task PrintAsync(Session session, Form form, ListingStyle style, bool silent, IAsyncEnumerable<Entry> entries)
    {
        var rows = new List<Pairs>();
        var now = Instant.From(TimeProvider.System.GetUtcNow());
        await foreach (var entry in entries)
        {
            if (silent) continue;
            if (form == Form.Json) rows.Add(EntryText.Record(entry));
            else if (form == Form.Monitoring) session.Out.WriteLine(EntryText.Record(entry).Line());
            else session.Out.WriteLine(EntryText.Line(entry, style, session.Names, now, TimeZoneInfo.Local));
        }
        if (form == Form.Json && !silent) session.Out.WriteLine(Pairs.Envelope(rows));
    }

    private static async IAsyncEnumerable<Entry> Itself(
        Session session, string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        yield return (await session.Client.StatAsync(path, cancel)) with { Name = path == "/" ? path : RemotePath.Name(path) };
    }

    internal static async IAsyncEnumerable<Entry> Entries(
        Session session, string path, bool detailed, bool all, bool globbing,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (globbing && Glob.IsPattern(path))
        {
            var found = false;
            await foreach (var entry in Expansion.EntriesAsync(session.Client, path, detailed, cancel))
            {
                found = true;
                yield return entry;
            }
            if (found) yield break; // else it may be a name like any other
        }
        var first = true;
        await foreach (var entry in session.Client.ListAsync(path, detailed, cancel))
        {
            // a file lists itself: then there is no directory whose dots could be shown
            if (first && all && !(entry.Kind != EntryKind.Directory && entry.Name == RemotePath.Name(path)))
                foreach (var dots in await DotsAsync(session, path, cancel)) yield return dots;
            first = false;
            if (all || !entry.Name.StartsWith('.')) yield return entry;
        }
        if (first && all)
            foreach (var dots in await DotsAsync(session, path, cancel)) yield return dots;
    }

    private static async Task<Entry[]> DotsAsync(Session session, string path, CancellationToken cancel) =>
    [
        (await session.Client.StatAsync(path, cancel)) with { Name = "." },
        (await session.Client.StatAsync(RemotePath.Parent(path), cancel)) with { Name = ".." },
    ];

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
