using Eos.Cli;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Gateway;

namespace Eos.Tests.Unit.Cli;

/// <summary>Runs command lines in one session against a <see cref="FakeGateway"/>, with streams in memory.</summary>
internal sealed class Run(FakeGateway gateway, string input = "")
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    public string Output => _output.ToString();
    public string Error => _error.ToString();

    /// <summary>The exit code; output and errors are those of this line alone.</summary>
    public async Task<int> Line(params string[] words)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        using var rawOutput = new MemoryStream();
        var terminal = new Terminal(_output, _error, rawOutput, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)), false, false);
        await using var session = new Session(
            terminal, options => new EosClient(gateway, options.Claim with { Name = "ann", Host = "here" }),
            new Names("/nonexistent", "/nonexistent"));
        return await new CommandLine(session).RunAsync(["-r", "4001", "5001", .. words], inShell: false, CancellationToken.None);
    }
}
