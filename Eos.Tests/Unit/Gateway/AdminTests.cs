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

    [Fact]
    public void The_message_of_the_day_keeps_its_lines_and_only_root_sets_it()
    {
        Assert.Empty(Lines("motd", ""));
        Lines("motd", "set", "be kind\nto disks\n");
        Assert.Equal(["be kind", "to disks"], Lines("motd", ""));
        Assert.Equal(Errno.NotPermitted, Assert.IsType<Refused>(Ask(7, "motd", "set", ["x"])).Why);
        Lines("motd", "set", "");
        Assert.Empty(Lines("motd", ""));
    }

    [Fact]
    public void A_configuration_is_saved_loaded_and_nothing_is_lost()
    {
        _eos.Instance.Set("test", "a", "1");
        Lines("config", "save", "one");
        Assert.Equal(["Existing Configurations on QuarkDB", "name: default", "name: one *"], Lines("config", "ls"));
        _eos.Instance.Set("test", "a", "2");
        Assert.Equal(Errno.Exists, Refusal("config", "save", "one"));
        Assert.IsType<Report>(Ask(0, "config", "save", ["one"], "force", "comment"));
        Assert.Equal("1", _eos.Instance.State.Section("test").Count.ToString());
        Assert.Contains("a comment", Assert.Single(_eos.Instance.State.Section("comment")).Value);
        var backup = Assert.IsType<Report>(Ask(0, "config", "ls", [], "backup")).Lines[^1]["name: ".Length..];
        Assert.Equal(["test:a => 1"], Lines("config", "dump", backup));

        Lines("config", "load", "default");
        Assert.Equal(["test:a => 1"], Lines("config", "dump"));
        Assert.Contains("test:a => 2", Lines("config", "dump", "one"));
        _eos.Instance.Set("test", "b", "3");
        Lines("config", "load", "one");
        Assert.Equal(["test:a => 1", "test:b => 3"], Lines("config", "dump", "default"));
        Assert.Equal(Errno.NoEntry, Refusal("config", "load", "none"));
        Assert.Equal(Errno.Invalid, Refusal("config", "save", "a/b"));
    }

    [Fact]
    public void A_reset_leaves_a_backup_and_the_change_log_tells_all()
    {
        _eos.Instance.Set("test", "a", "1");
        _eos.Instance.Set("test", "a", null);
        _eos.Instance.Set("test", "b", "2");
        Lines("config", "reset");
        Assert.Empty(_eos.Instance.State.All);
        var backup = Assert.IsType<Report>(Ask(0, "config", "ls", [], "backup")).Lines[^1]["name: ".Length..];
        Lines("config", "load", backup);
        Assert.Equal("2", _eos.Instance.State["test", "b"]);
        var log = Lines("config", "changelog").Select(line => line[(line.IndexOf(" : ", StringComparison.Ordinal) + 3)..]).ToArray();
        Assert.Equal(["set config test:a => 1", "del config test:a", "set config test:b => 2", "reset config default", $"loaded config {backup}"], log);
        Assert.Equal(2, Lines("config", "changelog", "2").Length);
        Assert.Equal(Errno.Invalid, Refusal("config", "changelog", "x"));
    }

    [Fact]
    public void A_file_of_lines_is_exported_and_loaded()
    {
        Assert.Equal(Errno.Invalid, Refusal("config", "export", "f", "no arrow"));
        Lines("config", "export", "f", "# a comment", "", "vid:krb5:\"<pwd>\":uid => 0", "map:/a/ => /b => c/");
        Assert.Equal(Errno.Exists, Refusal("config", "export", "f", "x:y => z"));
        Lines("config", "load", "f");
        Assert.Equal("/b => c/", _eos.Instance.State["map", "/a/"]);
        Assert.Equal("0", _eos.Instance.State["vid", "krb5:\"<pwd>\":uid"]);
        Assert.Equal(Errno.Busy, Assert.IsType<Refused>(Ask(0, "config", "export", ["f", "x:y => z"], "force")).Why);
    }

    [Fact]
    public void A_routed_path_is_elsewhere_by_its_longest_prefix()
    {
        Lines("route", "link", "/eos/dev/far", "far.cern.ch");
        Lines("route", "link", "/eos/dev/far/er/", "one:1095,two:1096:8001");
        Assert.Equal(["/eos/dev/far/ => far.cern.ch:1094:8000", "/eos/dev/far/er/ => one:1095:8000,two:1096:8001"], Lines("route", "ls"));
        Assert.Equal(("far.cern.ch", 1094), Where("/eos/dev/far/x"));
        Assert.Equal(("one", 1095), Where("/eos/dev/far/er"));
        Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev")));
        Assert.Equal(Errno.Exists, Refusal("route", "link", "/eos/dev/far/", "other"));
        foreach (var wrong in new[] { "/eos/dev/", "/eos/", "/", "/a b/", "/a/./b", "/a\\b", "a/" }) Assert.Equal(Errno.Invalid, Refusal("route", "link", wrong, "host"));
        foreach (var wrong in new[] { "", "host:0", "host:1:2:3", "ho st", "host,," }) Assert.Equal(Errno.Invalid, Refusal("route", "link", "/x/", wrong));
        Lines("route", "unlink", "/eos/dev/far");
        Assert.Equal(Errno.NoEntry, Refusal("route", "unlink", "/eos/dev/far"));

        (string, int) Where(string path)
        {
            var elsewhere = Assert.IsType<Elsewhere>(_eos.Do(h => new Stat(h, path)));
            return (elsewhere.Host, elsewhere.Port);
        }
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
        var (lines, next, parts) = (new List<string>(), 0ul, 0);
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

    private IFinal Ask(uint uid, string noun, string verb, string[] words, params string[] options) => _eos.Do(
        h => new Administer(h, noun, verb, [.. words], options.ToImmutableSortedDictionary(o => o, o => $"a {o}")), uid);

    private string[] Lines(string noun, string verb, params string[] words) => [.. Assert.IsType<Report>(Ask(0, noun, verb, words)).Lines];

    private Errno Refusal(string noun, string verb, params string[] words) => Refusal(0, noun, verb, words);

    private Errno Refusal(uint uid, string noun, string verb, params string[] words) => Assert.IsType<Refused>(Ask(uid, noun, verb, words)).Why;
}
