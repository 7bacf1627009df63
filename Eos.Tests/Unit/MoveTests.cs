using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>Renaming from one directory into another: what it does, and what a crash after any step leaves.</summary>
public class MoveTests
{
    private const int MostMessages = 60;

    private NamespaceInMemory _eos = new();

    private void Make(params string[] directories)
    {
        foreach (var path in directories) _eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, true, null));
    }

    private Errno Refusal(string from, string to, bool overwrite = true, uint uid = 0) =>
        _eos.Refusal(h => new Rename(h, "/eos/dev/" + from, "/eos/dev/" + to, overwrite), uid);

    private void Move(string from, string to, bool overwrite = true) => _eos.Must(h => new Rename(h, "/eos/dev/" + from, "/eos/dev/" + to, overwrite));

    private ulong SizeOf(string path) => Assert.IsType<Status>(_eos.Do(h => new Stat(h, "/eos/dev/" + path))).Entry.Size;

    [Fact]
    public void Files_and_links_go_where_they_are_told_and_replace_only_what_they_may()
    {
        Make("a", "b/c");
        _eos.Put("/eos/dev/a/f", size: 5);
        _eos.Put("/eos/dev/b/g", size: 6);
        Move("a/f", "b/f", overwrite: false);
        Assert.Equal(5ul, SizeOf("b/f"));
        Assert.Equal(Errno.Exists, Refusal("b/f", "b/g", overwrite: false));
        Assert.Equal(Errno.Exists, Refusal("b/f", "b/c", overwrite: false));
        Move("b/f", "a", overwrite: true);
        Assert.Equal(5ul, SizeOf("a/f"));
        Move("a/f", "b/g", overwrite: true);
        Assert.Equal((5ul, false), (SizeOf("b/g"), _eos.Has("/eos/dev/a/f")));
        _eos.Must(h => new MakeLink(h, "/eos/dev/a/l", "../b/g", false));
        Move("a/l", "b/c/l", overwrite: false);
        Assert.Equal(["l"], _eos.Ls("/eos/dev/b/c"));
        Assert.Equal(Errno.NoEntry, Refusal("a/none", "b/x"));
        Assert.Equal(Errno.NoEntry, Refusal("b/g", "none/x"));
        Assert.Equal(Errno.NoEntry, Refusal("b/g", "none/"));
        Assert.Equal(Errno.NotADirectory, Refusal("b/g/", "a/x"));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    [Fact]
    public void Directories_go_where_they_are_told_but_not_below_themselves()
    {
        Make("src/d1", "src/d2/e", "src/d4", "dst/d1");
        _eos.Put("/eos/dev/src/d2/e/f", size: 5);
        _eos.Put("/eos/dev/dst/t1", size: 5);
        Move("src/d1", "dst/");            // takes the place of an empty one
        Move("src/d2", "dst/d1/");
        Move("src/d4", "dst/n4");
        Assert.Equal(5ul, SizeOf("dst/d1/d2/e/f"));
        Assert.Equal(["d1", "n4", "t1"], _eos.Ls("/eos/dev/dst"));
        Assert.Empty(_eos.Ls("/eos/dev/src"));
        Assert.Equal(Errno.NotADirectory, Refusal("dst/n4", "dst/t1"));
        Assert.Equal(Errno.NotADirectory, Refusal("dst/n4", "dst/t1/"));
        Assert.Equal(Errno.Invalid, Refusal("dst/d1", "dst/d1"));
        Assert.Equal(Errno.Invalid, Refusal("dst/d1", "dst/d1/d2/e/x"));
        Assert.Equal(Errno.Invalid, Refusal("dst", "dst/d1/d2"));
        Make("src/d1/full", "src/e");
        Assert.Equal(Errno.NotEmpty, Refusal("dst/d1", "src"));
        Assert.Equal(Errno.Exists, Refusal("dst/d1", "src/e", overwrite: false));
        Assert.Equal(Errno.NoEntry, Refusal("dst/none", "src"));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    [Fact]
    public void A_link_takes_the_place_of_a_file_that_goes()
    {
        Make("a", "b");
        _eos.Put("/eos/dev/a/f", size: 5);
        IRequest Request(Head h, string path, string to) => new RenameWithLink(h, "/eos/dev/" + path, "/eos/dev/" + to);
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => Request(h, "a/f", "a")));
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => Request(h, "a", "b")));
        Assert.Equal(Errno.NotADirectory, _eos.Refusal(h => Request(h, "a/f", "a/f")));
        _eos.Must(h => Request(h, "a/f", "b"));
        Assert.Equal((5ul, 5ul), (SizeOf("a/f"), SizeOf("b/f")));
        Assert.Equal("/eos/dev/b/f", Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/a/f"))).File.Link);
    }

    [Fact]
    public void Both_directories_must_allow_it()
    {
        Make("a", "b");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/mine", false, 0x1c0), 7);
        _eos.Put("/eos/dev/mine/f", 7);
        _eos.Put("/eos/dev/a/f", 8);
        Assert.Equal(Errno.NotPermitted, Refusal("a/f", "mine/g", uid: 8));
        Assert.Equal(Errno.NotPermitted, Refusal("mine/f", "a/g", uid: 8));
        Assert.True(_eos.Has("/eos/dev/a/f"));
        _eos.Heal();
        _eos.MustBeOneTree();
    }

    /// <summary>The gateway stops after so many words; whoever looks sees the entry in one place, or is told to wait; then it is in one place for ever.</summary>
    [Theory]
    [InlineData("a/f", "b/g", "b/g")]
    [InlineData("a/f", "b/old", "b/old")]
    [InlineData("a/d", "b/e", "b/e")]
    [InlineData("a/d", "b/empty", "b/empty/d")]
    [InlineData("a/d", "b", "b/d")]
    public void An_entry_is_in_one_place_wherever_it_is_cut(string from, string to, string end)
    {
        var ends = new HashSet<bool>();
        for (var cut = 0; cut < MostMessages; cut++)
        {
            _eos = new NamespaceInMemory();
            Make("a/d/deep", "b/empty", "b/d");
            _eos.Put("/eos/dev/a/f", size: 5);
            _eos.Put("/eos/dev/a/d/deep/g", size: 5);
            _eos.Put("/eos/dev/b/old", size: 9);
            var request = new Rename(_eos.Head(), "/eos/dev/" + from, "/eos/dev/" + to, true);
            _eos.DoUntil(request, cut);
            var id = ((bool? There, bool? Here))(_eos.Has("/eos/dev/" + from), to == end && end != "b/old" ? _eos.Has("/eos/dev/" + end) : null);
            Assert.False(id is (true, true) or (false, false), $"after {cut} messages it is seen in {(id.There == true ? "both" : "none")}");
            _eos.CrashMover();
            _eos.Heal();
            var left = _eos.Has("/eos/dev/" + from);
            Assert.NotNull(left);
            ends.Add(left.Value);
            _eos.MustBeOneTree();
            Assert.Equal(left == true, SizeOfFile(end) != 5);
        }
        Assert.Equal(2, ends.Count);

        ulong SizeOfFile(string path) => _eos.Do(h => new Stat(h, "/eos/dev/" + path + (from.EndsWith('d') ? "/deep/g" : ""))) is Status found ? found.Entry.Size : 0;
    }

    /// <summary>The client asks again, with the same operation, as it does when a gateway is lost.</summary>
    [Theory]
    [InlineData("a/f", "b/f")]
    [InlineData("a/d", "b/e")]
    [InlineData("a/d", "b")]
    public void A_renaming_that_is_asked_for_again_happens_once(string from, string to)
    {
        for (var cut = 0; cut < MostMessages; cut++)
        {
            _eos = new NamespaceInMemory();
            Make("a/d", "b");
            _eos.Put("/eos/dev/a/f", size: 5);
            var request = new Rename(_eos.Head(), "/eos/dev/" + from, "/eos/dev/" + to, true);
            _eos.DoUntil(request, cut);
            if (cut % 2 == 0) _eos.CrashMover();
            Assert.IsType<Done>(_eos.Do(request));
            Assert.IsType<Done>(_eos.Do(request));
            _eos.Heal();
            _eos.MustBeOneTree();
            Assert.False(_eos.Has("/eos/dev/" + from));
        }
    }
}
