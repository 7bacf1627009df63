using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

public class RoutineTests
{
    private readonly NamespaceInMemory _eos = new();

    [Fact]
    public void A_directory_is_made_once_and_found()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a", false, null));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/a", false, null)));
        Assert.Equal(["a"], _eos.Ls("/eos/dev"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/x/y", false, null)));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/x/y/z", true, null));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/x/y/z", true, null));
        Assert.Equal(["z"], _eos.Ls("/eos/dev/x/y"));
    }

    [Fact]
    public void Children_take_over_the_mode_and_a_given_mode_keeps_inheritance()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a/b", true, 0x1c0), 7);
        var info = Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/a/b"), 7));
        Assert.Equal(0x5c0u, info.Directory.Mode);
        Assert.Equal(new Owner(7, 7), info.Directory.Owner);
        Assert.Equal(0x5ffu, Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/a"))).Directory.Mode);
    }

    [Fact]
    public void Mode_bits_decide_and_root_may_all()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/mine", false, 0x1c0), 7);
        _eos.Put("/eos/dev/mine/f", 7);
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, "/eos/dev/mine", "", false), 8));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new OpenRead(h, "/eos/dev/mine/f"), 8));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/mine/f", 1, true, null), 8));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/mine/f"), 8));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/x", false, null), 8));
        Assert.Equal(["f"], _eos.Ls("/eos/dev/mine"));
    }

    [Fact]
    public void A_file_is_listed_only_after_its_commit_and_carries_what_was_committed()
    {
        var open = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, "/eos/dev/f", null, true, null)));
        Assert.Equal(("node1", 8001), (open.Host, open.Port));
        Assert.Empty(_eos.Ls("/eos/dev"));
        _eos.Put("/eos/dev/f", size: 5);
        var status = Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/f")));
        Assert.Equal((5ul, EntryKind.File), (status.Entry.Size, status.Entry.Kind));
        Assert.Equal(5ul, Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/f"))).Size);
        Assert.Single(Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/f"))).Replicas);
    }

    [Fact]
    public void A_directory_says_how_its_files_are_stored_and_its_children_take_that_over()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        var two = ImmutableSortedDictionary<string, string>.Empty.Add("sys.forced.layout", "replica").Add("sys.forced.nstripes", "2");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", two, "", false), 7));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", two, "", false));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", two, "", true)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", two.Add("sys.forced.checksum", "x"), "", false)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", two.Add("forced", "x"), "", false)));
        Assert.Equal(Errno.NoData, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", two, "user.none", false)));
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 1, true, null)));   // one node only
        _eos.IsLearning = true;   // a gateway that has just started: perhaps it has not heard of the second node
        Assert.IsType<Unknown>(_eos.Do(h => new OpenWrite(h, "/eos/dev/d/f", 1, true, null)));

        _eos.AddFilesystem(2);
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/e", false, null));
        _eos.Put("/eos/dev/d/e/f");
        var stored = Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/e/f")));
        Assert.Equal(("00100112", 2), (stored.File.Content.Layout.ToString(), stored.File.Content.Locations.Distinct().Count()));
        Assert.Equal(2u, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/d/e/f"))).Entry.Replicas);

        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty, "sys.forced.layout", false));
        _eos.Put("/eos/dev/d/g");
        Assert.Single(Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/g"))).File.Content.Locations);
    }

    [Fact]
    public void A_replica_that_is_excluded_or_offline_is_passed_over()
    {
        _eos.AddFilesystem(2);
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev", ImmutableSortedDictionary<string, string>.Empty.Add("sys.forced.layout", "replica"), "", false));
        _eos.Put("/eos/dev/f");
        var both = Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/f")));
        Assert.Equal(2, both.Locations.Length);
        var other = Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/f") { Excluded = [both.Locations[0]] }));
        Assert.Equal(both.Locations[1], Assert.Single(other.Locations));
        Assert.Equal(Errno.NetworkUnreachable, _eos.Refusal(h => new OpenRead(h, "/eos/dev/f") { Excluded = both.Locations }));
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/g", 1, true, null) { Excluded = [new FsId(1)] }));
    }

    /// <summary>It may be that their reports have not come yet; who has named all that are there is told at once.</summary>
    [Fact]
    public void A_file_on_filesystems_that_a_gateway_has_not_heard_of_yet_is_asked_for_again()
    {
        _eos.Put("/eos/dev/f");
        var known = _eos.View;
        _eos.IsLearning = true;
        Assert.Equal(Errno.NetworkUnreachable, _eos.Refusal(h => new OpenRead(h, "/eos/dev/f") { Excluded = [new FsId(1)] }));
        _eos.View = Eos.Views.ViewState.Empty;
        Assert.IsType<Unknown>(_eos.Do(h => new OpenRead(h, "/eos/dev/f")));
        _eos.View = known;
        Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/f")));
        _eos.View = Eos.Views.ViewState.Empty;
        _eos.IsLearning = false;
        Assert.Equal(Errno.NetworkUnreachable, _eos.Refusal(h => new OpenRead(h, "/eos/dev/f")));
    }

    [Fact]
    public void A_name_of_another_kind_is_refused_with_the_right_number()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/f");
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d", 1, true, null)));
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => new OpenRead(h, "/eos/dev/d")));
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d")));
        Assert.Equal(Errno.NotADirectory, _eos.Refusal(h => new RemoveDirectory(h, "/eos/dev/f")));
        Assert.Equal(Errno.NotADirectory, _eos.Refusal(h => new Stat(h, "/eos/dev/f/g")));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/f", 1, false, null)));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/none")));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new Stat(h, "relative")));
    }

    [Fact]
    public void Without_room_or_filesystems_an_upload_is_refused()
    {
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/f", 5000, true, null)));
        _eos.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(Errno.NoNetwork, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/f", 5, true, null)));
        _eos.View = Eos.Views.ViewState.Empty;
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/f", 5, true, null)));
    }

    [Fact]
    public void Renaming_replaces_only_when_told()
    {
        _eos.Put("/eos/dev/a");
        _eos.Put("/eos/dev/b");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/e", true, null));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new Rename(h, "/eos/dev/a", "/eos/dev/b", false)));
        _eos.Must(h => new Rename(h, "/eos/dev/a", "/eos/dev/b", true));
        _eos.Must(h => new Rename(h, "/eos/dev/d", "/eos/dev/c", false));
        Assert.Equal(["b", "c"], _eos.Ls("/eos/dev"));
        Assert.Equal(["e"], _eos.Ls("/eos/dev/c"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new List(h, "/eos/dev/d", "", false)));
        Assert.Equal(Errno.NotADirectory, _eos.Refusal(h => new Rename(h, "/eos/dev/c", "/eos/dev/b", true)));
    }

    [Fact]
    public void Only_an_empty_directory_is_removed_and_a_new_one_may_take_its_name()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/d/f");
        Assert.Equal(Errno.NotEmpty, _eos.Refusal(h => new RemoveDirectory(h, "/eos/dev/d")));
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"));
        _eos.Must(h => new RemoveDirectory(h, "/eos/dev/d"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Stat(h, "/eos/dev/d")));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        Assert.Empty(_eos.Ls("/eos/dev/d"));
    }

    [Fact]
    public void A_tree_is_removed_with_all_below_and_says_how_much()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/t/a/b", true, null));
        for (var i = 0; i < 300; i++) _eos.Put($"/eos/dev/t/a/f{i}");
        _eos.Put("/eos/dev/t/a/b/g");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveTree(h, "/eos/dev")));
        var done = Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/t")));
        Assert.Empty(_eos.Ls("/eos/dev"));
        Assert.Equal((301ul, 3ul, 0ul), (done.Files, done.Directories, done.Faults));
        Assert.Equal((301ul, 3ul), (_eos.Parts[^1].Files, _eos.Parts[^1].Directories));
    }

    [Fact]
    public void A_removal_cut_short_anywhere_is_completed_by_a_repetition()
    {
        for (var cut = 0; cut < 6; cut++)
        {
            _eos.Must(h => new MakeDirectory(h, $"/eos/dev/d{cut}", false, null));
            var request = new RemoveDirectory(_eos.Head(), $"/eos/dev/d{cut}");
            _eos.DoUntil(request, cut);
            Assert.IsType<Done>(_eos.Do(request));
            Assert.IsType<Done>(_eos.Do(request));
        }
        Assert.Empty(_eos.Ls("/eos/dev"));
    }

    [Fact]
    public void A_removal_cut_short_and_never_repeated_is_undone_or_done_but_not_half()
    {
        for (var cut = 0; cut < 6; cut++)
        {
            var path = $"/eos/dev/d{cut}";
            _eos.Must(h => new MakeDirectory(h, path, false, null));
            var removal = new RemoveDirectory(_eos.Head(), path);
            _eos.DoUntil(removal, cut);
            var early = _eos.Do(h => new OpenWrite(h, path + "/f", 1, true, null));
            _eos.Now += TimeSpan.FromSeconds(7);
            _eos.Do(h => new OpenWrite(h, path + "/f", 1, true, null)); // this one makes the directory ask its parent
            var late = _eos.Do(h => new OpenWrite(h, path + "/f", 1, true, null));
            Assert.True(late is Redirect || late is Refused { Why: Errno.NoEntry }, $"cut {cut}: {early} then {late}");
            if (late is not Redirect) continue;
            _eos.Put(path + "/f");
            Assert.IsNotType<Done>(_eos.Do(removal)); // the old removal may come again, but the directory has a file now
            Assert.Equal(["f"], _eos.Ls(path));
        }
    }

    [Fact]
    public void A_birth_cut_short_is_completed_by_whoever_comes_next()
    {
        var request = new MakeDirectory(_eos.Head(), "/eos/dev/d", false, null);
        _eos.DoUntil(request, 1); // the parent has the name, the child was not begun
        _eos.Put("/eos/dev/d/f");
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d"));
        Assert.IsType<Done>(_eos.Do(request));
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d"));
    }

    [Fact]
    public void A_long_listing_comes_in_pages_that_join()
    {
        for (var i = 0; i < 600; i++) _eos.Must(h => new MakeDirectory(h, $"/eos/dev/d{i:d4}", false, null));
        var names = new List<string>();
        Listing page;
        do
        {
            page = Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev", names.LastOrDefault() ?? "", false)));
            names.AddRange(page.Entries.Select(e => e.Name));
        }
        while (page.More);
        Assert.Equal(Enumerable.Range(0, 600).Select(i => $"d{i:d4}"), names);
    }

    /// <summary>Over slow links each round is a round trip: those on the way there, and one for each page.</summary>
    [Fact]
    public void A_listing_of_a_thousand_entries_takes_few_rounds()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/many", false, null));
        for (var i = 0; i < 1000; i++) _eos.Must(h => new MakeDirectory(h, $"/eos/dev/many/d{i:d4}", false, null));
        _eos.Now += TimeSpan.FromHours(3);   // what was remembered of the way is too old
        var (before, names) = (_eos.Rounds, new List<string>());
        while (_eos.Do(h => new List(h, "/eos/dev/many", names.LastOrDefault() ?? "", false)) is Listing page)
        {
            names.AddRange(page.Entries.Select(e => e.Name));
            if (!page.More) break;
        }
        Assert.Equal(1000, names.Count);
        Assert.InRange(_eos.Rounds - before, 1, 3 + 4);
    }

    /// <summary>Its node is lost; the directories below it live elsewhere.</summary>
    [Fact]
    public void A_directory_on_the_way_that_does_not_answer_is_passed_by_what_it_said_last()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a", false, null));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a/f", false, null));
        foreach (var path in new[] { "/eos", "/eos/dev" }) _eos.Silent.Add(Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, path))).Directory.Id);
        _eos.Now += TimeSpan.FromMinutes(90);
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a/g", false, null));
        var asked = _eos.Told.Count(m => _eos.Silent.Contains(m.Directory));
        Assert.Equal(["f", "g"], _eos.Ls("/eos/dev/a"));
        Assert.Equal(asked, _eos.Told.Count(m => _eos.Silent.Contains(m.Directory)));

        _eos.Now += TimeSpan.FromMinutes(90);   // that is too long ago: now it has to answer
        _eos.Must(h => new Rename(h, "/eos/dev/a", "/eos/dev/b", false));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new List(h, "/eos/dev/a", "", false)));
    }
}
