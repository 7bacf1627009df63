using System.Text;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>Ctrl-C at a real terminal: the walk shows how far it is, ends with the client, and can be taken up again.</summary>
[Collection(ProcessesCollection.Name)]
public class InterruptTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_removal_shows_progress_ends_at_control_c_and_is_completed_by_another()
    {
        // one directory after the other, so that it takes long enough to be cut off
        await using var node = await EosProcess.StartedAsync(
            "--set", "eos.gateway.walk-width=1", "--set", "eos.gateway.walk-width-per-node=1", "--set", "eos.gateway.walk-window=1", "--set", "eos.gateway.walk-pause=10ms");
        await Good(node, "mkdir", "/eos/dev/w");
        var commands = node.Scratch("make.eos");
        await File.WriteAllTextAsync(commands, "cd /eos/dev/w\ntest mkdir 120\n");
        await Good(node, commands);
        Assert.Equal("nfiles=0 ndirectories=1212\n", await Good(node, "find", "--count", "/eos/dev/w"));

        var cli = Path.Combine(AppContext.BaseDirectory, "eos-cli.dll");
        using var terminal = Child.Start("script", ["-qefc", $"env --default-signal=INT dotnet '{cli}' rm -r --no-confirmation /eos/dev/w", "/dev/null"], node.Client);
        var shown = new StringBuilder();
        var buffer = new char[4096];
        while (!shown.ToString().Contains("removed ", StringComparison.Ordinal))
        {
            var read = await terminal.StandardOutput.ReadAsync(buffer.AsMemory()).AsTask().WaitAsync(Limit);
            Assert.True(read > 0, $"no progress was shown: {shown}");
            shown.Append(buffer, 0, read);
        }
        await terminal.StandardInput.WriteAsync('\u0003');   // the terminal makes SIGINT of it
        await terminal.StandardInput.FlushAsync();
        await terminal.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await terminal.WaitForExitAsync().WaitAsync(Limit);
        Assert.Equal(130, terminal.ExitCode);

        // only the question itself runs in the gateway
        await Eventually.Is(() => Good(node, "ns", "-m"), figures => figures.Contains("ns.requests.running=0\n", StringComparison.Ordinal), "the walk has ended");
        var left = await Good(node, "find", "--count", "/eos/dev/w");
        Assert.NotEqual("nfiles=0 ndirectories=0\n", left);
        Assert.Equal(left, await Good(node, "find", "--count", "/eos/dev/w"));
        await Good(node, "rm", "-r", "/eos/dev/w");
        Assert.Equal(14, (await node.CliAsync("stat", "/eos/dev/w")).Code);
    }

    private static async Task<string> Good(EosProcess node, params string[] words)
    {
        var outcome = await node.CliAsync(words);
        Assert.True(outcome.Code == 0, $"eos {string.Join(' ', words)}: {outcome.Code}\n{outcome.Output}{outcome.Error}\n{node.Log}");
        return outcome.Output;
    }
}
