using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Eos.Benchmarks;

/// <summary>A server that a benchmark starts, and what it spends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process) => _process = process;

    /// <summary>User and system time so far.</summary>
    public TimeSpan Spent
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Microseconds of it, by what the threads of ours do.</summary>
    private IReadOnlyDictionary<string, double> Parts => ThreadTimes.Of(_process.Id, Spent);

    /// <summary>Starts a program; what it prints goes to a file.</summary>
    /// <exception cref="InvalidOperationException">There is no such program.</exception>
    public static ServerProcess Start(string program, string folder, string log, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        var words = string.Join(' ', new[] { program }.Concat(arguments).Select(a => $"'{a}'"));
        var start = new ProcessStartInfo("sh", ["-c", $"exec {words} > '{Path.Combine(folder, log)}' 2>&1"]) { WorkingDirectory = folder };
        return new ServerProcess(Process.Start(start)!);
    }

    public static bool Exists(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static async Task UntilAsync(Func<Task<bool>> question, string what)
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await question())
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2)) throw new TimeoutException($"{what}: not within two minutes");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Runs redis-benchmark and reads its table.</summary>
    public static async Task<LoadResult> RedisBenchmarkAsync(int port, IReadOnlyList<string> arguments, int requests, IReadOnlyList<ServerProcess> servers)
    {
        var before = servers.Select(s => s.Parts).ToList();
        var lines = (await RunAsync("redis-benchmark", ["-p", $"{port}", .. arguments])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var row = lines.LastOrDefault(l => l.StartsWith('"') && !l.StartsWith("\"test\"", StringComparison.Ordinal)) ?? throw new InvalidOperationException(string.Join('\n', lines));
        var figures = row.Split("\",\"")[^7..].Select(f => double.Parse(f.Trim('"'), CultureInfo.InvariantCulture)).ToArray();
        var parts = servers.Select((s, i) => s.Parts.ToDictionary(p => p.Key, p => (p.Value - before[i][p.Key]) / requests)).ToList();
        return new LoadResult(figures[0], figures[3], figures[5], [.. parts.Select(p => p.Values.Sum())]) { Parts = parts };
    }

    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
