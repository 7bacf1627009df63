namespace Eos.Tests.Support.Chaos;

/// <summary>A real node with the role qdb in a process of its own, which is killed, stopped and started on the same folder and ports.</summary>
internal sealed class QdbProcess(string name, string folder, int redis, IReadOnlyList<string> words) : IAsyncDisposable
{
    private NodeProcess? _process;

    public string Name => name;

    public string Folder => folder;

    /// <summary>Where its Redis door is.</summary>
    public int Redis => redis;

    public bool Up => _process is not null;

    public bool Paused { get; private set; }

    public void Start()
    {
        if (Up) return;
        _process = NodeProcess.Start(name, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Eos.Host.dll"), "--data", folder, "--name", name, .. words]);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        await process.Kill();
        await process.DisposeAsync();
        (_process, Paused) = (null, false);
    }

    /// <summary>SIGTERM, and waits until it has ended in good order.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        await process.Terminate();
        await process.DisposeAsync();
        _process = null;
    }

    /// <summary>Bytes of memory of the process; 0: it does not run.</summary>
    public long Memory => _process?.Memory ?? 0;

    /// <summary>Processor time of the process.</summary>
    public TimeSpan Spent => _process?.Spent ?? TimeSpan.Zero;

    /// <summary>SIGSTOP.</summary>
    public void Pause()
    {
        _process?.Pause();
        Paused = Up;
    }

    public void Continue()
    {
        _process?.Continue();
        Paused = false;
    }

    /// <summary>One command, asked of this node alone; "" if it does not answer in time.</summary>
    public async Task<string> AskAsync(string command, TimeSpan within)
    {
        try
        {
            using var client = await RespClient.ConnectAsync(redis).WaitAsync(within);
            return await client.AskAsync(command).WaitAsync(within);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or TimeoutException or OperationCanceledException)
        {
            return "";
        }
    }

    /// <summary>A line of raft-info, "" if there is none.</summary>
    public Task<string> InfoAsync(string what) => LineAsync("raft-info", what);

    /// <summary>How far the state is, and its digest there.</summary>
    public async Task<(string Applied, string Digest)> DigestAsync()
    {
        var info = await AskAsync("quarkdb-info", TimeSpan.FromSeconds(2));
        return (LineOf(info, "STATE-APPLIED"), LineOf(info, "STATE-DIGEST"));
    }

    private async Task<string> LineAsync(string command, string what) => LineOf(await AskAsync(command, TimeSpan.FromSeconds(2)), what);

    private static string LineOf(string info, string what)
    {
        var at = info.IndexOf($"+{what} ", StringComparison.Ordinal);
        return at < 0 ? "" : info[(at + what.Length + 2)..].Split(" +")[0].TrimEnd(']');
    }

    /// <summary>The same as a number, 0 if there is none.</summary>
    public async Task<long> NumberAsync(string what) => long.TryParse(await InfoAsync(what), out var number) ? number : 0;

    /// <summary>Everything that this run of the node printed.</summary>
    public IReadOnlyCollection<string> Said => _process?.Said ?? [];

    /// <summary>What the node printed last.</summary>
    public string Transcript() => _process?.Transcript() ?? "";

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
