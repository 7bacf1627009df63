using System.Collections.Concurrent;
using System.Net;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using Xunit.Abstractions;

namespace Eos.Tests.Processes;

/// <summary>A node is killed again and again while files are stored in it.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 20, Uploaders = 6;
    private static readonly int[] Lengths = [0, 1, 10_000, 300_000, 3_000_000];
    private static readonly string[] Quick = ["--set", "eos.fst.sweep.retry-interval=200ms"];
    private readonly HttpFiles _http = new();
    private readonly ConcurrentDictionary<string, int> _tried = new();
    private readonly ConcurrentDictionary<string, int> _stored = new();
    private readonly ConcurrentDictionary<int, byte> _versions = new();
    private EosProcess _node = null!;
    private int _seed;
    private int _lastVersion = -1;

    public async Task InitializeAsync() => _node = await EosProcess.StartedAsync(Quick);

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_half_is_seen()
    {
        var random = new Random(4711);
        for (var round = 0; round < Rounds; round++)
        {
            var before = _stored.Count;
            await StoreUntilKilled(random.Next(1, 16));
            await _node.StartAsync(Quick);
            var listed = await _http.ListAsync(_node.Status.Http, "/eos/dev");
            Compare(listed);
            foreach (var name in _stored.Keys.OrderByDescending(n => n, StringComparer.Ordinal).Take(_stored.Count - before + 5)) await ReadBack(name);
            await Eventually.Is(
                async () => DiskAgainstNamespace.Differences(Path.Combine(_node.Data, "fst", "1"), await _http.ListAsync(_node.Status.Http, "/eos/dev")),
                differences => differences.Length == 0,
                $"disk as namespace after round {round}");
        }

        foreach (var name in _stored.Keys) await ReadBack(name);
        var hot = await _http.ReadAsync(_node.Status.Http, "/eos/dev/hot");
        Assert.Contains(_versions.Keys, v => v >= _lastVersion && Content(v).AsSpan().SequenceEqual(hot));
        output.WriteLine($"{Rounds} kills, {_tried.Count} uploads of new names begun, {_stored.Count} acknowledged, {_versions.Count} overwrites begun, last acknowledged {_lastVersion}");
    }

    /// <summary>Several clients store files; after so many acknowledgements the node is killed under them.</summary>
    private async Task StoreUntilKilled(int acknowledgements)
    {
        var node = _node.Status.Http;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = acknowledgements;
        using var dead = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Uploaders).Select(client => Task.Run(async () =>
        {
            while (!dead.IsCancellationRequested)
            {
                var seed = Interlocked.Increment(ref _seed);
                var hot = client == 0;
                var name = hot ? "hot" : $"f{seed:d6}";
                if (hot) _versions[seed] = 0; else _tried[name] = seed;
                try
                {
                    var answer = await _http.PutAsync(node, $"/eos/dev/{name}", Content(seed));
                    if (answer.Status != HttpStatusCode.Created) continue;
                    if (hot) Volatile.Write(ref _lastVersion, seed); else _stored[name] = seed;
                    if (Interlocked.Decrement(ref left) == 0) enough.TrySetResult();
                }
                catch (Exception e) when (e is HttpRequestException or IOException)
                {
                    // it was killed under this upload: nobody knows
                    enough.TrySetResult();
                    return;
                }
            }
        })).ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await _node.KillAsync();
        await dead.CancelAsync();
        await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Every acknowledged file is there, and whatever is there is whole.</summary>
    private void Compare(IReadOnlyList<ListedFile> listed)
    {
        var byName = listed.ToDictionary(f => f.Name);
        Assert.Empty(_stored.Keys.Except(byName.Keys));
        foreach (var file in listed.Where(f => f.Name != "hot")) AssertIs(file, Content(_tried[file.Name]));
        if (byName.TryGetValue("hot", out var hot)) Assert.Contains(_versions.Keys, v => v >= _lastVersion && Is(hot, Content(v)));
        else Assert.Equal(-1, _lastVersion);
    }

    private async Task ReadBack(string name) =>
        Assert.Equal(HttpFiles.Sum(Content(_stored[name])), HttpFiles.Sum(await _http.ReadAsync(_node.Status.Http, $"/eos/dev/{name}")));

    private static byte[] Content(int seed) => HttpFiles.Bytes(seed, Lengths[seed % Lengths.Length] + seed % 7);

    private static bool Is(ListedFile file, byte[] content) =>
        file.Size == content.Length && file.Checksum == ChecksumStream.Of(ChecksumType.Adler32, content).Hex;

    private static void AssertIs(ListedFile file, byte[] content) => Assert.True(Is(file, content), $"{file} is not what was stored");
}
