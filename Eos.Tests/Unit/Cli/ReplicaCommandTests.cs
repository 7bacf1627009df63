using Eos.Fst;
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

    [Theory]
    [InlineData("replicate", false, "success: scheduled replication from source fs=1 => target fs=3\n")]
    [InlineData("move", true, "success: scheduled move from source fs=1 => target fs=3\n")]
    public async Task Replicate_and_move_name_both_filesystems(string verb, bool moves, string output)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", verb, "/eos/dev/f", "1", "3"));
        Assert.Equal(output, run.Output);
        Assert.Equal((new FsId(1), new FsId(3), moves), _gateway.Asked.OfType<CopyReplica>().Select(c => (c.Source, c.Target, c.Moves)).Single());
        Assert.Equal(22, await run.Line("file", verb, "/eos/dev/f", "1"));
    }

    [Fact]
    public async Task Layout_says_what_changes_and_needs_something()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "layout", "/eos/dev/f", "-stripes", "3", "-checksum", "md5"));
        Assert.Equal((3, null, ChecksumType.Md5), _gateway.Asked.OfType<ChangeLayout>().Select(c => (c.Stripes, c.Type, c.Checksum)).Single());
        Assert.Equal(0, await run.Line("file", "layout", "/eos/dev/f", "-type", "00100112"));
        Assert.Equal(22, await run.Line("file", "layout", "/eos/dev/f"));
        Assert.Equal(22, await run.Line("file", "layout", "/eos/dev/f", "-type", "xyz"));
    }

    [Fact]
    public async Task Verify_says_what_of_the_bytes_counts_and_how_fast_they_are_read()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "verify", "/eos/dev/f", "-commitchecksum", "-commitsize", "-rate", "5"));
        Assert.Equal(0, await run.Line("file", "verify", "/eos/dev/f", "1", "-commitfmd"));
        Assert.Equal(
            [(FstProtocol.Correction.Checksum | FstProtocol.Correction.Size, 5_000_000ul), (FstProtocol.Correction.Record, 0ul)],
            _gateway.Asked.OfType<VerifyReplicas>().Select(v => (v.Corrects, v.Rate)));
        Assert.Equal(22, await run.Line("file", "verify", "/eos/dev/f", "-resync", "-commitsize"));
    }

    [Fact]
    public async Task Share_prints_a_link_with_a_token_for_the_file()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "share", "/eos/dev/f", "1h", "--http", "mgm:80"));
        Assert.EndsWith("[ http ]: http://mgm:80/eos/dev/f?authz=zteos64%3Aabc%3D\n", run.Output, StringComparison.Ordinal);
        var asked = Assert.Single(_gateway.Asked.OfType<Administer>(), a => a.Noun == "token");
        Assert.Equal(("/eos/dev/f", "rx"), (asked.Options["path"], asked.Options["permission"]));
        Assert.Equal(22, await run.Line("file", "share", "/eos/dev/f", "soon"));
        Assert.Equal(21, await run.Line("file", "share", "/eos/dev"));
    }

    [Fact]
    public async Task What_only_one_of_two_filesystems_has_is_told_of_both()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("fs", "compare", "1", "2"));
        Assert.Equal("path=/eos/dev/a => found on 1 - missing on 2\npath=/eos/dev/c => found on 2 - missing on 1\n", run.Output);
    }

    [Fact]
    public async Task Deeds_on_filesystems_fail_if_one_file_fails()
    {
        var run = new Run(_gateway);
        Assert.Equal(5, await run.Line("fs", "dropfiles", "1"));
        Assert.Equal("success: dropped stripe on fs=1 path=/eos/dev/a\n", run.Output);
        Assert.Contains("error: /eos/dev/b: the last replica", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, await run.Line("fs", "dropghosts", "1", "--fxid", "a", "b"));
        Assert.Equal("dropghosts 1 a b\n", run.Output);
        Assert.Equal(0, await run.Line("fs", "boot", "*", "--syncmgm"));
        Assert.Equal("boot 1 syncmgm\n", run.Output);
    }

    [Fact]
    public async Task Df_prints_a_row_a_space()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("df", "-m", "/eos/dev"));
        Assert.Equal("space=default size=1000000 used=100000 avail=900000 use=10.00 files=0 mount=/eos/dev/\n", run.Output);
        Assert.Equal(0, await run.Line("df"));
        Assert.Contains(" default    1.00M 100.00k 900.00k  10%", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, await run.Line("df", "/eos/none"));
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
