using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>Quota nodes through routines, with directories in memory.</summary>
public sealed class QuotaTests
{
    private const string T = "/eos/dev/t";
    private readonly NamespaceInMemory _eos = new();

    public QuotaTests()
    {
        Assert.IsType<Report>(_eos.Do(h => new Administer(h, "space", "quota", ["default", "on"], ImmutableSortedDictionary<string, string>.Empty)));
        _eos.Must(h => new MakeDirectory(h, T, false, 0x5ff));
    }

    /// <summary>Scenario 84.</summary>
    [Fact]
    public void A_limit_is_set_at_a_path_that_is_given_as_an_option_only()
    {
        Assert.Equal(["success: updated volume quota for uid=99 for node /eos/dev/t/", "success: updated inode quota for uid=99 for node /eos/dev/t/"], Set("u=99", "v=1T", "i=1M"));
        Assert.Equal(Errno.Invalid, Refusal("quota", "set", [T], "u=99", "v=1T"));
        Assert.Equal(Errno.NoEntry, Refusal("quota", "set", [], "u=99", "v=1T", "p=/doesnotexist"));
        Assert.Equal(Errno.Invalid, Refusal("quota", "set", [], "u=99", $"p={T}"));
        Assert.Equal(Errno.Invalid, Refusal("quota", "set", [], "u=99", "g=99", "v=1", $"p={T}"));
        Assert.Equal(Errno.Invalid, Refusal("quota", "set", [], "u=99", "v=much", $"p={T}"));
        Assert.Contains("quota=node uid=99 space=/eos/dev/t/ usedbytes=0 usedlogicalbytes=0 usedfiles=0 maxbytes=1000000000000 maxlogicalbytes=1000000000000 maxfiles=1000000 percentageusedbytes=0.00 statusbytes=ok statusfiles=ok", Ls(T));
    }

    /// <summary>Scenario 86.</summary>
    [Fact]
    public void A_correction_shows_until_the_node_is_counted_anew()
    {
        Set("u=3", "v=1T", "i=1M");
        _eos.Put(T + "/f", 3, 512);
        _eos.Settle();
        Assert.Contains(Ls(T), l => l.Contains("uid=3 ", StringComparison.Ordinal) && l.Contains("usedbytes=512 usedlogicalbytes=512 usedfiles=1 ", StringComparison.Ordinal));
        Say("ns", "update_quotanode", [T, "uid:3", "bytes:2000", "physicalbytes:3000", "inodes:1000"]);
        Assert.Contains(Ls(T), l => l.Contains("uid=3 ", StringComparison.Ordinal) && l.Contains("usedbytes=3000 usedlogicalbytes=2000 usedfiles=1000 ", StringComparison.Ordinal));
        _eos.Put(T + "/g", 3, 24);
        Assert.Contains(Ls(T), l => l.Contains("usedbytes=3024 usedlogicalbytes=2024 usedfiles=1001 ", StringComparison.Ordinal));
        Assert.Equal(["quota recomputation successful"], Say("ns", "recompute_quotanode", [T]));
        Assert.Contains(Ls(T), l => l.Contains("uid=3 ", StringComparison.Ordinal) && l.Contains("usedbytes=536 usedlogicalbytes=536 usedfiles=2 ", StringComparison.Ordinal));
        Assert.Equal(Errno.Invalid, Refusal("ns", "recompute_quotanode", ["/eos/dev"]));
        Assert.Equal(Errno.Invalid, Refusal("ns", "update_quotanode", [T, "uid:3"]));
    }

    /// <summary>Scenario 87.</summary>
    [Fact]
    public void A_project_counts_for_all_who_have_no_quota_of_their_own()
    {
        Set("g=99", "v=1000", "i=1M");
        _eos.Put(T + "/a", 3, 400);
        _eos.Put(T + "/b", 4, 400);
        Assert.Contains(Ls(T), l => l.StartsWith("quota=node gid=project space=/eos/dev/t/ usedbytes=800 ", StringComparison.Ordinal));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/c", 5, 200));
        Set("u=5", "v=1000", "i=10");
        Assert.Null(Put(T + "/c", 5, 200));
    }

    /// <summary>Scenario 89.</summary>
    [Fact]
    public void What_is_booked_must_stay_below_the_limit_and_root_may_all()
    {
        Set("u=3", "v=500", "i=0");
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f", 3, 500));
        Assert.Null(Put(T + "/f", 3, 499));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/g", 3, 1));
        Assert.Null(Put(T + "/r", 0, 900));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/h", 7, 1)); // a node, and no quota for that user
        Assert.Null(Put("/eos/dev/h", 7, 1));                   // no node at all
        Assert.Contains(Ls(T), l => l.Contains("uid=3 ", StringComparison.Ordinal) && l.EndsWith("statusbytes=warning statusfiles=ignored", StringComparison.Ordinal));
    }

    /// <summary>EOS's odd comparisons.</summary>
    [Fact]
    public void A_user_may_have_one_file_more_than_the_limit_and_a_group_one_less()
    {
        Set("u=3", "v=0", "i=2");
        for (var i = 0; i < 3; i++) Assert.Null(Put($"{T}/f{i}", 3, 1));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f3", 3, 1));
        Assert.Equal(Errno.QuotaExceeded, _eos.Refusal(h => new TouchFile(h, T + "/f3", false, false), 3));
        _eos.Must(h => new TouchFile(h, T + "/f2", false, false), 3);
        Set("g=5", "v=0", "i=3");
        for (var i = 0; i < 2; i++) Assert.Null(Put($"{T}/g{i}", 5, 1));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/g2", 5, 1));
    }

    [Fact]
    public void With_limits_for_user_and_group_both_must_allow()
    {
        Set("u=3", "v=1000", "i=0");
        Set("g=3", "v=500", "i=0");
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f", 3, 600));
        Assert.Null(Put(T + "/f", 3, 400));
    }

    [Fact]
    public void Opens_count_until_they_are_committed_and_a_commit_may_not_go_beyond()
    {
        Set("u=3", "v=1000", "i=0");
        var first = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, T + "/a", 600, true, null), 3));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/b", 3, 600));
        Assert.IsType<FstProtocol.Committed>(_eos.Commit(first, 600));
        var unsized = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, T + "/c", null, true, null), 3));
        Assert.Equal(Errno.QuotaExceeded, Assert.IsType<FstProtocol.CommitRefused>(_eos.Commit(unsized, 500)).Why);
        Assert.DoesNotContain("c", _eos.Ls(T).ToList());
    }

    [Fact]
    public void A_second_try_of_an_upload_takes_the_place_of_the_first()
    {
        Set("u=3", "v=1000", "i=2");
        for (var i = 0; i < 2; i++) Assert.Null(Put($"{T}/f{i}", 3, 100));
        var lost = (OpId?)null;
        Assert.IsType<Redirect>(_eos.Do(h => { lost = h.Op; return new OpenWrite(h, T + "/f2", 700, true, null); }, 3));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f3", 3, 100));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f2", 4, 100)); // of somebody else
        var again = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h with { Op = lost!.Value }, T + "/f2", 700, true, null), 3)); // its answer was lost
        Assert.Equal(lost!.Value, again.Open.Op);
        var anew = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, T + "/f2", 700, true, null), 3)); // the server that it was sent to was lost
        Assert.IsType<FstProtocol.Committed>(_eos.Commit(anew, 700));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f3", 3, 1));
    }

    [Fact]
    public void What_is_written_over_gives_its_place_unless_it_is_kept_as_a_version()
    {
        Set("u=3", "v=1000", "i=1");
        for (var i = 0; i < 2; i++) Assert.Null(Put($"{T}/f{i}", 3, 450));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f2", 3, 1));
        Assert.Null(Put(T + "/f1", 3, 500));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f1", 3, 600));
        _eos.Must(h => new ChangeAttributes(h, T, ImmutableSortedDictionary<string, string>.Empty.Add("sys.versioning", "5"), "", false));
        _eos.ForgetWays();
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f1", 3, 100));
    }

    [Fact]
    public void The_deepest_node_counts_and_what_is_below_it_counts_there_only()
    {
        _eos.Must(h => new MakeDirectory(h, T + "/p/q", true, 0x5ff));
        Set("u=3", "v=100", "i=0");
        Say("quota", "set", [], "u=3", "v=5000", $"p={T}/p");
        Assert.Null(Put(T + "/p/q/f", 3, 300));
        _eos.Settle();
        Assert.Contains(Ls(T + "/p/q"), l => l.Contains("uid=3 space=/eos/dev/t/p/ usedbytes=300 ", StringComparison.Ordinal));
        Assert.Contains(Ls(T), l => l.Contains("uid=3 space=/eos/dev/t/ usedbytes=0 ", StringComparison.Ordinal));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new Rename(h, T + "/p", T + "/x", false)));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new Rename(h, T + "/p", "/eos/dev/x", false)));
        Assert.Equal(["/eos/dev/t/", "/eos/dev/t/p/"], Nodes());
        Assert.Equal(["success: removed space quota for /eos/dev/t/p/"], Say("quota", "rmnode", [], $"p={T}/p"));
        Assert.Equal(["/eos/dev/t/"], Nodes());
        _eos.Settle();
        Assert.Contains(Ls(T), l => l.Contains("uid=3 space=/eos/dev/t/ usedbytes=300 ", StringComparison.Ordinal));
        _eos.Must(h => new Rename(h, T + "/p", T + "/x", false));
    }

    [Fact]
    public void Nothing_is_refused_where_quota_is_off_for_the_space()
    {
        Set("u=3", "v=10", "i=1");
        Say("space", "quota", ["default", "off"]);
        Assert.Null(Put(T + "/f", 3, 600));
    }

    [Fact]
    public void A_limit_is_taken_away_once_and_only_by_those_who_may()
    {
        Set("u=5", "v=10", "i=1");
        Assert.Equal(Errno.NotPermitted, RefusalOf(5, "quota", "set", [], "u=5", "v=1T", $"p={T}"));
        Assert.Equal(Errno.NotPermitted, RefusalOf(5, "quota", "rmnode", [], $"p={T}"));
        Assert.Equal(Errno.NotPermitted, RefusalOf(5, "ns", "update_quotanode", [T, "uid:5", "bytes:0"]));
        _eos.Must(h => new ChangeAttributes(h, T, ImmutableSortedDictionary<string, string>.Empty.Add("sys.acl", "u:5:rwxq"), "", false));
        Assert.IsType<Report>(Ask(5, "quota", "set", [], "u=6", "v=1T", $"p={T}"));
        Assert.Equal(["success: removed volume quota for uid=5 from node /eos/dev/t/"], Say("quota", "rm", [], "u=5", "v=", $"p={T}"));
        Assert.Equal(Errno.Invalid, Refusal("quota", "rm", [], "u=5", "v=", $"p={T}"));
        Say("quota", "rm", [], "u=5", $"p={T}");
        Assert.Equal(Errno.Invalid, Refusal("quota", "rm", [], "u=5", $"p={T}"));
        Assert.Equal(Errno.QuotaExceeded, Put(T + "/f", 5, 1)); // still a node
    }

    [Fact]
    public void Users_see_their_own_rows_and_administrators_all_with_their_sum()
    {
        Set("u=5", "v=100", "i=10");
        Set("u=6", "v=200", "i=20");
        Assert.Contains(Ls(T), l => l.Contains("uid=ALL space=/eos/dev/t/ usedbytes=0 usedlogicalbytes=0 usedfiles=0 maxbytes=300 ", StringComparison.Ordinal));
        var own = Assert.IsType<Report>(Ask(5, "quota", "ls", [T])).Records.Select(Line).ToList();
        Assert.Contains("uid=5 ", Assert.Single(own), StringComparison.Ordinal);
        Assert.Contains("uid=6 ", Assert.Single(Assert.IsType<Report>(Ask(0, "quota", "ls", [], "u=6", $"p={T}")).Records.Select(Line)), StringComparison.Ordinal);
        Assert.Equal(Errno.NoEntry, Refusal("quota", "ls", [], "q=/eos/dev/t/none"));
    }

    [Fact]
    public void Recounting_a_tree_changes_nothing_that_was_right()
    {
        _eos.Must(h => new MakeDirectory(h, T + "/a/b", true, 0x5ff));
        _eos.Put(T + "/a/b/f", 3, 10);
        _eos.Settle();
        Say("ns", "recompute_tree_size", [T]);
        Say("ns", "recompute_tree_size", ["/"], "depth=1");
        _eos.Settle();
        Assert.Equal((1ul, 10ul), Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/"))).Tree is var tree ? (tree.Files, tree.Bytes) : default);
    }

    private IEnumerable<string> Set(params string[] options) => Say("quota", "set", [], [.. options, $"p={T}"]);

    private IReadOnlyList<string> Ls(string path) => [.. Assert.IsType<Report>(Ask(0, "quota", "ls", [path])).Records.Select(Line)];

    private IEnumerable<string> Nodes() =>
        Assert.IsType<Report>(Ask(0, "quota", "ls", [])).Records.SelectMany(r => r.Pairs).Where(p => p.Key == "space").Select(p => p.Value).Distinct();

    private static string Line(AdminRecord record) => string.Join(' ', record.Pairs.Select(p => $"{p.Key}={p.Value}"));

    private IEnumerable<string> Say(string noun, string verb, string[] words, params string[] options) => Assert.IsType<Report>(Ask(0, noun, verb, words, options)).Lines;

    private Errno Refusal(string noun, string verb, string[] words, params string[] options) => RefusalOf(0, noun, verb, words, options);

    private Errno RefusalOf(uint uid, string noun, string verb, string[] words, params string[] options) => Assert.IsType<Refused>(Ask(uid, noun, verb, words, options)).Why;

    private IFinal Ask(uint uid, string noun, string verb, string[] words, params string[] options)
    {
        var named = options.Select(o => o.Split('=', 2)).ToImmutableSortedDictionary(o => o[0], o => o[1], StringComparer.Ordinal);
        var answer = _eos.Do(h => new Administer(h, noun, verb, [.. words], named), uid);
        _eos.ForgetWays(); // so that the next request sees what was changed
        return answer;
    }

    /// <summary>An upload: null if it was stored, else why not.</summary>
    private Errno? Put(string path, uint uid, ulong size)
    {
        var answer = _eos.Do(h => new OpenWrite(h, path, size, true, null), uid);
        if (answer is Refused refused) return refused.Why;
        return _eos.Commit((Redirect)answer, size) is FstProtocol.CommitRefused no ? no.Why : null;
    }
}
