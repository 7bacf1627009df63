using Eos.Cli;
using Eos.Cli.Render;
using Eos.Client;
using Eos.Gateway;

namespace Eos.Tests.Unit.Cli;

/// <summary>An option that a command does not have is named, whatever stands behind it, and nothing is asked.</summary>
public sealed class UnknownOptionTests
{
    public static TheoryData<string> Verbs()
    {
        var terminal = new Terminal(new StringWriter(), new StringWriter(), Stream.Null, Stream.Null, false, false);
        var line = new CommandLine(new Session(
            terminal, _ => new EosClient(new FakeGateway(), GatewayProtocol.Claim.Nobody), new Names("/nonexistent", "/nonexistent")));
        var verbs = new TheoryData<string>();
        foreach (var name in line.CommandNames)
        {
            verbs.Add(name);
            foreach (var word in line.WordsAfter(name).Where(word => word[0] != '-')) verbs.Add($"{name} {word}");
        }
        return verbs;
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Every_verb_names_the_option_that_it_does_not_have(string verb)
    {
        string[] words = verb.Split(' ');
        foreach (string[] rest in (string[][])[["--nonsense"], ["--nonsense", "/eos"], ["--nonsense", "/eos", "/eos/dev"], ["/eos", "--nonsense"], ["--nonsense=3", "/eos", "7"]])
        {
            var gateway = new FakeGateway();
            var run = new Run(gateway);
            Assert.Equal(22, await run.Line([.. words, .. rest]));
            Assert.Contains($" has no option {rest.First(word => word[0] == '-')} (errc=22) (Invalid argument)", run.Error);
            Assert.Empty(gateway.Asked);
        }
    }
}
