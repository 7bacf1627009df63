using Eos.Cli;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Cli;

/// <summary>Tokens that stand in paths.</summary>
public sealed class PathTokenTests
{
    private static readonly string Token = SignedToken.Sign(
        new EosToken("rwx", new Instant(2_000_000_000_000_000_000), "", "", 1, ["/eos/dev/d/f", "/eos/dev/e/"], false, [], "v", "ann"), new byte[32]);

    private static readonly string Other = SignedToken.Sign(
        new EosToken("rx", new Instant(2_000_000_000_000_000_000), "", "", 1, ["/eos/dev/g"], false, [], "w", "ann"), new byte[32]);

    [Theory]
    [InlineData("/eos/dev/x?authz=T", "/eos/dev/x")]
    [InlineData("d/x?authz=T", "d/x")]
    [InlineData("/eos/dev/x?authz=T&eos.space=s", "/eos/dev/x?eos.space=s")]
    [InlineData("/eos/dev/x?eos.space=s&authz=T", "/eos/dev/x?eos.space=s")]
    [InlineData("/eos/dev/x?eos.a=1&authz=T&eos.b=2", "/eos/dev/x?eos.a=1&eos.b=2")]
    [InlineData("root://host//eos/dev/x?authz=T", "root://host//eos/dev/x")]
    [InlineData("T", "/eos/dev/d/f")]
    [InlineData("/T", "/eos/dev/d/f")]
    [InlineData("root://host//T", "/eos/dev/d/f")]
    public void A_token_is_taken_out_of_a_path(string typed, string path)
    {
        var (words, token) = PathToken.Take(["cp", typed.Replace("T", Token), "/tmp/x"]);
        Assert.Equal(["cp", path, "/tmp/x"], words);
        Assert.Equal(Token, token);
    }

    [Theory]
    [InlineData("/eos/dev/x?authz=word")]
    [InlineData("/eos/dev/T")]
    [InlineData("/eos/dev/authz=T")]
    [InlineData("xT")]
    public void Names_that_only_look_like_it_stay(string typed)
    {
        var (words, token) = PathToken.Take([typed.Replace("T", Token)]);
        Assert.Equal([typed.Replace("T", Token)], words);
        Assert.Null(token);
    }

    [Fact]
    public void What_token_itself_is_asked_stays() => Assert.Null(PathToken.Take(["-b", "token", "--token", Token]).Token);

    [Fact]
    public void Two_of_them_and_one_that_is_none_are_refused()
    {
        Assert.Equal(Token, PathToken.Take(["cp", $"/eos/a?authz={Token}", $"/eos/b?authz={Token}"]).Token);
        Assert.Equal(Errno.Invalid, Assert.Throws<EosException>(() => PathToken.Take(["cp", Token, $"/eos/b?authz={Other}"])).Why);
        Assert.Equal(Errno.Invalid, Assert.Throws<EosException>(() => PathToken.Take(["cat", "zteos64:nonsense"])).Why);
    }

    [Fact]
    public async Task A_command_asks_with_the_token_of_its_path()
    {
        var gateway = new FakeGateway().Directory("/eos/dev/a");
        Assert.Equal(0, await new Run(gateway).Line("ls", $"/eos/dev/a?authz={Token}"));
        Assert.Equal(Token, Assert.Single(gateway.Asked.Select(r => r.Head.Claim.Token).Distinct()));
    }

    [Theory]
    [InlineData("--socket", "/run/eos/socket", "whoami")]
    [InlineData("--key", "file", "--socket", "/run/eos/socket", "ls", "--", "-x")]
    public void Options_before_the_command_keep_their_values(params string[] words) => Assert.Equal(words, EosSpelling.Of(words));
}
