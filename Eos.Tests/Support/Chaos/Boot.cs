using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Eos.Tests.Support.Chaos;

/// <summary>How long a node alone takes from the start of its process until it answers for a state of so many keys of 100 bytes.</summary>
internal static class Boot
{
    private const int KeysEach = 100;
    private const int Window = 64;   // commands under way
    private static readonly string Value = new('v', 100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), Writing = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int keys, int rounds, Action<string> tell)
    {
        await using var group = new QdbProcesses(1, ["akka.loglevel=INFO"]);
        await group.StartAsync();
        var node = group.Nodes[0];
        var clock = Stopwatch.StartNew();
        await LoadAsync(node, keys);
        tell(Line($"{keys:N0} keys of 100 bytes stored in {clock.Elapsed.TotalSeconds:0} s; {Sizes(node)}"));
        foreach (var way in Enum.GetValues<Ending>())
        {
            var (times, spent) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var round = 1; round <= rounds; round++)
            {
                await EndAsync(node, way, keys, round);
                times.Add(await StartAsync(node, $"GET {Key(keys / 2, keys)}"));
                spent.Add(node.Spent);
                tell(Line($"  {way}: {times[^1].TotalSeconds:0.00} s, of the processor {spent[^1].TotalSeconds:0.00} s; {Sizes(node)}"));
                foreach (var line in node.Transcript().Split('\n').Where(l => l.Contains("opened its files", StringComparison.Ordinal) || l.Contains("has applied entry", StringComparison.Ordinal))) tell($"      {line}");
            }
            times.Sort();
            spent.Sort();
            tell(Line($"{keys:N0} keys, {way}: answers {times[rounds / 2].TotalSeconds:0.00} s [{times[0].TotalSeconds:0.00} .. {times[^1].TotalSeconds:0.00}] after the start of its process, having used {spent[rounds / 2].TotalSeconds:0.00} s of the processor"));
        }
        return 0;
    }

    private enum Ending
    {
        KilledWhileWriting,
        Killed,
        Stopped,
    }

    private static async Task EndAsync(QdbProcess node, Ending way, int keys, int round)
    {
        using var pace = new PeriodicTimer(Writing);
        var writing = way == Ending.KilledWhileWriting ? LoadAsync(node.Redis, 0, int.MaxValue / KeysEach - 1, Words(keys, round)) : Task.CompletedTask;
        if (way == Ending.KilledWhileWriting) await pace.WaitForNextTickAsync();
        if (way == Ending.Stopped) await node.StopAsync();
        else await node.KillAsync();
        await writing;
    }

    private static async Task<TimeSpan> StartAsync(QdbProcess node, string question)
    {
        var clock = Stopwatch.StartNew();
        node.Start();
        await Eventually.Is(() => node.AskAsync(question, Patience), a => a.StartsWith('$'), "the key is there");
        return clock.Elapsed;
    }

    /// <summary>Sets keys in an order that looks like chance, many commands under way. Goes on where it was if the node begins anew meanwhile.</summary>
    private static async Task LoadAsync(QdbProcess node, int keys)
    {
        var batches = (keys + KeysEach - 1) / KeysEach;
        for (var done = 0; done < batches;)
        {
            await Eventually.Is(() => node.AskAsync("SET loading 1", Patience), a => a == "+OK", "it takes writes");
            done = await LoadAsync(node.Redis, done, batches, Words(keys, 0));
        }
    }

    /// <summary>Returns how many batches are acknowledged.</summary>
    private static async Task<int> LoadAsync(int port, int first, int batches, Func<int, IEnumerable<string>> words)
    {
        using var client = await RespClient.ConnectAsync(port);
        using var room = new SemaphoreSlim(Window);
        var done = first;
        var hearing = Task.Run(async () =>
        {
            for (; done < batches && await client.ReadAsync() == "+OK"; done++) room.Release();
            room.Release(Window);
        });
        try
        {
            for (var batch = first; batch < batches && !hearing.IsCompleted; batch++)
            {
                await room.WaitAsync();
                await client.SendAsync(RespClient.Command(["MSET", .. words(batch)]));
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // the node has ended the connection
        }
        await hearing;
        return done;
    }

    /// <summary>The words of a batch of keys, by its number.</summary>
    private static Func<int, IEnumerable<string>> Words(int keys, int seed) => batch => Enumerable.Range(0, KeysEach).SelectMany(k => new[] { Key(batch * KeysEach + k + seed, keys), Value });

    private static string Key(int number, int keys) => $"boot:{number * 2654435761L % keys:D10}";

    private static string Sizes(QdbProcess node)
    {
        var files = Directory.EnumerateFiles(node.Folder, "*.db*", SearchOption.AllDirectories).Order().Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).Length >> 20} MiB");
        return $"process {node.Memory >> 20} MiB, {string.Join(", ", files)}";
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
