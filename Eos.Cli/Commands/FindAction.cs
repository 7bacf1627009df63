using System.CommandLine;
using System.Globalization;
using Eos.Cli.Render;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>The options of `find` that do something with what is found instead of printing it.</summary>
internal sealed class FindAction
{
    /// <summary>An unfinished upload this old is nobody's any more.</summary>
    private static readonly TimeSpan AtomicAge = TimeSpan.FromDays(1);

    /// <summary>What is done at once.</summary>
    private const int Width = 16;

    private readonly Option<bool> _balance = new("-b") { Description = "How much of what is found is on which filesystem, group and space." };
    private readonly Option<string?> _purge = new("--purge") { Description = "atomic: remove what unfinished uploads older than a day left.", HelpName = "atomic" };

    private readonly Option<int?> _stripes = new("--layoutstripes") { Description = "Let the layouts of the files want so many replicas; 'file adjustreplica' makes them.", HelpName = "n" };

    public FindAction(Command command)
    {
        command.Options.Add(_stripes);
        command.Options.Add(_balance);
        command.Options.Add(_purge);
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_balance) || parsed.GetValue(_purge) is not null || parsed.GetValue(_stripes) is not null;

    public Task<int> RunAsync(ParseResult parsed, Session session, string path, FindQuery query, CancellationToken cancel) => parsed.GetValue(_purge) switch
    {
        null when parsed.GetValue(_stripes) is { } stripes => StripesAsync(session, path, query, stripes, cancel),
        null => BalanceAsync(session, path, query, cancel),
        "atomic" => PurgeAtomicAsync(session, path, query, cancel),
        var number when int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var keep) && keep >= -1 => PurgeVersionsAsync(session, path, query, number, cancel),
        var other => throw new EosException(Errno.Invalid, $"--purge {other}: a number of versions (0: all go, -1: as the directory says) or atomic"),
    };

    private static Task<int> StripesAsync(Session session, string path, FindQuery query, int stripes, CancellationToken cancel) =>
        EachAsync(session, path, query with { Directories = false }, async (row, token) =>
        {
            await session.Client.ChangeLayoutAsync(row.Path, stripes, cancel: token);
            return $"success: setting new stripe number to {stripes} for file {row.Path}";
        }, cancel, row => row.Kind == EntryKind.File);

    private static Task<int> PurgeVersionsAsync(Session session, string path, FindQuery query, string keep, CancellationToken cancel) =>
        EachAsync(session, path, query with { Files = false, Directories = true, Name = @"^\.sys\.v#\." }, async (row, token) =>
        {
            await session.Client.AdministerAsync("file", "purge", [row.Path, keep], cancel: token);
            return $"# purging {row.Path}";
        }, cancel);

    private static Task<int> PurgeAtomicAsync(Session session, string path, FindQuery query, CancellationToken cancel)
    {
        var old = Instant.From(TimeProvider.System.GetUtcNow()) - AtomicAge;
        return EachAsync(session, path, query with { Files = true, Directories = false, ChangedBefore = old, Name = @"^\.sys\.a#\." }, async (row, token) =>
        {
            await session.Client.RemoveAsync(row.Path, cancel: token);
            return $"# purging atomic {row.Path}";
        }, cancel);
    }

    /// <summary>Does something with each entry, several at a time; the walk waits meanwhile. A failure is told and does not stop the others.</summary>
    private static async Task<int> EachAsync(
        Session session, string path, FindQuery query, Func<TreeRow, CancellationToken, Task<string>> act, CancellationToken cancel,
        Func<TreeRow, bool>? isMeant = null)
    {
        var (code, printing) = (0, new Lock());
        var done = await session.Client.FindAsync(path, query with { Detail = FindDetail.Paths }, async part =>
        {
            FindCommand.Complain(session, part);
            await Parallel.ForEachAsync(part.Rows.Where(isMeant ?? (_ => true)), new ParallelOptions { MaxDegreeOfParallelism = Width, CancellationToken = cancel }, async (row, token) =>
            {
                try
                {
                    var line = await act(row, token);
                    lock (printing) session.Out.WriteLine(line);
                }
                catch (EosException failure) when (failure.Why != Errno.NoNetwork)
                {
                    lock (printing)
                    {
                        if (failure.Why == Errno.NoEntry) return; // somebody was faster
                        code = (int)failure.Why;
                        session.Terminal.Error.WriteLine(Failure.Line(failure.Why, failure.Message));
                    }
                }
            });
        }, cancel);
        return code != 0 ? code : (int)done.First;
    }

    private static async Task<int> BalanceAsync(Session session, string path, FindQuery query, CancellationToken cancel)
    {
        var views = (await session.Client.FilesystemsAsync(cancel)).Rows.ToDictionary(v => v.Id);
        var (filesystems, groups, spaces) = (new SortedDictionary<FsId, Sum>(), new SortedDictionary<string, Sum>(StringComparer.Ordinal), new SortedDictionary<string, Sum>(StringComparer.Ordinal));
        var done = await session.Client.FindAsync(path, query with { Directories = false, Detail = FindDetail.Records }, part =>
        {
            FindCommand.Complain(session, part);
            foreach (var content in part.Rows.Select(r => r.File!.Content))
            {
                foreach (var fs in content.Locations)
                {
                    Add(filesystems, fs, content.Size);
                    if (!views.TryGetValue(fs, out var view)) continue;
                    Add(groups, view.Report.Identity.Group, content.Size);
                    Add(spaces, view.Report.Identity.Space, content.Size);
                }
            }
            return ValueTask.CompletedTask;
        }, cancel);
        foreach (var (fs, sum) in filesystems) session.Out.WriteLine($"fsid={fs} {sum}");
        foreach (var (group, sum) in groups) session.Out.WriteLine($"schedgroup={group} {sum}");
        foreach (var (space, sum) in spaces) session.Out.WriteLine($"space={space} {sum}");
        return (int)done.First;
    }

    private static void Add<TKey>(SortedDictionary<TKey, Sum> sums, TKey key, ulong bytes) where TKey : notnull
    {
        var sum = sums.GetValueOrDefault(key);
        sums[key] = new Sum(sum.Files + 1, sum.Bytes + bytes);
    }

    private readonly record struct Sum(ulong Files, ulong Bytes)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"nfiles={Files} volume={Bytes}");
    }
}
