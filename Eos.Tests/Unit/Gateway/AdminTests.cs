using System.Collections.Immutable;
using Eos.Gateway;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>Commands of administrators, run without actors.</summary>
public sealed class AdminTests
{
    private readonly NamespaceInMemory _eos = new();

    [Fact]
    public void What_is_mapped_is_listed_dumped_and_unmapped()
    {
        Assert.Equal(["success: added mapping '/store' => '/eos/dev/s/'"], Lines("map", "link", "/store", "/eos/dev/s/"));
        Assert.Equal([$"{"/store/",-64} => /eos/dev/s/"], Lines("map", "ls"));
        Assert.Equal(["map:/store/ => /eos/dev/s/"], Lines("config", "dump"));
        Assert.Equal(Errno.Exists, Refusal("map", "link", "/store/", "/eos/dev/t"));
        Assert.Equal(Errno.Invalid, Refusal("map", "link", "/a b/", "/eos/dev/t"));
        Assert.Equal(Errno.Invalid, Refusal("map", "link", "/a/../b/", "/eos/dev/t"));
        Lines("map", "unlink", "/store/");
        Assert.Equal(Errno.Invalid, Refusal("map", "unlink", "/store/"));
        Assert.Empty(Lines("config", "dump"));
    }

    [Fact]
    public void A_mapped_path_means_another_everywhere()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/s/deep", true, null));
        Lines("map", "link", "/store/", "/eos/dev/s/");
        _eos.Must(h => new MakeDirectory(h, "/store/deep/er", false, null));
        Assert.Equal(["er"], _eos.Ls("/eos/dev/s/deep"));
        Assert.Equal(["deep"], _eos.Ls("/store"));
    }

    [Theory]
    [InlineData("/a/x", "/one/x")]
    [InlineData("/a", "/one/")]
    [InlineData("/a/b/x", "/two/x")]
    [InlineData("/a/bc", "/one/bc")]
    [InlineData("/ab", "/ab")]
    public void The_longest_prefix_counts(string path, string meant)
    {
        var instance = InstanceState.Empty.With("map", "/a/", "/one/").With("map", "/a/b/", "/two/");
        Assert.Equal(meant, PathMap.Apply(instance, path));
    }

    [Fact]
    public void Rights_are_those_of_EOS()
    {
        Assert.Equal(Errno.NotPermitted, Refusal(99, "config", "dump"));
        Assert.Equal(Errno.NotPermitted, Refusal(99, "map", "link", "/a", "/b"));
        Assert.Empty(Assert.IsType<Report>(Ask(99, "map", "ls")).Lines);
        Assert.IsType<Report>(Ask(3, "map", "link", "/a", "/b"));
        Assert.Equal(Errno.Invalid, Refusal("no", "thing"));
    }

    [Fact]
    public void A_long_report_comes_in_parts()
    {
        for (var i = 0; i < 2000; i++) _eos.Instance.Set("test", $"{i:d4}", new string('x', 100));
        var (lines, next, parts) = (new List<string>(), 0u, 0);
        do
        {
            var part = Assert.IsType<Report>(_eos.Do(h => new Administer(h, "config", "dump", [], Options, next)));
            lines.AddRange(part.Lines);
            (next, parts) = (part.Next, parts + 1);
        }
        while (next != 0);
        Assert.Equal(_eos.Instance.State.All.Select(v => $"{v.Key} => {v.Value}"), lines);
        Assert.InRange(parts, 5, 20);
    }

    private static ImmutableSortedDictionary<string, string> Options => ImmutableSortedDictionary<string, string>.Empty;

    private IFinal Ask(uint uid, string noun, string verb, params string[] words) => _eos.Do(h => new Administer(h, noun, verb, [.. words], Options), uid);

    private string[] Lines(string noun, string verb, params string[] words) => [.. Assert.IsType<Report>(Ask(0, noun, verb, words)).Lines];

    private Errno Refusal(string noun, string verb, params string[] words) => Refusal(0, noun, verb, words);

    private Errno Refusal(uint uid, string noun, string verb, params string[] words) => Assert.IsType<Refused>(Ask(uid, noun, verb, words)).Why;
}
