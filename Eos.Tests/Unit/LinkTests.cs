using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

public class LinkTests
{
    private readonly NamespaceInMemory _eos = new();

    private Entry Stat(string path) => Assert.IsType<Status>(_eos.Do(h => new Stat(h, path))).Entry;

    private void Link(string path, string target, bool replace = false) => _eos.Must(h => new MakeLink(h, path, target, replace));

    [Fact]
    public void A_link_is_followed_where_bytes_are_opened_and_names_are_looked_up()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/e", true, null));
        _eos.Put("/eos/dev/d/e/f", size: 7);
        Link("/eos/dev/absolute", "/eos/dev/d");
        Link("/eos/dev/d/relative", "e/../e/f");
        Link("/eos/dev/root", "/");
        Assert.Equal(7ul, Stat("/eos/dev/absolute/relative").Size);
        Assert.Equal(["e", "relative"], _eos.Ls("/eos/dev/absolute"));
        Assert.Equal(["f"], _eos.Ls("/eos/dev/root/eos/dev/d/e"));
        Assert.Equal(7ul, Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/absolute/relative"))).Size);
        Assert.Equal(EntryKind.Directory, Stat("/eos/dev/root").Kind);
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => new OpenRead(h, "/eos/dev/root")));

        _eos.Put("/eos/dev/absolute/relative", size: 9);   // through the link to the file
        Assert.Equal(9ul, Stat("/eos/dev/d/e/f").Size);
        _eos.Put("/eos/dev/absolute/new", size: 2);
        Assert.Equal(2ul, Stat("/eos/dev/d/new").Size);
        Link("/eos/dev/dangling", "d/born");
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Stat(h, "/eos/dev/dangling")));
        _eos.Put("/eos/dev/dangling", size: 4);
        Assert.Equal(4ul, Stat("/eos/dev/d/born").Size);
    }

    [Fact]
    public void The_link_itself_is_informed_of_removed_and_renamed()
    {
        _eos.Put("/eos/dev/f");
        Link("/eos/dev/l", "f");
        var info = Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/l")));
        Assert.Equal(("f", 0), (info.File.Link, info.File.Content.Locations.Length));
        var row = Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev", "", true))).Entries[1];
        Assert.Equal(("l", EntryKind.Link, "f"), (row.Name, row.Kind, row.Target));
        _eos.Must(h => new Rename(h, "/eos/dev/l", "/eos/dev/m", false));
        _eos.Must(h => new RemoveFile(h, "/eos/dev/m"));
        Assert.Equal(["f"], _eos.Ls("/eos/dev"));
    }

    [Fact]
    public void A_loop_is_told_from_a_name_that_is_not_there()
    {
        Link("/eos/dev/to", "fro");
        Link("/eos/dev/fro", "to");
        Assert.Equal(Errno.Loop, _eos.Refusal(h => new List(h, "/eos/dev/to", "", false)));
        Assert.Equal(Errno.Loop, _eos.Refusal(h => new Stat(h, "/eos/dev/to")));
        Assert.Equal(Errno.Loop, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/to", 1, true, null)));
        Assert.Equal(Errno.Loop, _eos.Refusal(h => new TouchFile(h, "/eos/dev/to", true, false)));
        Assert.Equal(Errno.Loop, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/to/d", false, null)));
    }

    [Fact]
    public void What_has_the_name_is_replaced_only_if_that_is_asked_for_and_if_it_is_no_directory()
    {
        _eos.Put("/eos/dev/f");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new MakeLink(h, "/eos/dev/f", "d", false)));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new MakeLink(h, "/eos/dev/d", "f", true)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new MakeLink(h, "/eos/dev/l", "", false)));
        Link("/eos/dev/f", "d", replace: true);
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new MakeLink(h, "/eos/dev/f", "d", false)));
        Assert.Equal(EntryKind.Directory, Stat("/eos/dev/f").Kind);
    }

    [Fact]
    public void Whoever_follows_a_link_needs_the_right_to_enter_where_it_leads()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/mine", false, 0x1c0), 7);
        _eos.Put("/eos/dev/mine/f", 7);
        Link("/eos/dev/l", "mine/f");
        Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/l"), 7));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new OpenRead(h, "/eos/dev/l"), 8));
    }

    [Fact]
    public void Touching_makes_an_empty_file_or_gives_it_the_time()
    {
        _eos.Must(h => new TouchFile(h, "/eos/dev/t", true, false));
        var born = _eos.Now;
        Assert.Equal((0ul, 0u, born), (Stat("/eos/dev/t").Size, Stat("/eos/dev/t").Replicas, Stat("/eos/dev/t").Attributes.Times.Born));
        _eos.Put("/eos/dev/t", size: 5);
        _eos.Now += TimeSpan.FromSeconds(9);
        _eos.Must(h => new TouchFile(h, "/eos/dev/t", true, false));
        var touched = Stat("/eos/dev/t");
        Assert.Equal((5ul, new Times(_eos.Now, _eos.Now, born)), (touched.Size, touched.Attributes.Times));
        _eos.Must(h => new TouchFile(h, "/eos/dev/t", true, true));
        Assert.Equal((0ul, 0u), (Stat("/eos/dev/t").Size, Stat("/eos/dev/t").Replicas));
        Assert.Equal(Errno.IsADirectory, _eos.Refusal(h => new TouchFile(h, "/eos/dev", true, false)));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new TouchFile(h, "/eos/dev/none/t", true, false)));
    }

    [Fact]
    public void Places_are_tagged_once_and_untagged_once()
    {
        _eos.Must(h => new TouchFile(h, "/eos/dev/t", false, false));
        IRequest Tag(Head h, DirectoryProtocol.PlaceTag tag) => new TagPlace(h, "/eos/dev/t", new FsId(123456), tag);
        _eos.Must(h => Tag(h, DirectoryProtocol.PlaceTag.Add));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => Tag(h, DirectoryProtocol.PlaceTag.Add)));
        _eos.Must(h => Tag(h, DirectoryProtocol.PlaceTag.Unlink));
        _eos.Must(h => Tag(h, DirectoryProtocol.PlaceTag.Unlink));
        _eos.Must(h => Tag(h, DirectoryProtocol.PlaceTag.Remove));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => Tag(h, DirectoryProtocol.PlaceTag.Remove)));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => Tag(h, DirectoryProtocol.PlaceTag.Add), 7));
    }

    [Fact]
    public void A_number_stands_for_a_path()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/d/f", size: 5);
        var (file, directory) = (Stat("/eos/dev/d/f").Id, Stat("/eos/dev/d").Id);
        foreach (var text in (string[])[$"fid:{file}", $"fxid:{file:x8}", $"fxid:{file:x}", $"inode:{file << 28}", $"inode:{file | 1ul << 63}"])
            Assert.Equal("/eos/dev/d/f", Assert.IsType<Status>(_eos.Do(h => new Stat(h, text))).Path);
        foreach (var text in (string[])[$"cid:{directory}", $"cxid:{directory:x}", $"pid:{directory}", $"pxid:{directory:x8}", $"inode:{directory}"])
            Assert.Equal(["f"], _eos.Ls(text));
        Assert.Equal(["eos"], _eos.Ls("cid:1"));

        Link("/eos/dev/l", $"fxid:{file:x}");
        Assert.Equal(5ul, Stat("/eos/dev/l").Size);
        _eos.Must(h => new Rename(h, $"fid:{file}", "/eos/dev/d/g", false));
        _eos.Must(h => new Rename(h, $"cxid:{directory:x}", "/eos/dev/e", false));
        Assert.Equal("/eos/dev/e/g", Assert.IsType<Status>(_eos.Do(h => new Stat(h, $"fid:{file}"))).Path);
        _eos.Must(h => new RemoveFile(h, $"fid:{file}"));

        foreach (var text in (string[])["fxid:invalid", "fid:abc", "fid:", "cid:-1", "inode:0", "fid:99999999999999999999"])
            Assert.Equal(Errno.Invalid, _eos.Refusal(h => new Stat(h, text)));
        foreach (var text in (string[])["cxid:999999999", $"fid:{file}", "fxid:ffff"]) Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new Stat(h, text)));
    }
}
