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

    [Fact]
    public async Task Ls_lists_each_directory_under_its_path_and_du_sums_trees()
    {
        _gateway.Directory("/eos/dev/d/e").File("/eos/dev/d/e/g", 15_000).Directory("/eos/dev/d/z");
        Assert.Equal("/eos/dev/d:\ne\nf\nz\n\n/eos/dev/d/e:\ng\n\n/eos/dev/d/z:\n", await Print("ls", "-R", "/eos/dev/d"));
        Assert.Equal("             123  /eos/dev/d\n             123  /eos/dev/d/e\n             123  /eos/dev/d/z\n", await Print("du", "/eos/dev/d"));
        Assert.Equal("          14.65k  /eos/dev/d/e/g\n", await Print("du", "-h", "/eos/dev/d/e/g"));
        Assert.Equal("          15.00k  /eos/dev/d/e/g\n", await Print("du", "--si", "/eos/dev/d/e/g"));
        Assert.Equal(0u, _gateway.Asked.OfType<Find>().Last().Query.MaxDepth ?? 0);
    }

    [Fact]   // scenarios 19, 21, 22
    public async Task Ls_has_the_options_of_EOS()
    {
        _gateway.File("/eos/dev/d/big", 2_000_000).File("/eos/dev/d/fic1.txt", 1).File("/eos/dev/d/fic2.txt", 1).File("/eos/dev/d/{1..3}", 1).File("/eos/dev/d/a[b", 1);
        Assert.Contains(" 2.00 M ", await Print("ls", "-lh", "/eos/dev/d"), StringComparison.Ordinal);
        Assert.Contains(" 2000000 ", await Print("ls", "/eos/dev/d", "-l", "-r", "-t"), StringComparison.Ordinal);
        Assert.Equal(22, await new Run(_gateway).Line("ls", "-h", "/eos/dev/d"));
        Assert.Equal("d\n", await Print("ls", "-d", "/eos/dev/d"));
        Assert.StartsWith("d1::t0    -rw-r--r--", await Print("ls", "-y", "/eos/dev/d/big"), StringComparison.Ordinal);
        Assert.Equal("fic1.txt\nfic2.txt\n", await Print("ls", "/eos/dev/d/fic*.txt"));
        Assert.Equal(2, await new Run(_gateway).Line("ls", "-N", "/eos/dev/d/fic*.txt"));
        Assert.Equal(2, await new Run(_gateway).Line("ls", "/eos/dev/d/none*"));
        Assert.Equal(22, await new Run(_gateway).Line("ls", "/eos/d*/x"));
        Assert.Equal("{1..3}\n", await Print("ls", "/eos/dev/d/{1..3}"));
        Assert.Equal("a[b\n", await Print("ls", "/eos/dev/d/a[b"));
    }

    private async Task<string> Print(params string[] words)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(words));
        return run.Output;
    }
}
