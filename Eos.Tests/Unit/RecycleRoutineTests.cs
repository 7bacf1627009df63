using System.Collections.Immutable;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

public class RecycleRoutineTests
{
    private const string Bin = "/eos/dev/proc/recycle";
    private readonly NamespaceInMemory _eos = new();

    public RecycleRoutineTests()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add(RecycleBin.Key, Bin + "/"), "", false));
    }

    [Fact]
    public void A_removed_file_lies_in_its_owners_bin_by_date_and_comes_back()
    {
        _eos.Put("/eos/dev/d/f", 3, 7);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
        Assert.Empty(_eos.Ls("/eos/dev/d"));
        var item = Assert.Single(Listed());
        Assert.Equal(("3", "7", "file", "/eos/dev/d/f"), (item["uid"], item["size"], item["type"], item["restore-path"]));
        Assert.Contains("\"uid\":3", item["dtrace"], StringComparison.Ordinal);
        Assert.Equal(["#:#eos#:#dev#:#d#:#f." + item["restore-key"][5..]], _eos.Ls(Bin + "/uid:3/2023/11/14/0"));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, Bin, "", false), 3));

        Assert.Equal(["success: restored path=/eos/dev/d/f"], Run(3, "restore", item["restore-key"]).Lines.ToArray());
        Assert.Equal(7ul, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/d/f"))).Entry.Size);
        Assert.Empty(Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/f"))).File.Attributes);
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_name_that_is_taken_stops_a_restore_or_is_renamed()
    {
        _eos.Put("/eos/dev/d/f", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
        _eos.Put("/eos/dev/d/f", 3, 2);
        var key = Listed().Single()["restore-key"];
        Assert.Equal(Errno.Exists, _eos.Refusal(h => Verb(h, "restore", key), 3));
        Assert.Equal(2, _eos.Ls("/eos/dev/d").Count + Listed().Count);
        var lines = Assert.IsType<Report>(_eos.Do(h => With(h, "restore", "force", "", key), 3)).Lines;
        Assert.StartsWith("warning: renamed restore path=/eos/dev/d/f to backup-path=/eos/dev/d/f.0000", lines[0], StringComparison.Ordinal);
        Assert.Equal(2, _eos.Ls("/eos/dev/d").Count);
        Assert.Equal(1ul, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/d/f"))).Entry.Size);
    }

    [Fact]
    public void Only_the_owner_and_root_bring_things_back()
    {
        _eos.Put("/eos/dev/d/f", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
        var key = Listed().Single()["restore-key"];
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => Verb(h, "restore", key), 4));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Verb(h, "restore", "fxid:00000000000fffff"), 3));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Verb(h, "restore", "nonsense"), 3));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => With(h, "ls", "all", ""), 9));
        Assert.Empty(Run(4, "ls").Records);
        Assert.Single(Run(0, "restore", key).Lines);
    }

    [Fact]
    public void A_directory_that_is_missing_is_made_on_demand()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/e", false, null), 3);
        _eos.Put("/eos/dev/d/e/f", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/e/f"), 3);
        _eos.Must(h => new RemoveDirectory(h, "/eos/dev/d/e"), 3);
        var key = Listed().Single()["restore-key"];
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Verb(h, "restore", key), 3));
        Assert.IsType<Report>(_eos.Do(h => With(h, "restore", "parents", "", key), 3));
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d/e"));
    }

    [Fact]
    public void The_bin_takes_what_it_is_told_to_take()
    {
        _eos.Put("/eos/dev/d/a", 3, 1);
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/a") { IsForced = true }, 3));
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/a") { IsForced = true });
        Config("enable", "off");
        _eos.Put("/eos/dev/d/b", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/b"), 3);
        Config("enable", "on");
        _eos.Put("/eos/dev/c", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/c"), 3);
        Assert.Empty(Listed());

        Config("enforce", "on");
        _eos.Put("/eos/dev/c", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/c"), 3);
        Assert.Single(Listed());
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add(RecycleBin.Key, "/eos/dev/elsewhere"), "", false));
        Config("enforce", "off");
        _eos.Put("/eos/dev/d/e", 3, 1);
        Assert.Equal(Errno.NoDevice, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/e"), 3));
    }

    [Fact]
    public void A_full_bin_takes_nothing()
    {
        Config("inodes", "1");
        _eos.Put("/eos/dev/d/a", 3, 1);
        _eos.Put("/eos/dev/d/b", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/a"), 3);
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/b"), 3));
        Assert.Equal(["b"], _eos.Ls("/eos/dev/d"));
    }

    /// <summary>Scenario 99, second half: the project's quota of the bin's directory.</summary>
    [Fact]
    public void A_bin_without_quota_takes_nothing()
    {
        foreach (var name in (string[])["a", "b", "c"]) _eos.Put("/eos/dev/d/" + name, 3, 100);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/a"), 3);
        Quota("v", "250");
        _eos.Settle();
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/b"), 3);
        _eos.Settle();
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/c"), 3));
        Quota("v", "0");
        Quota("i", "2");
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/c"), 3));
        Assert.Equal(["c"], _eos.Ls("/eos/dev/d"));
        Quota("i", "3");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/c"), 3);
        Assert.Equal(3, Listed().Count);

        void Quota(string kind, string limit) =>
            Assert.IsType<Report>(_eos.Do(h => new Administer(h, "quota", "set", [], NoOptions.Add("g", "99").Add(kind, limit).Add("p", Bin))));
    }

    [Fact]
    public void Purging_removes_for_good_what_is_named_or_all_of_ones_own()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            _eos.Put("/eos/dev/d/" + name, 3, 1);
            _eos.Must(h => new RemoveFile(h, "/eos/dev/d/" + name), 3);
        }
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => With(h, "purge", "key", Listed()[0]["restore-key"]), 4));
        Assert.IsType<Report>(_eos.Do(h => With(h, "purge", "key", Listed()[0]["restore-key"]), 3));
        Assert.Equal(2, Listed().Count);
        Assert.Empty(Run(3, "ls", "2022").Records);
        Assert.Equal(2, Run(3, "ls", "2023/11/14/0").Records.Length);
        Run(3, "purge", "2022");
        Assert.Equal(2, Listed().Count);
        Assert.Equal(["success: purged 0 bulk deletions and 2 individual files from the recycle bin!"], Run(3, "purge").Lines.ToArray());
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_tree_lies_in_the_bin_as_one_thing_and_comes_back_whole()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/t/u", true, null), 3);
        _eos.Put("/eos/dev/d/t/u/f", 3, 1);
        var done = Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/d/t"), 3));
        Assert.Empty(_eos.Ls("/eos/dev/d"));
        var item = Assert.Single(Listed());
        Assert.Equal((done.RestoreKey, "recursive-dir", "/eos/dev/d/t"), (item["restore-key"], item["type"], item["restore-path"]));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => Verb(h, "restore", done.RestoreKey), 4));
        Run(3, "restore", done.RestoreKey);
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d/t/u"));
        Assert.DoesNotContain(RecycleNames.PathKey, Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/t"))).Directory.Attributes.Keys);

        _eos.Do(h => new RemoveTree(h, "/eos/dev/d/t"), 3);
        Assert.Equal(["success: purged 1 bulk deletions and 0 individual files from the recycle bin!"], Run(3, "purge").Lines.ToArray());
        Assert.Empty(Listed());
    }

    [Fact]
    public void A_tree_below_one_that_is_removed_for_good_goes_to_the_bin_if_it_says_so()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/plain/deep", true, null));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/kept/deep", true, null));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/t/kept", ImmutableSortedDictionary<string, string>.Empty.Add(RecycleBin.Key, Bin), "", false));
        _eos.Put("/eos/dev/t/kept/deep/f", 3, 7);
        _eos.Put("/eos/dev/t/plain/deep/f", 3, 8);
        Assert.Equal((0ul, 1ul), Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/t"))) is var done ? (done.Faults, done.Files) : default);
        Assert.Equal(false, _eos.Has("/eos/dev/t"));
        var item = Assert.Single(Listed());
        Assert.Equal(("recursive-dir", "/eos/dev/t/kept"), (item["type"], item["restore-path"]));
        Assert.IsType<Report>(_eos.Do(h => With(h, "restore", "parents", "", item["restore-key"])));
        Assert.Equal(7ul, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/t/kept/deep/f"))).Entry.Size);
    }

    [Fact]
    public void A_tree_below_that_names_another_bin_stays_with_all_above_it()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/wrong", true, null));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/other", true, null));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/t/wrong", ImmutableSortedDictionary<string, string>.Empty.Add(RecycleBin.Key, "/eos/none"), "", false));
        var done = Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/t")));
        Assert.Equal((1ul, Errno.NoDevice), (done.Faults, done.First));
        Assert.Equal(["wrong"], _eos.Ls("/eos/dev/t"));
    }

    /// <summary>The client asks again with the same operation, because the answer was lost or the gateway: it is told what it would have been told.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_restore_that_is_asked_for_again_happens_once(bool tree)
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/t", false, null), 3);
        for (var i = 0; i < 2; i++) _eos.Put("/eos/dev/d/f", 3, 7, versions: 3);
        var ends = new HashSet<int>();
        for (var cut = 0; cut < 60; cut++)
        {
            if (tree) _eos.Do(h => new RemoveTree(h, "/eos/dev/d/t"), 3);
            else _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
            var key = Listed().Single(i => i["type"] == (tree ? "recursive-dir" : "file"))["restore-key"];
            var request = With(_eos.Head(3), "restore", "versions", "", key);
            _eos.DoUntil(request, cut);
            _eos.Heal();
            if (_eos.Do(request) is Refused { Why: Errno.Busy }) request = With(_eos.Head(3), "restore", "versions", "", key);   // it was given up while nobody asked
            for (var again = 0; again < 2; again++)
                Assert.Equal([$"success: restored path=/eos/dev/d/{(tree ? "t" : "f")}"], Assert.IsType<Report>(_eos.Do(request)).Lines.TakeLast(1));
            Assert.Equal([".sys.v#.f", "f", "t"], _eos.Ls("/eos/dev/d"));
            Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Verb(h, "restore", key), 3));
            Assert.Single(_eos.Ls("/eos/dev/d/.sys.v#.f"));
            Assert.DoesNotContain(Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/f"))).File.Attributes.Keys, k => k.StartsWith("sys.recycle", StringComparison.Ordinal));
            ends.Add(Listed().Count);
        }
        Assert.Equal([0], ends);
        _eos.MustBeOneTree();
    }

    [Fact]
    public void Versions_lie_in_the_bin_beside_their_file_and_come_back_with_it()
    {
        for (var i = 0; i < 3; i++) _eos.Put("/eos/dev/d/f", 3, 1, versions: 5);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
        Assert.Empty(_eos.Ls("/eos/dev/d"));
        var key = Listed().Single(i => i["type"] == "file")["restore-key"];
        Assert.IsType<Report>(_eos.Do(h => With(h, "restore", "versions", "", key), 3));
        Assert.Equal([".sys.v#.f", "f"], _eos.Ls("/eos/dev/d"));
        Assert.Equal(2, _eos.Ls("/eos/dev/d/.sys.v#.f").Count);
    }

    [Fact]
    public void The_cleaner_removes_what_is_older_than_the_lifetime()
    {
        _eos.Put("/eos/dev/d/old", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/old"), 3);
        _eos.Now += TimeSpan.FromDays(3);
        _eos.AddFilesystem(1);
        _eos.Put("/eos/dev/d/new", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/new"), 3);
        Config("lifetime", "2d");
        Assert.StartsWith("would remove 0 bulk deletions and 1 ", Assert.IsType<Report>(_eos.Do(h => With(h, "clean", "count", ""))).Lines[0], StringComparison.Ordinal);
        Config("dry-run", "yes");
        Run(0, "clean");
        Assert.Equal(2, Listed().Count);
        Config("dry-run", "no");
        Run(0, "clean");
        Assert.Equal("/eos/dev/d/new", Listed().Single()["restore-path"]);
        Assert.Equal(["17"], _eos.Ls(Bin + "/uid:3/2023/11").Where(day => _eos.Ls($"{Bin}/uid:3/2023/11/{day}").Count > 0));
    }

    [Fact]
    public void With_a_ratio_the_cleaner_waits_until_the_bin_is_fuller_than_that()
    {
        var policy = RecyclePolicy.Of([new("size", "1000"), new("ratio", "0.5")]);
        Assert.Null(RecycleBin.TooMuch(RecyclePolicy.Usual, default));
        Assert.Equal(0ul, RecycleBin.TooMuch(policy, new TreeCounts(1, 1, 500, default)));
        Assert.Equal(201ul, RecycleBin.TooMuch(policy, new TreeCounts(1, 1, 601, default)));
    }

    [Fact]
    public void The_cleaner_looks_and_removes_at_its_intervals()
    {
        var (policy, now) = (RecyclePolicy.Of([new("collect-interval", "100"), new("remove-interval", "10")]), new Instant(0));
        var plan = CleaningPlan.Begin;
        Assert.Equal(CleaningStep.Count, plan.Next(policy, now));
        plan = plan.After(CleaningStep.Count, 2, now);
        Assert.Equal(CleaningStep.Remove, plan.Next(policy, now));
        plan = plan.After(CleaningStep.Remove, 2, now);
        Assert.Equal(CleaningStep.Nothing, plan.Next(policy, now + TimeSpan.FromSeconds(99)));
        Assert.Equal(CleaningStep.Count, plan.Next(policy, now + TimeSpan.FromSeconds(100)));
        plan = plan.After(CleaningStep.Count, 0, now + TimeSpan.FromSeconds(100));
        Assert.Equal(CleaningStep.Nothing, plan.Next(policy, now + TimeSpan.FromSeconds(101)));
    }

    [Fact]
    public void Settings_are_kept_shown_and_checked()
    {
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => With(h, "config", "lifetime", "2d"), 3));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => With(h, "config", "lifetime", "10")));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Verb(h, "config")));
        Config("lifetime", "2d");
        Assert.Contains("keep_time_sec=172800", Assert.IsType<Report>(_eos.Do(h => With(h, "config", "dump", ""))).Lines);
        Assert.Equal("172800", Record(Assert.IsType<Report>(_eos.Do(h => new Administer(h, "recycle", "", [], NoOptions))).Records[0])["lifetime"]);
    }

    [Fact]
    public void A_project_has_a_bin_that_its_acl_opens()
    {
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => With(h, "project", "path", "/eos/dev/d"), 3));
        var options = NoOptions.SetItem("path", "/eos/dev/d").SetItem("acl", "u:5=rx");
        var id = Record(Assert.IsType<Report>(_eos.Do(h => new Administer(h, "recycle", "project", [], options))).Records[0])["recycleid"];
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add(RecycleBin.ProjectKey, id), "", false));
        _eos.Now += TimeSpan.FromSeconds(2);
        _eos.Put("/eos/dev/d/f", 3, 1);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), 3);
        Assert.Single(Assert.IsType<Report>(_eos.Do(h => With(h, "ls", "rid", id), 5)).Records);
        Assert.Single(Assert.IsType<Report>(_eos.Do(h => With(h, "ls", "project", "/eos/dev/d"), 5)).Records);
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => With(h, "ls", "rid", id), 6));
    }

    [Fact]
    public void Versions_go_with_their_file_where_there_is_no_bin()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/v", false, null));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/v", ImmutableSortedDictionary<string, string>.Empty.Add("sys.versioning", "3"), "", false));
        for (var i = 0; i < 3; i++) _eos.Put("/eos/dev/v/f");
        Assert.Equal(2, _eos.Ls("/eos/dev/v").Count);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/v/f"));
        Assert.Empty(_eos.Ls("/eos/dev/v"));
    }

    private List<Dictionary<string, string>> Listed() => [.. Assert.IsType<Report>(_eos.Do(h => With(h, "ls", "all", ""))).Records.Select(Record)];

    private static Dictionary<string, string> Record(AdminRecord record) => record.Pairs.ToDictionary(p => p.Key, p => p.Value);

    private Report Run(uint uid, params string[] words) => Assert.IsType<Report>(_eos.Do(h => Verb(h, words), uid));

    private void Config(string key, string value) => Assert.IsType<Report>(_eos.Do(h => With(h, "config", key, value)));

    private static Administer Verb(Head head, params string[] words) => new(head, "recycle", words[0], [.. words[1..]], NoOptions);

    private static Administer With(Head head, string verb, string option, string value, params string[] words) =>
        new(head, "recycle", verb, [.. words], NoOptions.SetItem(option, value));
}
