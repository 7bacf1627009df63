using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>Commands with -r: they ask for the whole tree at once.</summary>
public class TreeCommandTests
{
    private readonly FakeGateway _gateway = new FakeGateway().Directory("/eos/dev/d").File("/eos/dev/d/f", 12);

    [Fact]
    public async Task Chmod_chown_attr_and_acl_ask_for_the_tree()
    {
        Assert.Equal("success: mode of file/directory /eos/dev/d is now '750'\n", await Print("chmod", "-r", "750", "/eos/dev/d"));
        Assert.True(_gateway.Asked.OfType<ChangeMode>().Single().Recursive);
        await Print("chown", "-r", "-h", "5:6", "/eos/dev/d");
        Assert.True(_gateway.Asked.OfType<ChangeOwner>().Single() is { Recursive: true, OfLink: true });
        Assert.Equal("success: set attribute 'user.a'='b' in file/directory /eos/dev/d\n", await Print("attr", "set", "-r", "user.a=b", "/eos/dev/d"));
        Assert.Equal("success: set attribute 'user.a'='b' in file/directory /eos/dev/d\n", await Print("attr", "-r", "set", "user.a=b", "/eos/dev/d"));
        await Print("attr", "rm", "-r", "user.a", "/eos/dev/d");
        Assert.All(_gateway.Asked.OfType<ChangeAttributes>(), a => Assert.True(a.Recursive));
        Assert.Equal("", await Print("acl", "-R", "u:7=rwx", "/eos/dev/d"));
        Assert.True(_gateway.Asked.OfType<EditAcl>().Single().Recursive);
    }

    private async Task<string> Print(params string[] words)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(words));
        return run.Output;
    }
}
