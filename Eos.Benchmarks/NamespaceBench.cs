using System.Diagnostics;
using System.Globalization;
using Eos.Client;
using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Benchmarks;

/// <summary>
/// What a user does to names, on three durable nodes with all roles, each a process: files are created, looked at, listed, renamed and removed in 1, 10 and 1 000 directories. Clients
/// wait for each answer before they ask again. Median of three rounds, after one of everything that is not shown: what is measured is a server, not its compiler.
/// </summary>
public sealed class NamespaceBench : IBenchmark
{
    private const int Nodes = 3;
    private const int Rounds = 3;
    private const int WarmDirectories = 10;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);
    private const string Root = "/eos/dev/bench";
    private int _run;

    public string Name => "namespace";

    public string Purpose => "creates, stats, lists, renames and deletes a second on three nodes: [seconds, default 5] [clients, default 600] [directories, default 1 10 1000]";

    public async Task Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var clients = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 600;
        int[] counts = args.Length > 2 ? [.. args[2..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [1, 10, 1000];
        var folder = Directory.CreateTempSubdirectory("eos-bench-").FullName;
        try
        {
            await using var nodes = await HostNodes.StartAsync(folder, Nodes, "qdb,mgm,fst", _ => ["eos.resp.port=0", "eos.http.mgm-port=0", "eos.http.fst-port=0"]);
            var links = nodes.Places.Select(place => ClusterLink.To([place], nodes.Keytab)).ToList();
            var doors = links.Select(link => new EosClient(link, new GatewayProtocol.Claim(0, 0, "root", "localhost", "bench"))).ToList();
            foreach (var door in doors) await door.MakeDirectoryAsync(Root, parents: true);
            await MeasureAsync(nodes, doors, WarmDirectories, clients, Warm, 1);
            foreach (var count in counts) await MeasureAsync(nodes, doors, count, clients, TimeSpan.FromSeconds(seconds), Rounds);
            foreach (var door in doors) await door.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task MeasureAsync(HostNodes nodes, List<EosClient> doors, int directories, int clients, TimeSpan time, int rounds)
    {
        var root = $"{Root}/r{++_run}";
        await doors[0].MakeDirectoryAsync(root, parents: true);
        await Task.WhenAll(Enumerable.Range(0, directories).Select(d => doors[d % doors.Count].MakeDirectoryAsync($"{root}/d{d}")));
        var created = new int[clients];
        string Path(int client, int file) => $"{root}/d{(client * 31 + file) % directories}/c{client}f{file}";

        await PrintAsync("create", async (client, door, _) => await door.TouchAsync(Path(client, created[client]++), placed: false));
        await PrintAsync("stat", async (client, door, n) => await door.StatAsync(Path(client, n % created[client])));
        await PrintAsync("list a page", async (client, door, n) =>
        {
            await foreach (var entry in door.ListAsync($"{root}/d{(client + n) % directories}"))
            {
                GC.KeepAlive(entry);
                break;
            }
        });
        var (renamed, removed) = (new int[clients], new int[clients]);
        await PrintAsync("rename", async (client, door, _) =>
        {
            var file = renamed[client] < created[client] ? renamed[client]++ : throw new NothingLeftException();
            await door.RenameAsync(Path(client, file), Path(client, file) + "r");
        });
        await PrintAsync("delete", async (client, door, _) =>
        {
            var file = removed[client] < created[client] ? removed[client]++ : throw new NothingLeftException();
            await door.RemoveAsync(Path(client, file) + (file < renamed[client] ? "r" : ""));
        });

        async Task PrintAsync(string what, Func<int, EosClient, int, Task> one)
        {
            var (rates, cpu, own) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var (spent, mine, clock) = (nodes.All.Select(n => n.Spent.TotalMicroseconds).ToList(), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
                var done = await LoadAsync(doors, clients, time, one);
                if (done == 0) break;
                rates.Add(done / clock.Elapsed.TotalSeconds);
                cpu.Add(nodes.All.Select((n, i) => n.Spent.TotalMicroseconds - spent[i]).Sum() / done);
                own.Add((Process.GetCurrentProcess().TotalProcessorTime - mine).TotalMicroseconds / done);
            }
            if (rates.Count == 0 || rounds < Rounds) return;
            rates.Sort();
            cpu.Sort();
            own.Sort();
            Console.WriteLine(FormattableString.Invariant(
                $"{directories,5} directories, {clients} clients: {what,-12} {rates[rates.Count / 2],8:N0}/s [{rates[0]:N0}..{rates[^1]:N0}], CPU {cpu[cpu.Count / 2]:F0} us [{cpu[0]:F0}..{cpu[^1]:F0}] of the nodes, {own[own.Count / 2]:F0} us of the clients"));
        }
    }

    /// <summary>How many were answered in the time.</summary>
    private static async Task<long> LoadAsync(List<EosClient> doors, int clients, TimeSpan time, Func<int, EosClient, int, Task> one)
    {
        long done = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            try
            {
                for (var n = 0; clock.Elapsed < time; n++)
                {
                    await one(client, doors[client % doors.Count], n);
                    Interlocked.Increment(ref done);
                }
            }
            catch (NothingLeftException)
            {
                // this client has done all that there was
            }
        }));
        return done;
    }

    private sealed class NothingLeftException : EosException
    {
        public NothingLeftException()
            : base(Errno.NoEntry, "nothing is left")
        {
        }
    }
}
