using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Services;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using Caller = Eos.Identity.Caller;
using IndexChange = Eos.Kv.SystemProtocol.IndexChange;
using IndexOp = Eos.Kv.SystemProtocol.IndexOp;

namespace Eos.Tests.Unit.Gateway;

/// <summary>What is done with all files of a filesystem, and what nodes are told to forget.</summary>
public sealed class FsDeedTests
{
    private readonly NamespaceInMemory _eos = new();

    private IFinal Ask(string line, ulong from = 0, uint uid = 0)
    {
        var words = line.Split(' ');
        var options = words.Where(w => w.StartsWith("--", StringComparison.Ordinal)).ToImmutableSortedDictionary(o => o[2..], _ => "", StringComparer.Ordinal);
        return _eos.Do(h => new Administer(h, words[0], words[1], [.. words.Skip(2).Where(w => !w.StartsWith("--", StringComparison.Ordinal))], options, from), uid);
    }

    private string Lines(string line) => string.Join('\n', Assert.IsType<Report>(Ask(line)).Lines);

    private Errno Why(string line, uint uid = 0) => Assert.IsType<Refused>(Ask(line, 0, uid)).Why;

    private FileRecord File(string path) => Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, path))).File;

    [Fact]
    public void A_clone_fetches_what_the_other_filesystem_has_not()
    {
        _eos.Put("/eos/dev/a");
        _eos.Put("/eos/dev/b");
        _eos.AddFilesystem(2);
        _eos.Must(h => new TagPlace(h, "/eos/dev/b", new FsId(2), DirectoryProtocol.PlaceTag.Add));
        Assert.Equal("success: scheduled replication from source fs=1 => target fs=2 path=/eos/dev/a", Lines("fs clone 1 2"));
        var order = Assert.IsType<FstProtocol.RestoreReplica>(Assert.Single(_eos.Ordered));
        Assert.Equal((new FsId(2), null), (order.Fs, order.Replaces));
        Assert.Equal(File("/eos/dev/a").Id, SignedCapability.Peek(order.Capability)!.File);
        Lines("fs config 2 configstatus=ro");
        Assert.StartsWith("error: /eos/dev/a: filesystem 2 takes nothing", Lines("fs clone 1 2"), StringComparison.Ordinal);
        Assert.Equal(Errno.Invalid, Why("fs clone 1 1"));
        Assert.Equal(Errno.NoEntry, Why("fs clone 1 9"));
        Assert.Equal(Errno.NotPermitted, Why("fs clone 1 2", 7));
    }

    [Fact]
    public void Dropped_files_keep_their_last_replica_unless_it_is_forced()
    {
        _eos.Put("/eos/dev/a");
        _eos.Put("/eos/dev/b");
        _eos.AddFilesystem(2);
        _eos.Must(h => new TagPlace(h, "/eos/dev/b", new FsId(2), DirectoryProtocol.PlaceTag.Add));
        var lines = Lines("fs dropfiles 1");
        Assert.Contains("success: dropped stripe on fs=1 path=/eos/dev/b", lines, StringComparison.Ordinal);
        Assert.Contains("error: /eos/dev/a: filesystem 1 has the last replica", lines, StringComparison.Ordinal);
        Assert.Equal(new FsId(2), Assert.Single(File("/eos/dev/b").Content.Locations));
        Assert.Equal("success: dropped stripe on fs=1 path=/eos/dev/a", Lines("fs dropfiles 1 --f"));
        Assert.Empty(File("/eos/dev/a").Content.Locations);
        Assert.Equal("", Lines("fs dumpmd 1"));
    }

    [Fact]
    public void A_ghost_is_dropped_by_the_directory_whose_row_it_is()
    {
        _eos.Put("/eos/dev/a");
        var (directory, a) = (new DirectoryId(3), File("/eos/dev/a").Id);
        foreach (var ghost in new ulong[] { 77, 78 })
            _eos.DamageRows(directory, new IndexOp(NamespaceIndex.Replicas, NamespaceIndex.Key(new FsId(1), new FileId(ghost)), IndexChange.Set, NamespaceIndex.Key(directory), 0));
        Assert.Equal($"success: dropped ghost entry fxid={new FileId(78)} from fs=1", Lines("fs dropghosts 1 4e"));
        Assert.Equal($"success: dropped ghost entry fxid={new FileId(77)} from fs=1", Lines("fs dropghosts 1"));
        Assert.Equal("", Lines("fs dropghosts 1"));
        _eos.Tell(new DirectoryProtocol.DropGhosts(directory, new DirectoryProtocol.Call(_eos.Facts.NewOp(), 0, Caller.Root), new FsId(1), [a]));
        Assert.Equal("path=/eos/dev/a", Lines("fs dumpmd 1 --path"));
        Assert.Equal(Errno.Invalid, Why("fs dropghosts 1 zz"));
    }

    [Fact]
    public void A_long_report_goes_on_behind_the_last_file_whatever_went_meanwhile()
    {
        for (var i = 0; i < 350; i++) _eos.Put($"/eos/dev/f{i}");
        var first = Assert.IsType<Report>(Ask("fs dumpmd 1 --fid"));
        Assert.Equal(300, first.Lines.Length);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/f0"));
        Assert.Equal(50, Assert.IsType<Report>(Ask("fs dumpmd 1 --fid", first.Next)).Lines.Length);
    }

    [Fact]
    public void Booting_may_look_at_all_that_is_there_or_all_that_ought_to_be()
    {
        _eos.Put("/eos/dev/a");
        Lines("fs boot 1");
        Lines("fs boot * --syncdisk");
        Assert.Equal([false, true], _eos.Ordered.OfType<FstProtocol.OrderBoot>().Select(o => o.Sweeps));
        Assert.Equal("success: boot message sent to node1:8001:/disk", Lines("fs boot 1 --syncmgm"));
        var look = Assert.IsType<FstProtocol.VerifyReplica>(_eos.Ordered[^1]);
        Assert.Equal((new FsId(1), false), (look.Fs, look.Whole));
        Assert.Equal(Errno.Invalid, Why("fs boot 1 --syncmgm --syncdisk"));
    }

    [Fact]
    public void A_reset_tells_all_nodes_to_forget()
    {
        var told = new List<object>();
        _eos.Nodes = message =>
        {
            told.Add(message);
            return [new UpkeepProtocol.Done("a"), new UpkeepProtocol.Done("b")];
        };
        Assert.Equal(2, Lines("space reset default").Split('\n').Length);
        Assert.Equal([new UpkeepProtocol.Forget(default), new UpkeepProtocol.ReadUsers()], told);
        Assert.EndsWith("on 2 node(s)", Lines("space reset default --mapping"), StringComparison.Ordinal);
        Assert.Equal(3, told.Count);
        Assert.Equal(Errno.NotSupported, Why("space reset default --drain"));
        Assert.Equal(Errno.NoEntry, Why("space reset nothing"));
        Assert.Equal(Errno.NotPermitted, Why("space reset default", 7));
    }

    [Fact]
    public void A_space_says_what_holds_where_nothing_is_set_and_gives_it_to_filesystems_that_come()
    {
        Assert.Contains("drainperiod                      := 86400", Lines("space status default"), StringComparison.Ordinal);
        Lines("space define other");
        Lines("space config other space.drainperiod=7");
        Assert.Contains("drainperiod                      := 7", Lines("space status other"), StringComparison.Ordinal);
        Lines("fs mv 1 other");
        Assert.Equal(("7", "604800"), (_eos.View.Filesystems[new FsId(1)].Configured["drainperiod"], _eos.View.Filesystems[new FsId(1)].Configured["scaninterval"]));
        Lines("space config other space.drainperiod=8");
        Assert.Equal("7", _eos.View.Filesystems[new FsId(1)].Configured["drainperiod"]);
    }

    [Fact]
    public void A_node_is_in_proxy_groups_until_it_is_taken_out()
    {
        Lines("node proxygroupadd b node1:8001");
        Lines("node proxygroupadd a /eos/node1:8001/fst");
        Assert.Contains("proxygroups                      := a,b", Lines("node status node1:8001"), StringComparison.Ordinal);
        Lines("node proxygrouprm a node1:8001");
        Assert.Equal(Errno.NoEntry, Why("node proxygrouprm a node1:8001"));
        Lines("node proxygroupclear node1:8001");
        Assert.DoesNotContain("proxygroups", Lines("node status node1:8001"), StringComparison.Ordinal);
        Lines("node txgw node1:8001 on");
        Assert.Contains("txgw                             := on", Lines("node status node1:8001"), StringComparison.Ordinal);
        Assert.Equal(Errno.Invalid, Why("node txgw node1:8001 perhaps"));
        Assert.Equal(Errno.NoEntry, Why("node txgw node9:1 on"));
    }
}
