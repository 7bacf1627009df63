using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;

namespace Eos.Benchmarks;

/// <summary>
/// One large file into and out of the data port over loopback, against `cp` and `cksum` on the same disk; median of five.
/// Argument: size in MiB (1024).
/// </summary>
public sealed class FileBench : IBenchmark
{
    private const int Rounds = 5;
    private const int BufferSize = 256 << 10;

    public string Name => "file";

    public string Purpose => "a large file into and out of the data port, against cp and cksum: [MiB, default 1024]";

    public async Task Run(string[] args)
    {
        var mebibytes = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1024;
        var folder = Directory.CreateTempSubdirectory("eos-bench-").FullName;
        try
        {
            var source = Path.Combine(folder, "source");
            await WriteSourceAsync(source, mebibytes);
            var mount = Directory.CreateDirectory(Path.Combine(folder, "mount")).FullName;
            await CompareAsync(source, mount, (long)mebibytes << 20);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(string source, string mount, long size)
    {
        var copy = source + ".copy";
        var cp = await MedianAsync(() => ProcessAsync("cp", source, copy), () => File.Delete(copy));
        var cpSync = await MedianAsync(() => ProcessAsync("sh", "-c", $"cp {source} {copy} && sync {copy}"), () => File.Delete(copy));
        var sum = await MedianAsync(() => ProcessAsync("cksum", source), () => { });
        var baseline = cp + sum;

        var gate = new OpenGate(new FolderDisk(mount));
        var key = new CapabilityKey(1, [.. new byte[32]]);
        var parts = new DataParts(_ => gate, () => new CapabilityKeys(key, null), SystemClock.Instance);
        var settings = HttpSettings.From(new Settings(Akka.Configuration.ConfigurationFactory.ParseString("eos.http { bind = \"127.0.0.1\", fst-port = 0 }"), "eos.http"));
        await using var doors = await HttpDoors.StartAsync(settings, null, parts, () => new Health("bench", [], "up", []), null, CancellationToken.None);
        var file = 0ul;
        await PutAsync(doors.FstPort, Url(key, ++file, CapabilityOperation.Write), source);
        gate.Disk.Delete([new FileId(file)]);
        var before = Resident();
        var put = await MedianAsync(() => PutAsync(doors.FstPort, Url(key, ++file, CapabilityOperation.Write), source), () => gate.Disk.Delete([new FileId(file)]));
        await PutAsync(doors.FstPort, Url(key, ++file, CapabilityOperation.Write), source);
        var get = await MedianAsync(() => GetAsync(doors.FstPort, Url(key, file, CapabilityOperation.Read), size), () => { });
        var growth = Resident() - before;

        Line("cp", cp, size);
        Line("cp, then sync of the file", cpSync, size);
        Line("cksum", sum, size);
        Line("cp + cksum", baseline, size);
        Line("PUT, adler32, synced", put, size);
        Line("GET, adler32 verified", get, size);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"ratio to cp + cksum: PUT {baseline / put:f2}  GET {baseline / get:f2}   (cp synced + cksum: PUT {(cpSync + sum) / put:f2})"));
        Console.WriteLine($"memory grew by {growth / (1 << 20)} MiB (peak {Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)} MiB)");
    }

    private static void Line(string name, double seconds, long size) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-28} {seconds,8:f3} s {size / seconds / 1e6,8:f0} MB/s"));

    private static async Task PutAsync(int port, string url, string source)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"PUT {url} HTTP/1.1\r\nHost: x\r\nContent-Length: {new FileInfo(source).Length}\r\n\r\n"));
        await socket.SendFileAsync(source);
        var buffer = new byte[BufferSize];
        var answer = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
        if (!answer.StartsWith("HTTP/1.1 201", StringComparison.Ordinal)) throw new InvalidOperationException(answer);
    }

    private static async Task GetAsync(int port, string url, long size)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        var buffer = new byte[BufferSize];
        long total = 0;
        for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;) total += read;
        if (total < size) throw new InvalidOperationException($"{total} bytes came");
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static string Url(CapabilityKey key, ulong file, CapabilityOperation operation) => "/eos/bench?cap=" + SignedCapability.Sign(
        new Capability(
            operation, new OpenId(new OpId(Guid.Empty, file)), new FileId(file), new DirectoryId(1), "/eos/bench", [new ReplicaPlace(new FsId(1), "127.0.0.1", 0)],
            new CapabilityContent(LayoutId.Of(LayoutType.Replica, 1, ChecksumType.Adler32), new Checksum(ChecksumType.Adler32, ""), null, 0, 0, 0),
            new CapabilityGrant(99, 99, SystemClock.Instance.Now + CapabilityGrant.UsualLife)),
        key);

    private static async Task<double> MedianAsync(Func<Task> run, Action clean)
    {
        var times = new double[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await run();
            times[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            clean();
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }

    private static async Task ProcessAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} failed");
    }

    private static async Task WriteSourceAsync(string path, int mebibytes)
    {
        var block = new byte[1 << 20];
        new Random(1).NextBytes(block);
        await using var file = File.Create(path);
        for (var i = 0; i < mebibytes; i++) await file.WriteAsync(block);
        file.Flush(flushToDisk: true);
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>A filesystem without a directory: every transfer may begin, every upload is kept.</summary>
    private sealed class OpenGate(IDisk disk) : IFilesystemGate
    {
        public FsId Id => new(1);

        public IDisk Disk => disk;

        public FilesystemMeter Meter { get; } = new();

        public Task<TransferId> BeginAsync(Capability capability, CancellationToken cancel) => Task.FromResult(new TransferId(capability.File.Value));

        public Task CommitAsync(TransferId transfer, ReplicaRecord record)
        {
            disk.Keep(record.File, record.Open);
            return Task.CompletedTask;
        }

        public Task HoldAsync(TransferId transfer, ReplicaRecord record) => Task.CompletedTask;

        public void Settle(FileId file, OpenId open, Settlement settlement) => disk.Keep(file, open);

        public void FoundBad(ChainGrant replica, ReplicaFault fault)
        {
        }

        public void End(TransferId transfer)
        {
        }
    }
}
