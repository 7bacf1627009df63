using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ChildProcess = System.Diagnostics.Process;

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
    private const int SigTerminate = 15;

    private readonly ChildProcess _process;
    private readonly List<string> _unheard = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly ConcurrentQueue<string> _said = new();

    private volatile bool _ended;

    private NodeProcess(string name, ChildProcess process)
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
        var node = new NodeProcess(name, new ChildProcess { StartInfo = info });
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

    /// <summary>Takes the first line that passes out of those that it has said or will say; the others stay to be heard. One listener at a time.</summary>
    public async Task<string> Heard(Func<string, bool> wanted, TimeSpan within, string phase)
    {
        using var patience = new CancellationTokenSource(within);
        while (true)
        {
            var ended = _ended;   // before the look: what it said last came before its end
            lock (_unheard)
            {
                var at = _unheard.FindIndex(l => wanted(l));
                if (at >= 0)
                {
                    var line = _unheard[at];
                    _unheard.RemoveAt(at);
                    return line;
                }
            }
            if (ended) throw new InvalidOperationException($"{phase}: {Name} ended. It said:\n{Transcript()}");
            try
            {
                await _changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"{phase}: {Name} did not say it within {within}. It said:\n{Transcript()}");
            }
        }
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

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task Terminate()
    {
        Signal(SigTerminate);
        await _process.WaitForExitAsync();
    }

    /// <summary>Bytes of its memory that are not swapped out.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    /// <summary>User and system time that it has used.</summary>
    public TimeSpan Spent
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
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
            _ended = true;
        }
        else
        {
            Note(line);
            lock (_unheard) _unheard.Add(line);
        }
        _changed.Release();
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
