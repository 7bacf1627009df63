using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

public class VersionRoutineTests
{
    private readonly NamespaceInMemory _eos = new();

    [Fact]
    public void What_is_overwritten_becomes_a_version_and_so_many_stay()
    {
        Make("sys.versioning", "3");
        for (var i = 1; i <= 6; i++) Put(size: (ulong)i);
        Assert.Equal(3, _eos.Ls("/eos/dev/d/.sys.v#.f").Count);
        Assert.Equal([3ul, 4ul, 5ul], Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev/d/.sys.v#.f", "", true))).Entries.Select(e => e.Size));
        Assert.Equal([".sys.v#.f", "f"], _eos.Ls("/eos/dev/d"));
        Assert.Equal(6ul, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/d/f"))).Entry.Size);
    }

    [Fact]
    public void Versions_that_fall_out_wait_for_their_bytes_to_be_deleted()
    {
        Make("sys.versioning", "1");
        for (var i = 1; i <= 3; i++) Put(size: (ulong)i);
        var versions = Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/.sys.v#.f"))).Directory;
        Assert.Equal(1, _eos.State(versions.Id).Unlinked.Values.Sum(u => u.Count));
        Assert.Empty(_eos.State(versions.Parent).Unlinked);
        Assert.Empty(_eos.State(versions.Parent).Outbox);
    }

    [Fact]
    public void A_version_directory_takes_over_who_may_what_and_is_not_versioned_itself()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, 0x1c0), 7);
        Set("/eos/dev/d", "sys.versioning", "3");
        Set("/eos/dev/d", "sys.forced.maxsize", "100");
        Put();
        Put();
        var versions = Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/.sys.v#.f"))).Directory;
        Assert.Equal((0x5c0u, new Owner(7, 7)), (versions.Mode, versions.Owner));
        Assert.Equal(["sys.forced.maxsize"], versions.Attributes.Keys);
    }

    [Fact]
    public void The_request_may_ask_for_versions_where_the_directory_does_not()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        Put();
        Put();
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d"));
        _eos.Put("/eos/dev/d/f", versions: 2);
        Assert.Single(_eos.Ls("/eos/dev/d/.sys.v#.f"));
        Set("/eos/dev/d", "sys.versioning", "5");
        _eos.Put("/eos/dev/d/f", versions: 0);
        Assert.Single(_eos.Ls("/eos/dev/d/.sys.v#.f"));
    }

    [Fact]
    public void Versions_need_a_name_that_is_short_enough_and_no_file_in_their_place()
    {
        Make("sys.versioning", "3");
        var name = new string('n', 248);
        Assert.Equal(Errno.NameTooLong, _eos.Refusal(h => new OpenWrite(h, $"/eos/dev/d/{name}", 1, true, null)));
        _eos.Put("/eos/dev/d/.sys.v#.f");
        Assert.Equal(Errno.NotADirectory, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 1, true, null)));
    }

    [Fact]
    public void Sizes_out_of_bounds_are_refused_before_and_after_the_bytes()
    {
        Make("sys.forced.minsize", "10");
        Set("/eos/dev/d", "sys.forced.maxsize", "20");
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 9, true, null)));
        Assert.Equal(Errno.FileTooLarge, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 21, true, null)));
        _eos.Put("/eos/dev/d/f", size: 20);

        var open = Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, "/eos/dev/d/g", null, true, null)));
        Assert.Equal(Errno.Invalid, Assert.IsType<Eos.Fst.FstProtocol.CommitRefused>(_eos.Commit(open, 9)).Why);
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d"));
    }

    [Fact]
    public void More_is_booked_than_a_filesystem_has()
    {
        Make("sys.forced.bookingsize", "1000000");
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 1, true, null)));
    }

    [Fact]
    public void Purging_leaves_the_newest_or_what_the_directory_says_or_nothing()
    {
        Make("sys.versioning", "5");
        for (var i = 1; i <= 6; i++) Put(size: (ulong)i);
        Run("purge", "/eos/dev/d/f", "4");
        Assert.Equal(4, _eos.Ls("/eos/dev/d/.sys.v#.f").Count);
        Set("/eos/dev/d", "sys.versioning", "3");
        Run("purge", "/eos/dev/d/f", "-1");
        Assert.Equal([3ul, 4ul, 5ul], Sizes());
        Run("purge", "/eos/dev/d/f", "0");
        Assert.Equal(["f"], _eos.Ls("/eos/dev/d"));
        Run("purge", "/eos/dev/d/f", "0");
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Verb(h, "purge", "/eos/dev/d/none")));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Verb(h, "purge", "/eos/dev/d/f", "-2")));
    }

    [Fact]
    public void A_version_that_is_taken_back_changes_places_with_the_file()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, 0x1c0));
        Set("/eos/dev/d", "sys.versioning", "5");
        for (var i = 1; i <= 3; i++) Put(size: (ulong)i);
        var old = _eos.Ls("/eos/dev/d/.sys.v#.f")[0];
        Run("grab", "/eos/dev/d/f", old);
        Assert.Equal(1ul, Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/d/f"))).Entry.Size);
        Assert.Equal([2ul, 3ul], Sizes());
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Verb(h, "grab", "/eos/dev/d/f", old)));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => Verb(h, "grab", "/eos/dev/d/f", _eos.Ls("/eos/dev/d/.sys.v#.f")[0]), 8));
    }

    [Fact]
    public void A_locked_file_is_opened_by_its_audience_only()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        Put();
        Run("lock", "/eos/dev/d/f", "100");
        Run("lock", "/eos/dev/d/f", "100");
        Assert.Equal(Errno.Busy, _eos.Refusal(h => By(Verb(h, "lock", "/eos/dev/d/f"), "other")));
        Assert.Equal(Errno.Busy, _eos.Refusal(h => By(Verb(h, "unlock", "/eos/dev/d/f"), "other")));
        Assert.Equal(Errno.Busy, _eos.Refusal(h => By(new OpenRead(h, "/eos/dev/d/f"), "other")));
        Assert.Equal(Errno.Busy, _eos.Refusal(h => By(new OpenWrite(h, "/eos/dev/d/f", 1, true, null), "other")));
        Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/d/f")));
        Run("unlock", "/eos/dev/d/f");
        Assert.IsType<Redirect>(_eos.Do(h => By(new OpenRead(h, "/eos/dev/d/f"), "other")));

        Run("lock", "/eos/dev/d/f", "10", "user");
        Assert.IsType<Redirect>(_eos.Do(h => By(new OpenRead(h, "/eos/dev/d/f"), "other")));
        Assert.Equal(Errno.Busy, _eos.Refusal(h => By(new OpenRead(h, "/eos/dev/d/f"), "other"), 3));
        _eos.Now += TimeSpan.FromSeconds(10);
        Assert.IsType<Redirect>(_eos.Do(h => By(new OpenRead(h, "/eos/dev/d/f"), "other"), 3));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Verb(h, "lock", "/eos/dev/d/f", "x")));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Verb(h, "lock", "/eos/dev/d/f", "1", "all")));
    }

    private IEnumerable<ulong> Sizes() => Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev/d/.sys.v#.f", "", true))).Entries.Select(e => e.Size);

    private void Run(params string[] words) => Assert.IsType<Report>(_eos.Do(h => Verb(h, words)));

    private static Administer Verb(Head head, params string[] words) => new(head, "file", words[0], [.. words[1..]], NoOptions, 0);

    /// <summary>The same request of another program.</summary>
    private static T By<T>(T request, string app) where T : IRequest => request switch
    {
        OpenRead x => (T)(IRequest)(x with { Head = x.Head with { Claim = x.Head.Claim with { App = app } } }),
        OpenWrite x => (T)(IRequest)(x with { Head = x.Head with { Claim = x.Head.Claim with { App = app } } }),
        Administer x => (T)(IRequest)(x with { Head = x.Head with { Claim = x.Head.Claim with { App = app } } }),
        _ => request,
    };

    private void Make(string key, string value)
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        Set("/eos/dev/d", key, value);
    }

    private void Put(ulong size = 3)
    {
        _eos.Now += TimeSpan.FromSeconds(1);
        _eos.Put("/eos/dev/d/f", size: size);
    }

    private void Set(string path, string key, string value)
    {
        _eos.Must(h => new ChangeAttributes(h, path, ImmutableSortedDictionary<string, string>.Empty.Add(key, value), "", false));
    }
}
