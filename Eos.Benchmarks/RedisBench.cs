using System.Globalization;

namespace Eos.Benchmarks;

/// <summary>
/// Three nodes of ours over the Redis protocol, and in the same run Redis with an fsync for each write and three nodes of etcd: redis-benchmark with 100-byte values, and for
/// etcd a loader of its own protocol. Every system acknowledges what is on stable storage; ours and etcd on a majority.
/// </summary>
public sealed class RedisBench : IBenchmark
{
    private const int Keys = 100_000;
    private static readonly string Value = new('x', 100);

    private sealed record Case(string Name, int Clients, int Pipeline, int Requests, string[] Command);

    private static readonly (int Clients, int Pipeline, int Requests)[] Loads = [(1, 1, 5_000), (16, 1, 30_000), (50, 1, 60_000), (50, 64, 500_000), (256, 1, 60_000)];
    private static readonly string[][] Commands = [["SET", "key:__rand_int__", Value], ["HSET", "h:__rand_int__", "f", Value], ["GET", "key:__rand_int__"]];

    private static readonly Case[] Cases =
    [
        .. from load in Loads
           from command in Commands
           select new Case($"{command[0]} -c {load.Clients} -P {load.Pipeline}", load.Clients, load.Pipeline, load.Requests, command),
    ];

    public string Name => "redis";

    public string Purpose => "[rounds, default 3] [ours]: commands/s of three nodes over the Redis protocol, and of Redis and etcd in the same run; `ours` leaves those out";

    public async Task Run(string[] args)
    {
        var rounds = args.Where(a => int.TryParse(a, out _)).Select(int.Parse).DefaultIfEmpty(3).First();
        var folder = Directory.CreateTempSubdirectory("eos-bench-redis-").FullName;
        try
        {
            await using var eos = await EosServers.StartAsync(Path.Combine(folder, "eos"));
            await using var redis = args.Contains("ours") ? null : await RedisServer.StartAsync(Path.Combine(folder, "redis"));
            await using var etcd = args.Contains("ours") ? null : await EtcdServers.StartAsync(Path.Combine(folder, "etcd"));
            var found = new Dictionary<(string System, string Case), List<LoadResult>>();
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var c in Cases)
                {
                    // the first round warms up: code is compiled, files grow
                    await MeasureAsync("eos", c.Name, round, found, () => eos.LoadAsync(RedisArguments(c), c.Requests));
                    if (redis is not null) await MeasureAsync("redis", c.Name, round, found, () => redis.LoadAsync(RedisArguments(c), c.Requests));
                    if (etcd is not null && !c.Name.StartsWith('H')) await MeasureAsync("etcd", c.Name, round, found, () => etcd.LoadAsync(c.Name[0] == 'S', c.Clients * c.Pipeline, Keys, Value));
                }
            }
            Print(found);
            PrintParts(found);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] RedisArguments(Case c) =>
        ["-r", $"{Keys}", "-n", $"{c.Requests}", "-c", $"{c.Clients}", "-P", $"{c.Pipeline}", "--csv", .. c.Command];

    private static async Task MeasureAsync(string system, string name, int round, Dictionary<(string, string), List<LoadResult>> found, Func<Task<LoadResult>> run)
    {
        var result = await run();
        if (round == 0) return;
        if (!found.TryGetValue((system, name), out var results)) found[(system, name)] = results = [];
        results.Add(result);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  round {round}  {system,-6} {name,-18} {result.PerSecond,10:N0}/s  p50 {result.P50:N2} ms  p99 {result.P99:N2} ms"));
    }

    private static void Print(Dictionary<(string System, string Case), List<LoadResult>> found)
    {
        Console.WriteLine($"{"",-18} {"system",-6} {"median/s",10}  {"least .. most",-22} {"p50 ms",8} {"p99 ms",8}  {"eos is",8}  CPU us/command by process");
        foreach (var c in Cases)
        {
            var ours = Median(found[("eos", c.Name)], r => r.PerSecond);
            foreach (var system in new[] { "eos", "redis", "etcd" })
            {
                if (!found.TryGetValue((system, c.Name), out var results)) continue;
                var median = Median(results, r => r.PerSecond);
                var ratio = system == "eos" ? "" : string.Create(CultureInfo.InvariantCulture, $"{ours / median:N2} x");
                var range = string.Create(CultureInfo.InvariantCulture, $"{results.Min(r => r.PerSecond):N0} .. {results.Max(r => r.PerSecond):N0}");
                var cost = string.Join(' ', Enumerable.Range(0, results[0].Cost.Count).Select(i => Median(results, r => r.Cost[i]).ToString("N1", CultureInfo.InvariantCulture)));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{c.Name,-18} {system,-6} {median,10:N0}  {range,-22} {Median(results, r => r.P50),8:N2} {Median(results, r => r.P99),8:N2}  {ratio,8}  {cost}"));
            }
        }
    }

    /// <summary>What the processor time of ours goes to; the member that leads first.</summary>
    private static void PrintParts(Dictionary<(string System, string Case), List<LoadResult>> found)
    {
        Console.WriteLine();
        Console.WriteLine($"{"CPU us/command",-18} {string.Join("  ", ThreadTimes.Parts.Select(p => $"{p,-15}"))}");
        foreach (var c in Cases)
        {
            var results = found[("eos", c.Name)];
            var cells = ThreadTimes.Parts.Select(part => string.Join(' ', Enumerable.Range(0, results[0].Parts.Count)
                .Select(i => Median(results, r => r.Parts[i][part]).ToString("N1", CultureInfo.InvariantCulture))));
            Console.WriteLine($"{c.Name,-18} {string.Join("  ", cells.Select(cell => $"{cell,-15}"))}");
        }
    }

    private static double Median(List<LoadResult> results, Func<LoadResult, double> of) => results.Select(of).Order().ElementAt(results.Count / 2);
}

/// <summary>One run of a load. Times in milliseconds.</summary>
/// <param name="Cost">Processor time in microseconds for each command, of each server process: the one that was asked first.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99, IReadOnlyList<double> Cost)
{
    /// <summary>The same by parts of a process; none where it is not known.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Parts { get; init; } = [];
}
