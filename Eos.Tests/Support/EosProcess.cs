using System.Diagnostics;

namespace Eos.Tests.Support;

/// <summary>A real node in a process of its own, on a temporary folder and free ports; killed and deleted in the end.</summary>
internal sealed class EosProcess(TemporaryFolder folder, string name) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private readonly List<string> _log = [];
    private System.Diagnostics.Process? _process;

    public EosProcess()
        : this(new TemporaryFolder(), "node1")
    {
    }

    public string Data => Path.Combine(folder.Path, name);
    public string Name => name;
    public string Keytab => Path.Combine(Data, "keytab");
    public NodeStatus Status { get; private set; } = new(new Dictionary<string, string>());
    public int Pid => _process!.Id;

    /// <summary>Files for a test to use, beside the node's.</summary>
    public string Scratch(string file) => Path.Combine(folder.Path, file);

    public static async Task<EosProcess> StartedAsync(params string[] more)
    {
        var node = new EosProcess();
        await node.StartAsync(more);
        return node;
    }

    /// <summary>Starts the node on its folder and returns when it serves.</summary>
    public async Task StartAsync(params string[] more)
    {
        Directory.CreateDirectory(Data);
        var status = Path.Combine(Data, "node.status");
        File.Delete(status);
        var up = new TaskCompletionSource<NodeStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Data, "node.status") { EnableRaisingEvents = true };
        void Look()
        {
            if (NodeStatus.Read(status) is { } found) up.TrySetResult(found);
        }
        watcher.Created += (_, _) => Look();
        watcher.Changed += (_, _) => Look();
        watcher.Renamed += (_, _) => Look();
        string[] ports = ["--set", "akka.remote.dot-netty.tcp.port=0", "--set", "eos.http.mgm-port=0", "--set", "eos.http.fst-port=0", "--set", "eos.resp.port=0"];
        _process = Child.Start("Eos.Host.dll", ["--data", Data, "--name", name, .. more, .. ports], []);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => up.TrySetException(new InvalidOperationException($"the node ended with {_process.ExitCode}\n{Log}"));
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _process.StandardInput.Close();
        Look();
        try
        {
            Status = await up.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"the node did not serve within {StartLimit}\n{Log}");
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it does nothing until <see cref="ContinueAsync"/>.</summary>
    public Task PauseAsync() => Child.RunAsync("/bin/sh", ["-c", $"kill -STOP {Pid}"]);

    /// <summary>SIGCONT.</summary>
    public Task ContinueAsync() => Child.RunAsync("/bin/sh", ["-c", $"kill -CONT {Pid}"]);

    /// <summary>Asks it to end, as `./eos down` does; the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Child.RunAsync("/bin/sh", ["-c", $"kill -TERM {Pid}"]);
        await _process!.WaitForExitAsync().WaitAsync(StartLimit);
        return _process.ExitCode;
    }

    /// <summary>Runs the command line client against this node, with its key.</summary>
    public Task<Outcome> CliAsync(params string[] words) => Child.RunAsync("eos-cli.dll", words, Client);

    public (string, string?)[] Client => [("EOS_MGM_URL", Status.Remoting), ("EOS_KEYTAB", Keytab), ("EOS_TIMEOUT", "60")];

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await KillAsync();
        _process?.Dispose();
        folder.Dispose();
    }

    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log.TakeLast(60));
        }
    }

    private void Keep(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is null) return;
        lock (_log) _log.Add(e.Data);
    }
}
