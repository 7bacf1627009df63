using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

/// <summary>`ln`, `touch` and `file symlink|touch|tag`: what they ask and what they print.</summary>
public sealed class EntryCommandTests
{
    private readonly FakeGateway _gateway = new();

    private async Task<(T Asked, string Output)> Ask<T>(params string[] words) where T : IRequest
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(words));
        return (_gateway.Asked.OfType<T>().Last(), run.Output);
    }

    [Fact]
    public async Task A_link_keeps_its_target_as_it_was_typed()
    {
        var (plain, output) = await Ask<MakeLink>("ln", "/eos/dev/l", "../f");
        Assert.Equal(("/eos/dev/l", "../f", false), (plain.Path, plain.Target, plain.Replace));
        Assert.Equal("success: linked '/eos/dev/l'\n", output);
        Assert.True((await Ask<MakeLink>("file", "symlink", "-f", "/eos/dev/l", "fxid:1f")).Asked.Replace);
    }

    [Fact]
    public async Task Touch_takes_several_paths()
    {
        var (last, output) = await Ask<TouchFile>("touch", "-n", "/eos/dev/a", "fid:12");
        Assert.Equal(("fid:12", false, false), (last.Path, last.Placed, last.Truncate));
        Assert.Equal("success: touched '/eos/dev/a'\nsuccess: touched 'fid:12'\n", output);
        Assert.True((await Ask<TouchFile>("file", "touch", "-0", "/eos/dev/a")).Asked.Truncate);
    }

    [Theory]
    [InlineData("+123456", DirectoryProtocol.PlaceTag.Add)]
    [InlineData("-123456", DirectoryProtocol.PlaceTag.Remove)]
    [InlineData("~123456", DirectoryProtocol.PlaceTag.Unlink)]
    public async Task A_place_is_tagged_by_its_sign(string place, DirectoryProtocol.PlaceTag tag)
    {
        var asked = (await Ask<TagPlace>("file", "tag", "/eos/dev/f", place)).Asked;
        Assert.Equal((new FsId(123456), tag), (asked.Fs, asked.Tag));
    }

    [Theory]
    [InlineData("123")]
    [InlineData("+")]
    [InlineData("+x")]
    public async Task A_place_without_sign_or_number_is_refused(string place) => Assert.Equal(22, await new Run(_gateway).Line("file", "tag", "/eos/dev/f", place));

    [Fact]
    public async Task A_slash_at_the_end_is_told_to_the_gateway()
    {
        await new Run(_gateway).Line("stat", "/eos/dev/f/");
        Assert.Equal("/eos/dev/f/", _gateway.Asked.OfType<Stat>().Last().Path);
    }
}
