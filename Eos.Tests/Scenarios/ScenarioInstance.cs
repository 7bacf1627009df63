using Eos.Cli.Shell;
using Eos.Tests.Support;

namespace Eos.Tests.Scenarios;

/// <summary>
/// A real instance that all scenarios share: three nodes with three filesystems each, every node a process. The command line runs in this process.
/// </summary>
public class ScenarioInstance : IAsyncLifetime
{
    private EosNodes? _nodes;
    private CommandLineInProcess? _line;
    private TemporaryFolder? _scratch;
    private int _files;

    /// <summary>How many of the three nodes are killed before the first scenario.</summary>
    protected virtual int Killed => 0;

    internal EosNodes Nodes => _nodes!;

    public async Task InitializeAsync()
    {
        _scratch = new TemporaryFolder();
        _nodes = await EosNodes.StartedAsync(3, "--set", "eos.fst.filesystems=3", "--set", "eos.gateway.recycle-interval=500ms");
        _line = new CommandLineInProcess(_nodes.Places, _nodes[0].Keytab);
        await Eventually.Is(
            async () => (await RunAsync("fs ls -m")).Output, rows => Count(rows, "configstatus=rw") >= 9, "all filesystems are known");
        for (var i = 0; i < Killed; i++) await _nodes[i].KillAsync();
        await Eventually.Is(() => RunAsync("mkdir -p /eos/dev/test"), o => o.Code == 0, "the instance serves");
    }

    /// <summary>What scenarios leave behind must fit together: else disposing fails, and the run with it.</summary>
    public async Task DisposeAsync()
    {
        try
        {
            if (_line is not null) await _line.SettlesWithoutDifferencesAsync();
        }
        finally
        {
            if (_line is not null) await _line.DisposeAsync();
            if (_nodes is not null) await _nodes.DisposeAsync();
            _scratch?.Dispose();
        }
    }

    /// <summary>Runs one line, words as a shell splits them.</summary>
    internal Task<Outcome> RunAsync(string line) => Words.TrySplit(line, out var words, out var problem) ? RunAsync(words, "") : throw new ArgumentException(problem);

    internal Task<Outcome> RunAsync(IReadOnlyList<string> words, string input) => _line!.RunAsync(words, input);

    /// <summary>A local file with these bytes.</summary>
    internal string Local(byte[] bytes)
    {
        var path = _scratch!.Of($"f{Interlocked.Increment(ref _files)}");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A local path that is not there.</summary>
    internal string LocalName() => _scratch!.Of($"f{Interlocked.Increment(ref _files)}");

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}

/// <summary>The same with one node killed: what a user does every day works on the two others.</summary>
public sealed class ScenarioInstanceWithoutOne : ScenarioInstance
{
    protected override int Killed => 1;
}

/// <summary>All scenarios, one after the other, on one instance.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeInstance : ICollectionFixture<ScenarioInstance>
{
    public const string Name = "scenarios";
}

/// <summary>All scenarios again while one of the three nodes is down.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstanceWithoutOne : ICollectionFixture<ScenarioInstanceWithoutOne>
{
    public const string Name = "scenarios without one node";
}
