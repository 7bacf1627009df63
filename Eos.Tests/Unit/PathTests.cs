using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit;

public class PathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("//eos///dev/", "/eos/dev")]
    [InlineData("/eos/./dev/../x", "/eos/x")]
    [InlineData("/../..", "/")]
    [InlineData("/eos/ñ \U0001F600", "/eos/ñ \U0001F600")]
    public void A_path_is_normalised(string text, string normal) => Assert.Equal(normal, EosPath.Parse(text).Path!.ToString());

    [Theory]
    [InlineData("", Errno.Invalid)]
    [InlineData("eos/dev", Errno.Invalid)]
    [InlineData("/eos/a\0b", Errno.Invalid)]
    public void What_is_no_path_is_refused(string text, Errno why) => Assert.Equal(why, EosPath.Parse(text).Refusal!.Why);

    [Fact]
    public void Text_that_has_no_bytes_in_UTF8_is_refused()
    {
        foreach (var broken in new[] { "/eos/\ud800", "/eos/\udc00\ud800", "/eos/\ud800x" }) Assert.Equal(Errno.Invalid, EosPath.Parse(broken).Refusal!.Why);
    }

    [Fact]
    public void Names_have_255_bytes_and_paths_4096()
    {
        Assert.NotNull(EosPath.Parse("/" + new string('x', 255)).Path);
        Assert.Equal(Errno.NameTooLong, EosPath.Parse("/" + new string('é', 128)).Refusal!.Why);
        Assert.Equal(Errno.NameTooLong, EosPath.Parse(string.Concat(Enumerable.Repeat("/" + new string('x', 200), 21))).Refusal!.Why);
    }
}
