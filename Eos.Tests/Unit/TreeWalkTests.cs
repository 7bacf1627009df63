using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>Walks over trees in memory: what they find, in which order, and what they need for it.</summary>
public class TreeWalkTests
{
    private readonly NamespaceInMemory _eos = new();
    private TreeDone? _last;

    public TreeWalkTests() => Make("t");

    [Fact]
    public void A_walk_goes_by_names_a_directory_before_what_is_in_it()
    {
        Make("t/b", "t/a/y", "t/a/x", "t/a b");
        Put("t/c", "t/a/x/1", "t/a/w", "t/a.txt");
        Assert.Equal(["t/", "t/a/", "t/a/w", "t/a/x/", "t/a/x/1", "t/a/y/", "t/a b/", "t/a.txt", "t/b/", "t/c"], Find("t"));
    }

    [Fact]
    public void In_whatever_order_directories_answer_the_walk_is_the_same()
    {
        MakeTree("t", width: 4, depth: 4, files: 2);
        var expected = Find("t");
        Assert.Equal(1 + 4 + 16 + 64 + 256 + 341 * 2, expected.Count);
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var random = new Random(seed);
            _eos.Next = random.Next;
            Assert.Equal(expected, Find("t"));
        }
    }

    [Fact]
    public void Pages_of_directories_are_asked_for_side_by_side_but_few_of_one_node()
    {
        MakeTree("t", width: 60, depth: 1, files: 1);
        Find("t");
        Assert.Equal(_eos.Settings.WalkWidthPerNode, _eos.MostOpen);   // where they live is not known: they count as one node
        for (var node = 0; node < 20; node++) _eos.LivesOn(node, d => DirectorySharding.ShardOf(d, Whereabouts.UsualShards) % 20 == node);
        Find("t");
        Assert.InRange(_eos.MostOpen, 20, _eos.Settings.WalkWidth);
    }

    [Fact]
    public void However_large_the_tree_a_walk_holds_a_few_pages()
    {
        MakeTree("t", width: 40, depth: 2, files: 0);
        Make("t/39/39" + string.Concat(Enumerable.Repeat("/x", 750)));
        for (var node = 0; node < 20; node++) _eos.LivesOn(node, d => DirectorySharding.ShardOf(d, Whereabouts.UsualShards) % 20 == node);
        var facts = _eos.Facts;
        var weave = new Weave();
        var visitor = new Counting();
        var top = Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/t"))).Directory.Id;
        var walk = new TreeWalk(weave, visitor, () => Eos.Identity.Caller.Root, facts);
        visitor.Look = () => visitor.MostHeld = Math.Max(visitor.MostHeld, walk.Held);
        _eos.Pursue(walk.Run([new TreeNode("/eos/dev/t", 0, top, null, null)]));
        Assert.True(visitor.Entered > 2300, $"{visitor.Entered}");
        Assert.InRange(visitor.MostHeld, 32, 5 * facts.Settings.WalkWidth);
        Assert.Equal(0, walk.Held);
    }

    [Fact]
    public void A_directory_of_many_pages_is_read_page_by_page()
    {
        for (var i = 0; i < 700; i++) Put($"t/f{i:d4}");
        Make("t/f0300.d/x");
        var found = Find("t");
        Assert.Equal(703, found.Count);
        Assert.Equal("t/f0300.d/x/", found[found.IndexOf("t/f0300.d/") + 1]);
        Assert.Equal(found.Skip(1).Order(StringComparer.Ordinal), found.Skip(1));
    }

    [Fact]
    public void What_is_found_is_sent_in_parts_that_are_not_too_large()
    {
        Make("t/0", "t/1", "t/2");
        for (var i = 0; i < 2400; i++) Put($"t/{i % 3}/{new string('n', 200)}{i}");
        Find("t");
        Assert.True(_eos.Parts.Count > 5);
        Assert.All(_eos.Parts, p => Assert.InRange(p.Rows.Sum(r => r.Path.Length), 0, 100_000));
    }

    [Fact]
    public void A_walk_that_was_cut_off_goes_on_after_any_of_its_paths()
    {
        MakeTree("t", width: 3, depth: 3, files: 2);
        var all = Find("t");
        for (var i = 0; i < all.Count; i += 7) Assert.Equal(all.Skip(i + 1), Find("t", after: all[i].TrimEnd('/')));
        Assert.Equal(all.SkipWhile(p => p != "t/0/f0"), Find("t", after: "t/0/9/9"));   // it has vanished meanwhile
    }

    [Fact]
    public void A_directory_that_vanishes_during_the_walk_is_no_error()
    {
        MakeTree("t", width: 5, depth: 2, files: 1);
        var removed = false;
        _eos.Meanwhile = () =>
        {
            if (removed) return;
            removed = true;
            _eos.Do(h => new RemoveTree(h, "/eos/dev/t/3"));
        };
        var found = Find("t");
        Assert.Contains("t/4/4/", found);
        Assert.DoesNotContain("t/3/4/", found);
        Assert.All(_eos.Parts, p => Assert.Empty(p.Faults));
    }

    [Fact]
    public void Where_one_may_not_read_is_told_and_the_walk_goes_on()
    {
        Make("t/a/x", "t/b/x", "t/c/x");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/b2", false, 0x1c0), 7);
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/b2/hidden", false, 0x1ff), 7);
        Assert.Equal(["t/", "t/a/", "t/a/x/", "t/b/", "t/b/x/", "t/b2/", "t/c/", "t/c/x/"], Find("t", uid: 8));
        var fault = Assert.Single(_eos.Parts.SelectMany(p => p.Faults));
        Assert.Equal(("/eos/dev/t/b2", Errno.AccessDenied), (fault.Path, fault.Why));
        Assert.Equal(Errno.AccessDenied, _last!.First);
    }

    [Fact]
    public void A_user_finds_no_more_than_is_allowed_at_once()
    {
        _eos.Configure("find-files = 10, find-directories = 20");
        for (var i = 0; i < 11; i++) Put($"t/f{i}");
        Assert.Equal(12, Find("t").Count);
        Assert.Equal(Errno.TooBig, _eos.Refusal(h => new Find(h, "/eos/dev/t", "", FindQuery.Everything), 8));
        Assert.Equal(11, Find("t", new FindQuery { Name = "f[0-9]$" }, uid: 8).Count + 1);
    }

    [Fact]
    public void A_rule_of_access_says_how_much_a_user_finds_before_the_settings_do()
    {
        _eos.Configure("find-files = 1, find-directories = 1");
        Make("t/d1", "t/d2");
        Put("t/f1", "t/f2");
        Assert.Equal(Errno.TooBig, Why());
        _eos.Instance.Set("access", "limit:rate:user:*:FindFiles", "2");
        Assert.Equal(Errno.TooBig, Why());
        _eos.Instance.Set("access", "limit:rate:group:8:FindDirs", "3");
        Assert.Equal(5, Find("t", uid: 8).Count);
        _eos.Instance.Set("access", "limit:rate:user:8:FindFiles", "1");
        Assert.Equal(Errno.TooBig, Why());
        Assert.Equal(5, Find("t", uid: 3).Count);   // an administrator

        Errno Why() => _eos.Refusal(h => new Find(h, "/eos/dev/t", "", FindQuery.Everything), 8);
    }

    [Fact]
    public void Files_links_and_directories_fit_by_what_is_known_of_them()
    {
        Make("t/d1", "t/d2");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/d3", false, 0x1e8), 7);
        Put("t/f1", "t/d1/f2");
        _eos.Put("/eos/dev/t/empty", size: 0);
        Assert.Equal(["t/d1/f2", "t/empty", "t/f1"], Find("t", new FindQuery { Directories = false }));
        Assert.Equal(["t/d3/"], Find("t", new FindQuery { Files = false, Mode = 0x1e8 }));
        Assert.Equal(["t/", "t/d1/", "t/d2/"], Find("t", new FindQuery { Files = false, NotMode = 0x1e8 }));
        Assert.Equal(["t/d3/"], Find("t", new FindQuery { Uid = 7 }));
        Assert.Equal(["t/", "t/d1/", "t/d2/"], Find("t", new FindQuery { Files = false, NotUid = 7 }));
        Assert.Equal(["t/empty"], Find("t", new FindQuery { Empty = true }));
        Assert.Equal(["t/d1/f2", "t/f1"], Find("t", new FindQuery { Name = "^f\\d$" }));
        Assert.Equal(["t/", "t/d1/", "t/d2/", "t/d3/", "t/empty", "t/f1"], Find("t", new FindQuery { MaxDepth = 1 }));
        Assert.Equal(["t/"], Find("t", new FindQuery { MaxDepth = 0 }));
        Assert.Equal(["t/f1"], Find("t/f1"));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new Find(h, "/eos/dev/t", "", new FindQuery { Name = "(" })));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Find(h, "/eos/dev/none", "", FindQuery.Everything)));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/t/d2", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("user.a", "1"), "", false));
        Assert.Equal(["t/d2/"], Find("t", new FindQuery { Attribute = "user.a" }));
        Assert.Equal(["t/d2/"], Find("t", new FindQuery { Attribute = "user.a", Value = "1" }));
        Assert.Empty(Find("t", new FindQuery { Attribute = "user.a", Value = "2" }));
        Assert.Empty(Find("t", new FindQuery { FaultyAcl = true }));
        Assert.Empty(Find("t", new FindQuery { Detail = FindDetail.Counts }));
        Assert.Equal((3ul, 4ul), (_last!.Files, _last.Directories));
    }

    [Fact]
    public void At_the_deepest_level_directories_are_asked_only_for_what_their_parents_do_not_know()
    {
        MakeTree("t", width: 30, depth: 1, files: 0);
        var told = _eos.Told.Count;
        Find("t", new FindQuery { MaxDepth = 1 });
        Assert.InRange(_eos.Told.Count - told, 1, 5);
        told = _eos.Told.Count;
        Find("t", new FindQuery { MaxDepth = 1, Detail = FindDetail.Records });
        Assert.InRange(_eos.Told.Count - told, 30, 36);
    }

    [Fact]
    public void A_tree_goes_in_any_order_of_answers_and_what_may_not_go_stays_with_all_above_it()
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            MakeTree("t/r", width: 4, depth: 3, files: 3);
            _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/r/2/2/mine", false, 0x1ed), 7);
            _eos.Put("/eos/dev/t/r/2/2/mine/f", 7);
            var random = new Random(seed);
            _eos.Next = random.Next;
            var done = Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/t/r"), 8));
            Assert.Equal((1ul, Errno.NotPermitted), (done.Faults, done.First));
            Assert.Equal(["t/r/", "t/r/2/", "t/r/2/2/", "t/r/2/2/mine/", "t/r/2/2/mine/f"], Find("t/r"));
            done = Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/t/r")));
            Assert.Equal((1ul, 4ul, 0ul), (done.Files, done.Directories, done.Faults));
            Assert.Empty(_eos.Ls("/eos/dev/t"));
        }
    }

    [Fact]
    public void A_removal_of_a_tree_that_was_cut_short_is_completed_by_a_repetition()
    {
        for (var cut = 1; cut < 120; cut += 9)
        {
            MakeTree("t/r", width: 2, depth: 3, files: 2);
            var request = new RemoveTree(_eos.Head(), "/eos/dev/t/r");
            _eos.DoUntil(request, cut);
            Assert.Equal(0ul, Assert.IsType<TreeDone>(_eos.Do(request)).Faults);
            Assert.Empty(_eos.Ls("/eos/dev/t"));
            Assert.Equal(0ul, Assert.IsType<TreeDone>(_eos.Do(request)).Faults);
        }
    }

    private void Make(params string[] paths)
    {
        foreach (var path in paths) _eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, true, 0x1ff));
    }

    private void Put(params string[] paths)
    {
        foreach (var path in paths) _eos.Put("/eos/dev/" + path);
    }

    private void MakeTree(string top, int width, int depth, int files)
    {
        Make(top);
        for (var f = 0; f < files; f++) Put($"{top}/f{f}");
        for (var w = 0; w < width && depth > 0; w++) MakeTree($"{top}/{w}", width, depth - 1, files);
    }

    private List<string> Find(string path, FindQuery? query = null, uint uid = 0, string after = "")
    {
        _eos.Parts.Clear();
        var answer = _eos.Do(h => new Find(h, "/eos/dev/" + path, after.Length == 0 ? "" : "/eos/dev/" + after, query ?? FindQuery.Everything), uid);
        _last = Assert.IsType<TreeDone>(answer);
        return [.. _eos.Parts.SelectMany(p => p.Rows).Select(r => r.Path["/eos/dev/".Length..] + (r.Kind == EntryKind.Directory ? "/" : ""))];
    }

    private sealed class Counting : ITreeVisitor
    {
        public int Entered { get; private set; }
        public int MostHeld { get; set; }
        public Action Look { get; set; } = () => { };

        public TreeStep Plan(TreeNode directory) => TreeStep.Descend;
        public void Enter(TreeNode directory) => Entered++;
        public void File(TreeNode directory, FileEntry file) { }
        public void Leave(TreeNode directory) { }
        public void Fail(TreeNode directory, Refusal why) { }

        public IEnumerable<Step>? Pause()
        {
            Look();
            return null;
        }
    }
}
