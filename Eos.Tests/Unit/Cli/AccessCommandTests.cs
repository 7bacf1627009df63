using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>`acl`, `chmod`, `chown`: what they ask and what they print.</summary>
public sealed class AccessCommandTests
{
    private readonly FakeGateway _gateway = new FakeGateway().File("/eos/dev/f", 1).File("/eos/dev/both", 1);

    private T Asked<T>() => Assert.Single(_gateway.Asked.OfType<T>());

    [Fact]
    public async Task Chmod_sends_the_bits_and_repeats_what_was_typed()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("chmod", "4755", "/eos/dev"));
        Assert.Equal(("/eos/dev", Convert.ToUInt32("4755", 8)), (Asked<ChangeMode>().Path, Asked<ChangeMode>().Mode));
        Assert.Equal("success: mode of file/directory /eos/dev is now '4755'\n", run.Output);
    }

    [Theory]
    [InlineData("chmod", "9", "/eos/dev")]
    [InlineData("chmod", "77777", "/eos/dev")]
    [InlineData("chown", ":", "/eos/dev")]
    [InlineData("chown", "a:b:c", "/eos/dev")]
    [InlineData("acl", "--sys", "--user", "u:7=r", "/eos/dev")]
    [InlineData("acl", "-l", "u:7=r", "/eos/dev")]
    [InlineData("acl", "/eos/dev")]
    [InlineData("acl", "-p", "0", "u:7=r", "/eos/dev")]
    public async Task What_says_nothing_is_not_asked_for(params string[] line)
    {
        Assert.Equal(22, await new Run(_gateway).Line(line));
        Assert.Empty(_gateway.Asked);
    }

    [Theory]
    [InlineData("ann", "ann", "", false)]
    [InlineData("ann:zp", "ann", "zp", false)]
    [InlineData(":zp", "", "zp", true)]
    public async Task Chown_names_user_group_or_both(string typed, string user, string group, bool ofLink)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(ofLink ? ["chown", "-h", typed, "/eos/dev/f"] : ["chown", typed, "/eos/dev/f"]));
        Assert.Equal((user, group, ofLink), (Asked<ChangeOwner>().User, Asked<ChangeOwner>().Group, Asked<ChangeOwner>().OfLink));
        Assert.Equal($"success: owner of file/directory /eos/dev/f is now '{typed}'\n", run.Output);
    }

    [Fact]
    public async Task Acl_edits_one_rule_silently()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("acl", "u:daemon=!x", "/eos/dev"));
        Assert.Equal(("/eos/dev", "u:daemon=!x", null, null), (Asked<EditAcl>().Path, Asked<EditAcl>().Edit, Asked<EditAcl>().OfUser, Asked<EditAcl>().Position));
        Assert.Equal("", run.Output);
    }

    [Fact]
    public async Task Acl_says_which_rules_and_where()
    {
        Assert.Equal(0, await new Run(_gateway).Line("acl", "--user", "--front", "--with-synchronous-write-lock", "g:zp:+w-d", "/eos/dev"));
        Assert.Equal((true, 1u), (Asked<EditAcl>().OfUser, Asked<EditAcl>().Position));
        var other = new FakeGateway();
        Assert.Equal(0, await new Run(other).Line("acl", "--sys", "--position", "3", "z=r", "/eos/dev"));
        Assert.Equal((false, 3u), (Assert.Single(other.Asked.OfType<EditAcl>()).OfUser, Assert.Single(other.Asked.OfType<EditAcl>()).Position));
    }

    [Fact]
    public async Task Acl_l_prints_the_rules_and_fails_where_there_are_none()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("acl", "-l", "/eos/dev"));
        Assert.Equal("u:ann:rwx,z:r\n", run.Output);
        Assert.Equal(61, await run.Line("acl", "-l", "/eos/dev/f"));
        Assert.Equal(61, await run.Line("acl", "-l", "--user", "/eos/dev"));
        Assert.Equal(0, await run.Line("acl", "-l", "/eos/dev/both"));
        Assert.Equal("g:zp:r\n", run.Output);
    }

    [Fact]
    public async Task Attr_link_unlink_and_fold_change_the_link()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("attr", "link", "/eos/dev/origin", "/eos/dev"));
        Assert.Equal("/eos/dev/origin", Asked<ChangeAttributes>().Set["sys.attr.link"]);
        Assert.Equal(0, await run.Line("attr", "fold", "/eos/dev"));
        Assert.Equal("/eos/dev", Asked<FoldAttributes>().Path);
        Assert.Equal(0, await run.Line("attr", "unlink", "/eos/dev"));
        Assert.Equal("sys.attr.link", _gateway.Asked.OfType<ChangeAttributes>().Last().Removed);
    }
}
