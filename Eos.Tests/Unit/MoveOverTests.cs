using System.Collections.Immutable;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>`mv` over a file: what becomes of the one that is replaced.</summary>
public class MoveOverTests
{
    private const int MostMessages = 60;

    private NamespaceInMemory _eos = new();

    private void Make(string path, params string[] attributes)
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, true, null));
        foreach (var attribute in attributes)
        {
            var (key, value) = (attribute[..attribute.IndexOf('=', StringComparison.Ordinal)], attribute[(attribute.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            _eos.Must(h => new ChangeAttributes(h, "/eos/dev/" + path, ImmutableSortedDictionary<string, string>.Empty.Add(key, value), "", false));
        }
    }

    private void Move(string from, string to) => _eos.Must(h => new Rename(h, "/eos/dev/" + from, "/eos/dev/" + to, true));

    private ulong SizeOf(string path) => Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/" + path))).Entry.Size;

    private IEnumerable<ulong> VersionsOf(string path, string name) =>
        Assert.IsType<Listing>(_eos.Do(h => new List(h, $"/eos/dev/{path}/.sys.v#.{name}", "", true))).Entries.Select(e => e.Size).Order();

    [Theory]
    [InlineData("d")]
    [InlineData("e")]
    public void Where_versions_are_kept_it_becomes_one(string directory)
    {
        Make("d", "sys.versioning=2");
        Make("e");
        for (var i = 1ul; i <= 4; i++)
        {
            _eos.Put($"/eos/dev/{directory}/new", size: i);
            Move($"{directory}/new", "d/f");
            Assert.Equal(i, SizeOf("d/f"));
        }
        Assert.Equal([2ul, 3ul], VersionsOf("d", "f"));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    [Fact]
    public void A_link_is_replaced_without_a_trace_and_nothing_is_kept_where_nobody_asked()
    {
        Make("d", "sys.versioning=2");
        Make("e");
        _eos.Must(h => new MakeLink(h, "/eos/dev/d/l", "nowhere", false));
        foreach (var (to, size) in ((string, ulong)[])[("d/l", 1), ("e/f", 2), ("e/f", 3)])
        {
            _eos.Put("/eos/dev/new", size: size);
            Move("new", to);
        }
        Assert.Equal((1ul, 3ul), (SizeOf("d/l"), SizeOf("e/f")));
        Assert.Equal(["l"], _eos.Ls("/eos/dev/d"));
        Assert.Equal(["f"], _eos.Ls("/eos/dev/e"));
    }

    [Theory]
    [InlineData("d")]
    [InlineData("e")]
    public void The_recycle_bin_takes_it(string directory)
    {
        Make("d", $"{RecycleBin.Key}={RecycleBin.Root("dev")}");
        Make("e");
        _eos.Put("/eos/dev/d/f", 3, 5);
        _eos.Put($"/eos/dev/{directory}/new", size: 6);
        Move($"{directory}/new", "d/f");
        Assert.Equal(6ul, SizeOf("d/f"));
        var kept = Assert.Single(_eos.Ls(RecycleBin.Root("dev") + "/uid:3/2023/11/14/0"));
        Assert.StartsWith("#:#eos#:#dev#:#d#:#f.", kept, StringComparison.Ordinal);
        Assert.Equal(5ul, SizeOf("proc/recycle/uid:3/2023/11/14/0/" + kept));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    [Fact]
    public void A_bin_without_room_refuses()
    {
        Make("d", $"{RecycleBin.Key}={RecycleBin.Root("dev")}");
        _eos.Instance.Set(RecycleBin.Section, "size", "1");
        _eos.Put("/eos/dev/d/f", size: 5);
        _eos.Put("/eos/dev/d/new", size: 6);
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new Rename(h, "/eos/dev/d/new", "/eos/dev/d/f", true)));
        Assert.Equal((5ul, 6ul), (SizeOf("d/f"), SizeOf("d/new")));
    }

    [Fact]
    public void The_versions_of_the_file_that_comes_take_the_place_of_those_that_are_there()
    {
        Make("d", "sys.versioning=9");
        Make("e", "sys.versioning=9");
        for (var i = 1ul; i <= 3; i++) _eos.Put("/eos/dev/d/f", size: i);
        for (var i = 11ul; i <= 13; i++) _eos.Put("/eos/dev/e/g", size: i);
        Move("e/g", "d/f");
        Assert.Equal(13ul, SizeOf("d/f"));
        Assert.Equal([3ul, 11ul, 12ul], VersionsOf("d", "f"));
        Assert.Empty(_eos.Ls("/eos/dev/e"));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    /// <summary>The gateway stops after so many words: the old content is under its name, or a version, in any case once.</summary>
    [Theory]
    [InlineData("d/new")]
    [InlineData("e/new")]
    public void It_is_kept_wherever_the_renaming_is_cut(string from)
    {
        var ends = new HashSet<bool>();
        for (var cut = 0; cut < MostMessages; cut++)
        {
            _eos = new NamespaceInMemory();
            Make("d", "sys.versioning=2");
            Make("e");
            _eos.Put("/eos/dev/d/f", size: 5);
            _eos.Put("/eos/dev/" + from, size: 6);
            _eos.DoUntil(new Rename(_eos.Head(), "/eos/dev/" + from, "/eos/dev/d/f", true), cut);
            _eos.Heal();
            _eos.MustBeOneTree();
            var happened = _eos.Has("/eos/dev/" + from) == false;
            ends.Add(happened);
            Assert.Equal(happened ? 6ul : 5ul, SizeOf("d/f"));
            if (happened) Assert.Equal([5ul], VersionsOf("d", "f"));
        }
        Assert.Equal(2, ends.Count);
    }
}
