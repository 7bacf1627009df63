using Eos.Cli;
using Eos.Cli.Render;
using Eos.Tests.Support;

namespace Eos.Tests.Golden;

public class CommandReferenceTests
{
    /// <summary>Stale after a change of a command: `EOS_ACCEPT=1 dotnet test --filter CommandReference` writes it anew.</summary>
    [Fact]
    public void The_reference_of_the_command_line_is_that_of_its_commands()
    {
        var terminal = new Terminal(TextWriter.Null, TextWriter.Null, Stream.Null, Stream.Null, outputIsTerminal: false, inputIsTerminal: false);
        var commands = new CommandLine(new Session(terminal, _ => throw new InvalidOperationException("nobody is asked"), new Names("/nonexistent", "/nonexistent")));
        RepositoryFile.MustEqual("docs/cli.md", CommandReference.Of(commands.Root));
    }
}
