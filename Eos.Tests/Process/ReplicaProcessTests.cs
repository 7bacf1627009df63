using System.Collections.Concurrent;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;
using Eos.Views;

namespace Eos.Tests.Processes;

/// <summary>Three real nodes, two replicas of every file: one node is killed while files are being written, and comes back.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class ReplicaProcessTests : IAsyncLifetime
{
    private const int Nodes = 3;
    private const int Victim = 2;
    private const int Writers = 4;
    private const int FilesAfterKill = 24;
    private static readonly FsId VictimFs = new(Victim + 1);
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _remoting = FreePort.Take(Nodes);
    private readonly List<EosProcess> _nodes = [];
    private readonly ConcurrentDictionary<string, int> _written = new();
    private EosClient _client = null!;

    public async Task InitializeAsync()
    {
        for (var i = 0; i < Nodes; i++)
        {
            _nodes.Add(new EosProcess(_folder, $"node{i + 1}"));
            Directory.CreateDirectory(_nodes[i].Data);
        }
        Keytab.OpenOrCreate(_nodes[0].Keytab);
        foreach (var node in _nodes.Skip(1)) File.Copy(_nodes[0].Keytab, node.Keytab);
        await Task.WhenAll(Enumerable.Range(0, Nodes).Select(StartAsync));
        _client = new EosClient(
            ClusterLink.To(_nodes.Select(n => n.Status.Remoting), _nodes[0].Keytab), new GatewayProtocol.Claim(0, 0, "root", "here", "test"), TimeSpan.FromMinutes(2));
        foreach (var node in _nodes)
            await Eventually.Is(() => node.CliAsync("fs", "ls", "-m"), o => o.Output.Split("stat.active=online").Length == Nodes + 1, "every node sees three filesystems");
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    private Task StartAsync(int i) => _nodes[i].StartAsync(
    [
        .. _remoting.SelectMany(port => new[] { "--member", $"127.0.0.1:{port}" }), "--set", $"akka.remote.dot-netty.tcp.port={_remoting[i]}",
        "--set", "eos.gateway.replicas=2", "--set", "eos.fst.settle-timeout=20s", "--set", "eos.fst.report-interval=500ms",
        "--set", "eos.fst.sweep.retry-interval=1s", "--set", "eos.namespace.tick-interval=1s",
    ]);

    private string Mount(FsId fs) => Path.Combine(_nodes[(int)fs.Value - 1].Data, "fst", fs.ToString());

    private async Task<GatewayProtocol.FileInformation> InfoAsync(string path) => Assert.IsType<GatewayProtocol.FileInformation>(await _client.InfoAsync(path));

    private static byte[] BytesOf(int number) => HttpFiles.Bytes(number, number % 3 == 0 ? 3_000_000 : 1 + number * 997);

    private async Task WriteAsync(int number)
    {
        var path = $"/eos/dev/d{number % 5}/f{number}";
        await _client.PutAsync(path, new PacedStream(BytesOf(number)));
        _written[path] = number;
    }

    private async Task EverythingIsReadAsync() => await Parallel.ForEachAsync(_written, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (file, cancel) =>
    {
        var got = new MemoryStream();
        await _client.GetAsync(file.Key, got, cancel: cancel);
        Assert.True(BytesOf(file.Value).AsSpan().SequenceEqual(got.ToArray()), $"{file.Key} has other bytes");
    });

    /// <summary>What lies on the disk of a filesystem but should not, or the other way round.</summary>
    private async Task<string> DifferencesAsync(FsId fs)
    {
        var listed = new List<ListedFile>();
        foreach (var path in _written.Keys)
            if ((await InfoAsync(path)).File is var file && file.Content.Locations.Contains(fs)) listed.Add(new ListedFile(path, file.Id, (long)file.Content.Size, file.Content.Checksum.Hex));
        return DiskAgainstNamespace.Differences(Mount(fs), listed);
    }

    [Fact]
    public async Task Files_survive_a_killed_node_writes_go_on_and_what_is_missing_is_made_anew()
    {
        for (var i = 0; i < 5; i++) await _client.MakeDirectoryAsync($"/eos/dev/d{i}");
        var next = 0;
        var last = int.MaxValue;
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= Volatile.Read(ref last)) await WriteAsync(number);
        })).ToArray();

        await Eventually.True(() => _written.Count >= 12, "some files are written");
        await _nodes[Victim].KillAsync();
        Volatile.Write(ref last, Volatile.Read(ref next) + FilesAfterKill);
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromMinutes(4));
        Assert.Equal(last, _written.Count);
        await EverythingIsReadAsync();
        foreach (var path in _written.Keys) Assert.Equal(2, (await InfoAsync(path)).File.Content.Locations.Distinct().Count());

        await StartAsync(Victim);
        await Eventually.Is(() => _client.FilesystemsAsync(), a => a.Rows.Count(r => r.Active == Activity.Online) == 3, "all filesystems are online");
        foreach (var node in _nodes)
        {
            var fs = new FsId((uint)_nodes.IndexOf(node) + 1);
            await Eventually.Is(() => DifferencesAsync(fs), text => text.Length == 0, $"nothing is left and nothing is missing on filesystem {fs}");
        }

        await LoseAndRestoreAsync();
        await EverythingIsReadAsync();
    }

    private async Task LoseAndRestoreAsync()
    {
        var there = new List<GatewayProtocol.FileInformation>();
        foreach (var path in _written.Keys.Order(StringComparer.Ordinal))
            if (await InfoAsync(path) is var info && info.File.Content.Locations.Contains(VictimFs)) there.Add(info);
        var disk = new FolderDisk(Mount(VictimFs));
        var (missing, flipped) = (there[0], there.First(t => t != there[0] && t.File.Content.Size > 10));
        File.Delete(disk.PathOf(missing.File.Id));
        var bytes = await File.ReadAllBytesAsync(disk.PathOf(flipped.File.Id));
        bytes[5] ^= 1;
        await File.WriteAllBytesAsync(disk.PathOf(flipped.File.Id), bytes);

        Assert.Equal((int)Errno.Fault, (await _nodes[0].CliAsync("file", "check", missing.Path)).Code);
        await EverythingIsReadAsync();
        Assert.Equal(0, (await _nodes[1].CliAsync("file", "adjustreplica", missing.Path)).Code);
        var verify = await _nodes[1].CliAsync("file", "verify", flipped.Path);
        Assert.Contains("success: sending verify to fsid=", verify.Output);
        foreach (var path in new[] { missing.Path, flipped.Path })
        {
            var number = _written[path];
            var id = path == missing.Path ? missing.File.Id : flipped.File.Id;
            await Eventually.True(() => File.Exists(disk.PathOf(id)) && BytesOf(number).AsSpan().SequenceEqual(File.ReadAllBytes(disk.PathOf(id))), $"{path} is made anew");
        }
        await Eventually.Is(() => _nodes[0].CliAsync("file", "check", missing.Path), o => o.Code == 0, "check finds nothing any more");
        var report = await Eventually.Is(
            () => _client.FilesystemsAsync(), a => a.Rows.Single(r => r.Id == VictimFs).Report.Usage.Faults is { Missing: > 0, Broken: > 0, Open: 0 }, "the report tells what was found and mended");
        Assert.Equal(3, report.Rows.Length);
    }

    /// <summary>Gives its bytes in small pieces, so that there are always uploads under way.</summary>
    private sealed class PacedStream(byte[] bytes) : MemoryStream(bytes)
    {
        private const int Piece = 64 << 10;
        private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var timer = new PeriodicTimer(Pace);
            await timer.WaitForNextTickAsync(cancellationToken);
            return await base.ReadAsync(buffer[..Math.Min(Piece, buffer.Length)], cancellationToken);
        }
    }
}
