using System.Diagnostics;
using System.Globalization;
using Eos.Client;
using Eos.Gateway;

namespace Eos.Benchmarks;

/// <summary>
/// What a find over very many directories does to those who only want to know of one file: how long a stat takes without it and with it, at a load that the machine bears easily and at all
/// that it can do. Each directory has a file and sleeps, because the nodes were started anew; directories that the find wakes are counted.
/// </summary>
public sealed class FindBench : IBenchmark
{
    private const int Nodes = 3;
    private const int Rounds = 3;
    private const int Makers = 600;
    private const int InOne = 1000;
    private const int Hot = 30;
    private const int FilesInHot = 20;
    private const int Askers = 100;
    private const string Root = "/eos/dev/find";
    private const string HotRoot = "/eos/dev/hot";
    private static readonly TimeSpan Easy = TimeSpan.FromMilliseconds(100);

    public string Name => "find";

    public string Purpose => "stat beside a find over sleeping directories, three nodes: [directories, default 100000] [files in each, 0 or 1, default 1] [seconds of each measurement, default 5] [settings of the nodes, key=value]";

    public async Task Run(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var files = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
        var time = TimeSpan.FromSeconds(args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 5);
        var folder = Directory.CreateTempSubdirectory("eos-bench-").FullName;
        try
        {
            await using var nodes = await HostNodes.StartAsync(folder, Nodes, "qdb,mgm,fst", _ => ["eos.resp.port=0", "eos.http.mgm-port=0", "eos.http.fst-port=0", "eos.namespace.totals.settle-after=1s", .. args.Skip(3)]);
            var doors = nodes.Places.Select(place => new EosClient(ClusterLink.To([place], nodes.Keytab), new GatewayProtocol.Claim(0, 0, "root", "localhost", "bench"))).ToList();
            await MakeAsync(doors, count, files);
            await nodes.RestartAsync();
            foreach (var door in doors) await door.StatAsync("/eos/dev");
            await MeasureAsync(nodes, doors, count, files, time);
            foreach (var door in doors) await door.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MakeAsync(List<EosClient> doors, int count, int files)
    {
        var clock = Stopwatch.StartNew();
        var parents = (count + InOne - 1) / InOne;
        await EachAsync(parents, i => doors[i % Nodes].MakeDirectoryAsync($"{Root}/p{i}", parents: true));
        await EachAsync(Hot, i => doors[i % Nodes].MakeDirectoryAsync($"{HotRoot}/d{i}", parents: true));
        await EachAsync(Hot * FilesInHot, i => doors[i % Nodes].TouchAsync(HotFile(i), placed: false));
        await EachAsync(count, i => doors[i % Nodes].MakeDirectoryAsync($"{Root}/p{i % parents}/d{i}"));
        if (files > 0) await EachAsync(count, i => doors[i % Nodes].TouchAsync($"{Root}/p{i % parents}/d{i}/file", placed: false));
        Console.WriteLine(FormattableString.Invariant($"{count:N0} directories{(files > 0 ? " with a file in each" : "")} made in {clock.Elapsed.TotalSeconds:F0} s, {await AwakeAsync(doors):N0} awake"));

        // they tell their parents what they have; then there is nothing for which they would be woken
        await QuietAsync(doors[0], (ulong)(files > 0 ? count : 0));
    }

    private static async Task MeasureAsync(HostNodes nodes, List<EosClient> doors, int count, int files, TimeSpan time)
    {
        await LoadAsync(doors, TimeSpan.FromSeconds(5), null);
        var before = await AwakeAsync(doors);
        await CompareAsync(FormattableString.Invariant($"{Askers / Easy.TotalSeconds:N0} a second"), doors, time, Easy);
        await CompareAsync(FormattableString.Invariant($"{Askers} clients that ask again at once"), doors, time, null);
        var (clock, spent) = (Stopwatch.StartNew(), nodes.All.Sum(n => n.Spent.TotalMicroseconds));
        var found = await FindAsync(doors, CancellationToken.None);
        Console.WriteLine(FormattableString.Invariant(
            $"find alone: {found.Directories:N0} directories and {found.Files:N0} files in {clock.Elapsed.TotalSeconds:F1} s, CPU {(nodes.All.Sum(n => n.Spent.TotalMicroseconds) - spent) / found.Directories:F0} us a directory; awake: {before} before all finds, {await AwakeAsync(doors)} after"));
        if ((int)found.Directories < count || (int)found.Files < files * count) throw new InvalidOperationException("the find has not found everything");
    }

    /// <summary>Without a find and beside one in turn, so that what else the machine does harms both alike.</summary>
    private static async Task CompareAsync(string load, List<EosClient> doors, TimeSpan time, TimeSpan? every)
    {
        var (alone, beside) = (new List<Latencies>(), new List<Latencies>());
        for (var round = 0; round < Rounds; round++)
        {
            alone.Add(await LoadAsync(doors, time, every));
            using var enough = new CancellationTokenSource();
            var finding = FindAgainAsync(doors, enough.Token);
            beside.Add(await LoadAsync(doors, time, every));
            await enough.CancelAsync();
            await finding;
        }
        var ratios = alone.Zip(beside, (a, b) => b.High / a.High).Order().ToList();
        Console.WriteLine(FormattableString.Invariant(
            $"stat, {load}: alone {Text(alone)}; beside a find {Text(beside)}; p99 {ratios[Rounds / 2]:F1} times [{ratios[0]:F1} .. {ratios[^1]:F1}]"));
    }

    private static string Text(List<Latencies> rounds)
    {
        double Median(Func<Latencies, double> of) => rounds.Select(of).Order().ElementAt(Rounds / 2);
        return FormattableString.Invariant($"p50 {Median(l => l.Median):F2} ms, p99 {Median(l => l.High):F2} ms at {Median(l => l.Rate):N0}/s");
    }

    private static async Task FindAgainAsync(List<EosClient> doors, CancellationToken enough)
    {
        try
        {
            while (true) await FindAsync(doors, enough);
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // that was all
        }
    }

    private static Task<GatewayProtocol.TreeDone> FindAsync(List<EosClient> doors, CancellationToken enough) =>
        doors[0].FindAsync(Root, GatewayProtocol.FindQuery.Everything, _ => ValueTask.CompletedTask, enough);

    /// <summary>Stats of files in directories that are awake.</summary>
    /// <param name="every">Each of the clients asks once in this time; null: again at once.</param>
    private static async Task<Latencies> LoadAsync(List<EosClient> doors, TimeSpan time, TimeSpan? every)
    {
        var clock = Stopwatch.StartNew();
        var taken = await Task.WhenAll(Enumerable.Range(0, Askers).Select(async asker =>
        {
            var (own, door) = (new List<double>(), doors[asker % Nodes]);
            for (var n = 0; clock.Elapsed < time; n++)
            {
                var due = every is { } pause ? pause * (n + (double)asker / Askers) - clock.Elapsed : TimeSpan.Zero;
                if (due > TimeSpan.Zero) await Task.Delay(due);
                var begun = clock.Elapsed;
                await door.StatAsync(HotFile(asker + n));
                own.Add((clock.Elapsed - begun).TotalMilliseconds);
            }
            return own;
        }));
        var all = taken.SelectMany(t => t).Order().ToList();
        return new Latencies(all[all.Count / 2], all[(int)(all.Count * 0.99)], all.Count / clock.Elapsed.TotalSeconds);
    }

    /// <summary>Directories that are awake on all nodes, as `ns stat` says.</summary>
    private static async Task<int> AwakeAsync(List<EosClient> doors)
    {
        var all = await Task.WhenAll(doors.Select(d => d.StatisticsAsync()));
        return all.Sum(s => int.Parse(s.Figures["ns.directories.awake"], CultureInfo.InvariantCulture));
    }

    private static async Task QuietAsync(EosClient door, ulong files)
    {
        await ServerProcess.UntilAsync(async () => ((GatewayProtocol.DirectoryInformation)await door.InfoAsync(Root)).Tree.Files >= files, "the totals");
        await Task.Delay(TimeSpan.FromSeconds(5)); // longer than settle-after
    }

    private static string HotFile(int i) => $"{HotRoot}/d{i % Hot}/f{i / Hot % FilesInHot}";

    private static async Task EachAsync(int count, Func<int, Task> one)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(Makers, count)).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next)) await one(i);
        }));
    }

    private sealed record Latencies(double Median, double High, double Rate);
}
