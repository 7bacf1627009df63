using System.Text;
using Eos.Cli;
using Eos.Cli.Render;
using Eos.Cli.Shell;
using Eos.Client;

namespace Eos.Tests.Support;

/// <summary>The command line within this process, over one connection: what it does is the same as in a program of its own, and some hundred starts of that would cost minutes.</summary>
/// <param name="patience">So long a command waits for an answer; null: a minute.</param>
internal sealed class CommandLineInProcess(IEnumerable<string> places, string keytab, TimeSpan? patience = null) : IAsyncDisposable
{
    private readonly GatewayLink _link = ClusterLink.To(places, keytab);

    public async Task<Outcome> RunAsync(IReadOnlyList<string> words, string input = "")
    {
        var (output, error, raw) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" }, new MemoryStream());
        var terminal = new Terminal(output, error, raw, new MemoryStream(Encoding.UTF8.GetBytes(input)), false, false);
        var session = new Session(terminal, options => new EosClient(_link, options.Claim, patience ?? TimeSpan.FromSeconds(60)), Names.OfThisMachine); // not disposed: the link is everybody's
        var code = await new CommandLine(session).RunAsync(["-b", .. words], inShell: false, CancellationToken.None);
        return new Outcome(code, output + Encoding.UTF8.GetString(raw.ToArray()), error.ToString());
    }

    /// <summary>Compares everything that the namespace says of itself, again and again until nothing differs: sums come up some time after the last change.</summary>
    public Task SettlesWithoutDifferencesAsync() => Eventually.Is(() => RunAsync(["ns", "check"]), checks => checks.Code == 0, "ns check finds no differences");

    public ValueTask DisposeAsync() => _link.DisposeAsync();
}
