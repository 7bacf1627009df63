using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Identity;

/// <summary>Tokens: made, read, and refused.</summary>
public sealed class TokenTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly Instant Now = Instant.From(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private static readonly EosToken Token = new("rwx", Now + TimeSpan.FromHours(1), "ann", "users", 3, ["/eos/dev/a/", "/eos/dev/f"], true, ["h.*#n.*#sss"], "voucher", "root");

    [Fact]
    public void What_was_signed_is_read_again()
    {
        var text = SignedToken.Sign(Token, Key);
        Assert.StartsWith("zteos64:", text);
        var read = SignedToken.Open(text, Key, 3, Now).Token!;
        Assert.Equal(Token with { Paths = read.Paths, Origins = read.Origins }, read);
        Assert.Equal(Token.Paths.AsEnumerable(), read.Paths);
        Assert.Equal(Token.Origins.AsEnumerable(), read.Origins);
    }

    [Fact]
    public void Every_way_to_be_no_good_has_its_errno()
    {
        var text = SignedToken.Sign(Token, Key);
        Assert.Equal(Errno.NotPermitted, SignedToken.Open(text, [1, .. Key[1..]], 3, Now).Refusal?.Why);
        Assert.Equal(Errno.AccessDenied, SignedToken.Open(text, Key, 4, Now).Refusal?.Why);
        Assert.Equal(Errno.AccessDenied, SignedToken.Open(text, Key, 0, Now).Refusal?.Why);
        Assert.Equal(Errno.KeyExpired, SignedToken.Open(text, Key, 3, Now + TimeSpan.FromHours(2)).Refusal?.Why);
        foreach (var bad in new[] { "", "zteos64:", "zteos64:!!!", "zteos64:AAAA", text[..^8], "x" + text, text.Replace("zteos64:", "zteos64:AA") })
            Assert.NotNull(SignedToken.Open(bad, Key, 3, Now).Refusal);
    }

    [Theory]
    [InlineData("/eos/dev/a", true)]
    [InlineData("/eos/dev/a/x", true)]
    [InlineData("/eos/dev/a/x/y", true)]
    [InlineData("/eos/dev/ab", false)]
    [InlineData("/eos/dev/f", true)]
    [InlineData("/eos/dev/f/x", false)]
    [InlineData("/eos/dev", false)]
    public void A_token_covers_its_paths(string path, bool covered) => Assert.Equal(covered, SignedToken.Covers(Token, path));

    [Fact]
    public void Without_the_tree_it_covers_names_in_the_directory_only()
    {
        var flat = Token with { Tree = false };
        Assert.True(SignedToken.Covers(flat, "/eos/dev/a/x"));
        Assert.False(SignedToken.Covers(flat, "/eos/dev/a/x/y"));
    }

    [Fact]
    public void An_origin_that_is_no_expression_lets_nobody_in()
    {
        Assert.True(SignedToken.ComesFrom(Token, "host", "name", "sss"));
        Assert.False(SignedToken.ComesFrom(Token, "host", "name", "unix"));
        Assert.False(SignedToken.ComesFrom(Token with { Origins = ["(#a#b"] }, "(", "a", "b"));
        Assert.False(SignedToken.IsOrigin("a#b"));
        Assert.False(SignedToken.IsOrigin("(#a#b"));
        Assert.True(SignedToken.IsOrigin(".*#.*#.*"));
    }
}
