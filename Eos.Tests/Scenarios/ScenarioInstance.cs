using System.Text;
using Eos.Cli;
using Eos.Cli.Render;
using Eos.Cli.Shell;
using Eos.Client;
using Eos.Tests.Support;

namespace Eos.Tests.Scenarios;

/// <summary>
/// A real instance that all scenarios share: three nodes with three filesystems each, every node a process. The command line runs in this process, over one connection, because
/// some hundred starts of a program would cost minutes; what it does is the same.
/// </summary>
public class ScenarioInstance : IAsyncLifetime
{
    private EosNodes? _nodes;
    private GatewayLink? _link;
    private TemporaryFolder? _scratch;
    private int _files;

    /// <summary>How many of the three nodes are killed before the first scenario.</summary>
    protected virtual int Killed => 0;

    internal EosNodes Nodes => _nodes!;

    public async Task InitializeAsync()
    {
        _scratch = new TemporaryFolder();
        _nodes = await EosNodes.StartedAsync(3, "--set", "eos.fst.filesystems=3");
        _link = ClusterLink.To(_nodes.Places, _nodes[0].Keytab);
        await Eventually.Is(
            async () => (await RunAsync("fs ls -m")).Output, rows => Count(rows, "configstatus=rw") >= 9, "all filesystems are known");
        for (var i = 0; i < Killed; i++) await _nodes[i].KillAsync();
        await Eventually.Is(() => RunAsync("mkdir -p /eos/dev/test"), o => o.Code == 0, "the instance serves");
    }

    public async Task DisposeAsync()
    {
        if (_link is not null) await _link.DisposeAsync();
        if (_nodes is not null) await _nodes.DisposeAsync();
        _scratch?.Dispose();
    }

    /// <summary>Runs one line, words as a shell splits them.</summary>
    internal Task<Outcome> RunAsync(string line) => Words.TrySplit(line, out var words, out var problem) ? RunAsync(words, "") : throw new ArgumentException(problem);

    internal async Task<Outcome> RunAsync(IReadOnlyList<string> words, string input)
    {
        var (output, error, raw) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" }, new MemoryStream());
        var terminal = new Terminal(output, error, raw, new MemoryStream(Encoding.UTF8.GetBytes(input)), false, false);
        var session = new Session(terminal, options => new EosClient(_link!, options.Claim, TimeSpan.FromSeconds(60)), Names.OfThisMachine); // not disposed: the link is everybody's
        var code = await new CommandLine(session).RunAsync(["-b", .. words], inShell: false, CancellationToken.None);
        return new Outcome(code, output + Encoding.UTF8.GetString(raw.ToArray()), error.ToString());
    }

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
