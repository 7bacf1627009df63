using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Eos.Tests.Support;

/// <summary>
/// A child process that speaks in lines: started, asked on standard input, heard on standard output, killed and paused by signals.
/// Disposing kills it; a child of ours also ends by itself when its standard input closes.
/// </summary>
public sealed partial class NodeProcess : IAsyncDisposable
{
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private const int SigKill = 9;

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _said = new();

    private NodeProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>Everything that it said so far.</summary>
    public IReadOnlyCollection<string> Said => _said;

    /// <summary>Starts this test assembly's own program with those arguments.</summary>
    public static NodeProcess StartSelf(string name, params string[] arguments) =>
        Start(name, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(NodeProcess).Assembly.Location, .. arguments]);

    public static NodeProcess Start(string name, string file, params string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var node = new NodeProcess(name, new Process { StartInfo = info });
        node._process.OutputDataReceived += (_, e) => node.Hear(e.Data);
        node._process.ErrorDataReceived += (_, e) => node.Note(e.Data);
        node._process.Start();
        node._process.BeginOutputReadLine();
        node._process.BeginErrorReadLine();
        return node;
    }

    /// <summary>Says a line to it.</summary>
    public async Task Say(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line that passes; those before it are skipped.</summary>
    public async Task<string> Heard(Func<string, bool> wanted, TimeSpan within, string phase)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(patience.Token))
            {
                if (wanted(line)) return line;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{phase}: {Name} did not say it within {within}. It said:\n{Transcript()}");
        }
        throw new InvalidOperationException($"{phase}: {Name} ended. It said:\n{Transcript()}");
    }

    /// <summary>Asks and hears the answer, which starts with the given word.</summary>
    public async Task<string> Ask(string line, string answer, TimeSpan within)
    {
        await Say(line);
        return await Heard(l => l.StartsWith(answer, StringComparison.Ordinal), within, line);
    }

    /// <summary>kill -9.</summary>
    public async Task Kill()
    {
        Signal(SigKill);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it does nothing until <see cref="Continue"/>.</summary>
    public void Pause() => Signal(SigStop);

    /// <summary>SIGCONT.</summary>
    public void Continue() => Signal(SigContinue);

    public string Transcript() => string.Join('\n', _said.TakeLast(200));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            _lines.Writer.TryComplete();
            return;
        }
        Note(line);
        _lines.Writer.TryWrite(line);
    }

    private void Note(string? line)
    {
        if (line is not null) _said.Enqueue(line);
    }

    private void Signal(int signal)
    {
        if (!_process.HasExited) _ = SendSignal(_process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);
}
