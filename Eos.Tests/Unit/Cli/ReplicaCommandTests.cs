using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>`file adjustreplica|verify|check|drop`: what they ask and what they print.</summary>
public sealed class ReplicaCommandTests
{
    private readonly FakeGateway _gateway = new FakeGateway().File("/eos/dev/f", 1);

    [Theory]
    [InlineData(false, "file", "adjustreplica", "/eos/dev/f")]
    [InlineData(true, "file", "adjustreplica", "--nodrop", "/eos/dev/f")]
    public async Task Adjustreplica_says_what_was_ordered(bool keepsAll, params string[] words)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(words));
        Assert.Equal("success: scheduled replication from source fs=1 => target fs=2\nsuccess: dropping replica on fsid=3\n", run.Output);
        var asked = Assert.Single(_gateway.Asked.OfType<AdjustReplicas>());
        Assert.Equal(("/eos/dev/f", keepsAll), (asked.Path, asked.KeepsAll));
    }

    [Fact]
    public async Task Verify_asks_all_filesystems_of_the_file_or_one()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "verify", "/eos/dev/f"));
        Assert.Equal(0, await run.Line("file", "verify", "/eos/dev/f", "7"));
        Assert.Equal("success: sending verify to fsid=7\n", run.Output);
        Assert.Equal([null, new FsId(7)], _gateway.Asked.OfType<VerifyReplicas>().Select(v => v.Fs));
        Assert.Equal(22, await run.Line("file", "verify", "/eos/dev/f", "seven"));
    }

    [Fact]
    public async Task Drop_names_the_filesystem()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "drop", "/eos/dev/f", "7"));
        Assert.Equal("success: dropped stripe on fs=7\n", run.Output);
        Assert.Equal(new FsId(7), Assert.Single(_gateway.Asked.OfType<DropReplica>()).Fs);
        Assert.Equal(22, await run.Line("file", "drop", "/eos/dev/f"));
    }

    [Fact]
    public async Task Check_is_for_files()
    {
        var run = new Run(_gateway);
        Assert.Equal(21, await run.Line("file", "check", "/eos/dev"));
        Assert.Equal("error: /eos/dev is a directory (errc=21) (Is a directory)\n", run.Error);
        Assert.Equal(2, await run.Line("file", "check", "/eos/none"));
    }
}
