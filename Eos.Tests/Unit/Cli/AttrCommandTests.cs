using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>`attr ls|get|set|rm`: what they ask and what they print.</summary>
public sealed class AttrCommandTests
{
    private readonly FakeGateway _gateway = new FakeGateway().File("/eos/dev/f", 1);

    private ChangeAttributes Change => Assert.Single(_gateway.Asked.OfType<ChangeAttributes>());

    [Fact]
    public async Task Ls_prints_each_attribute_and_get_the_one_that_is_asked_for()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("attr", "ls", "/eos/dev"));
        Assert.Equal("sys.forced.space=\"default\"\nuser.tag=\"a b\"\n", run.Output);
        Assert.Equal(0, await run.Line("attr", "get", "user.tag", "/eos/dev"));
        Assert.Equal("user.tag=\"a b\"\n", run.Output);
        Assert.Equal(0, await run.Line("attr", "ls", "/eos/dev/f"));
        Assert.Equal("user.tag=\"a b\"\n", run.Output);
    }

    [Fact]
    public async Task Get_of_one_that_is_not_set_is_ENODATA_and_of_no_file_ENOENT()
    {
        var run = new Run(_gateway);
        Assert.Equal(61, await run.Line("attr", "get", "user.none", "/eos/dev"));
        Assert.Equal("error: attribute 'user.none' of /eos/dev is not set (errc=61) (No data available)\n", run.Error);
        Assert.Equal(2, await run.Line("attr", "ls", "/eos/none"));
    }

    [Fact]
    public async Task Set_sends_one_attribute_and_keeps_what_stands_behind_further_equals_signs()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("attr", "set", "user.rule=\"a=b\"", "/eos/dev"));
        Assert.Equal("success: set attribute 'user.rule'='a=b' in file/directory /eos/dev\n", run.Output);
        Assert.Equal(("user.rule", "a=b"), (Assert.Single(Change.Set).Key, Change.Set["user.rule"]));
        Assert.Equal(("/eos/dev", "", false), (Change.Path, Change.Removed, Change.OnlyNew));
    }

    [Fact]
    public async Task Set_c_sets_only_what_is_not_set()
    {
        Assert.Equal(0, await new Run(_gateway).Line("attr", "set", "-c", "user.a=1", "/eos/dev"));
        Assert.True(Change.OnlyNew);
    }

    [Fact]
    public async Task Default_replica_stands_for_five_attributes()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("attr", "set", "default=replica", "/eos/dev"));
        Assert.Equal(
            ["sys.forced.blocksize", "sys.forced.checksum", "sys.forced.layout", "sys.forced.nstripes", "sys.forced.space"], Change.Set.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(5, run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(22, "user.a")]
    [InlineData(22, "=1")]
    [InlineData(95, "default=raid6")]
    public async Task What_can_t_be_set_is_not_asked_for(int code, string pair)
    {
        Assert.Equal(code, await new Run(_gateway).Line("attr", "set", pair, "/eos/dev"));
        Assert.Empty(_gateway.Asked);
    }

    [Fact]
    public async Task Rm_names_the_attribute()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("attr", "rm", "user.tag", "/eos/dev"));
        Assert.Equal("success: removed attribute 'user.tag' from file/directory /eos/dev\n", run.Output);
        Assert.Equal(("user.tag", 0), (Change.Removed, Change.Set.Count));
    }
}
