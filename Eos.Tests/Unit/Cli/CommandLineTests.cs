using System.Text.Json;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Cli;

public class CommandLineTests
{
    private readonly FakeGateway _gateway = new FakeGateway { PageSize = 3 }
        .Directory("/eos/dev/a").File("/eos/dev/b.txt", 12).File("/eos/dev/c.txt", 12_345).File("/eos/dev/.hidden", 1).File("/eos/dev/d", 0);

    [Fact]
    public async Task Ls_prints_one_name_a_line_over_all_pages_without_hidden_ones()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("ls", "/eos/dev"));
        Assert.Equal("a\nb.txt\nc.txt\nd\n", run.Output);
        Assert.Equal(2, _gateway.Asked.OfType<List>().Count());
    }

    [Fact]
    public async Task Ls_a_shows_hidden_names_and_the_two_dots()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("ls", "-aF", "/eos/dev"));
        Assert.Equal("./\n../\n.hidden\na/\nb.txt\nc.txt\nd\n", run.Output);
    }

    [Fact]
    public async Task Ls_l_prints_modes_and_sizes_and_h_scales_them()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("ls", "-lh", "/eos/dev/c.txt"));
        Assert.Matches("^-rw-r--r--   1 4001     5001          12\\.35 k Nov 1[45]  2023 c\\.txt\n$", run.Output);
    }

    [Fact]
    public async Task A_pattern_in_the_last_part_is_expanded_by_the_client()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("ls", "/eos/dev/*.txt"));
        Assert.Equal("b.txt\nc.txt\n", run.Output);
        Assert.Equal(22, await run.Line("ls", "/eos/*/x"));
        Assert.Equal(2, await run.Line("ls", "/eos/dev/*.none"));
        Assert.Equal(2, await run.Line("ls", "-N", "/eos/dev/*.txt"));
    }

    [Fact]
    public async Task A_failure_prints_text_number_and_meaning_and_its_errno_is_the_exit_code()
    {
        var run = new Run(_gateway);
        Assert.Equal(17, await run.Line("mkdir", "/eos/dev/a"));
        Assert.Equal("error: /eos/dev/a exists (errc=17) (File exists)\n", run.Error);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ls", "--nonsense")]
    [InlineData("mkdir")]
    [InlineData("cp", "/eos/dev/x")]
    [InlineData("--mgm", ":", "ls")]
    public async Task A_usage_error_is_EINVAL(params string[] words)
    {
        var run = new Run(_gateway);
        Assert.Equal(22, await run.Line(words));
        Assert.StartsWith("error: ", run.Error);
        Assert.EndsWith("(errc=22) (Invalid argument)\n", run.Error);
        Assert.Empty(_gateway.Asked);
    }

    [Fact]
    public async Task Stat_of_a_missing_path_is_EFAULT_as_in_eos()
    {
        var run = new Run(_gateway);
        Assert.Equal(14, await run.Line("stat", "/eos/dev/none"));
        Assert.Equal("error: failed to stat /eos/dev/none (errc=14) (Bad address)\n", run.Error);
        Assert.Equal(0, await run.Line("stat", "/eos/dev/c.txt"));
        Assert.Equal("  File: '/eos/dev/c.txt'  Size: 12345         12.35k regular file\n", run.Output);
        Assert.Equal(1, await run.Line("stat", "-d", "/eos/dev/c.txt"));
        Assert.Equal(0, await run.Line("stat", "-d", "/eos/dev/a"));
    }

    [Fact]
    public async Task Rm_removes_what_a_pattern_stands_for_and_refuses_directories()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("rm", "/eos/dev/*.txt"));
        Assert.False(_gateway.Has("/eos/dev/b.txt") || _gateway.Has("/eos/dev/c.txt"));
        Assert.Equal(21, await run.Line("rm", "/eos/dev/a"));
        Assert.Equal(0, await run.Line("rm", "-r", "/eos/dev/a"));
    }

    [Fact]
    public async Task Mv_replaces_and_file_rename_does_not()
    {
        await new Run(_gateway).Line("mv", "/eos/dev/b.txt", "/eos/dev/d/");
        await new Run(_gateway).Line("file", "rename", "fxid:1f", "/eos/dev/z");
        Assert.Equal([("/eos/dev/b.txt", "/eos/dev/d/", true), ("fxid:1f", "/eos/dev/z", false)], _gateway.Asked.OfType<Rename>().Select(r => (r.From, r.To, r.Overwrite)));
    }

    [Fact]
    public async Task Fileinfo_m_has_the_keys_of_eos_in_their_order()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("fileinfo", "/eos/dev/b.txt", "-m"));
        var keys = run.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Contains('=')).Select(w => w.Split('=')[0]);
        Assert.Equal(
            ["keylength.file", "file", "size", "status", "mtime", "ctime", "btime", "atime", "clock", "mode", "uid", "gid", "fxid", "fid", "ino", "pid", "pxid",
             "xstype", "xs", "etag", "detached", "layout", "nstripes", "lid", "nrep", "cachefsid", "xattrn", "xattrv", "fsid"], keys);
        Assert.Contains(" xattrn=user.tag xattrv=\"a b\" fsid=1", run.Output);
        Assert.Contains(" mtime=1700000000.123456789 ", run.Output);
    }

    [Fact]
    public async Task Fileinfo_for_people_ends_with_the_replicas()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("file", "info", "/eos/dev/b.txt", "--fullpath"));
        Assert.Contains("XStype: adler    XS: 00000001    ETAGs: ", run.Output);
        Assert.Contains("Layout: replica Stripes: 1 Blocksize: 4k LayoutId: 00100012 Redundancy: d1::t0", run.Output);
        Assert.Contains("/data/fst/1/00000000/00000005", run.Output);
        Assert.EndsWith("*******\n", run.Output);
    }

    [Fact]
    public async Task Fileinfo_j_is_one_object()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("-j", "fileinfo", "/eos/dev/b.txt"));
        var file = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("b.txt", file.GetProperty("name").GetString());
        Assert.Equal("00000001", file.GetProperty("checksumvalue").GetString());
        Assert.Equal(1, file.GetProperty("locations")[0].GetProperty("fsid").GetInt32());
        Assert.Equal(123_456_789, file.GetProperty("mtime_ns").GetInt32());
        Assert.False(file.GetProperty("detached").GetBoolean());
    }

    [Fact]
    public async Task Fileinfo_of_a_directory_counts_its_entries()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("info", "/eos/dev/a"));
        Assert.StartsWith("  Directory: '/eos/dev/a'  Treesize: 990  Treecontainers: 20  Treefiles: 40\n  Container: 2  Files: 4  Flags: 0755\n", run.Output);
    }

    [Theory]
    [InlineData("fs", "┌─────┬────┬──┬───────────┬──────────┬──────┬──────┬────────────┬───────┬─────┬──────┬──────┐")]
    [InlineData("node", "│type     │hostport  │geotag│status│activated│heartbeatdelta│nofs│")]
    [InlineData("group", " groupview default.0 on ")]
    [InlineData("space", " spaceview default ")]
    public async Task Views_are_tables(string noun, string part)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(noun, "ls"));
        Assert.Contains(part, run.Output);
    }

    [Fact]
    public async Task Fs_ls_m_prints_a_record_a_line_and_j_the_same_as_json()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("fs", "ls", "-m"));
        Assert.StartsWith("host=node1 port=8001 id=1 uuid=uuid-1 path=/data/fst/1 schedgroup=default.0 stat.alias.host= stat.alias.port= stat.boot=booted configstatus=rw headroom=10 ", run.Output);
        Assert.Equal(0, await run.Line("-j", "fs", "ls"));
        Assert.Equal(250, JsonDocument.Parse(run.Output).RootElement.GetProperty("result")[0].GetProperty("stat.statfs.usedbytes").GetInt32());
    }

    [Fact]
    public async Task A_failure_in_json_is_json_too()
    {
        var run = new Run(_gateway);
        Assert.Equal(2, await run.Line("-j", "ls", "/eos/none"));
        Assert.Equal("2", JsonDocument.Parse(run.Output).RootElement.GetProperty("retc").GetString());
        Assert.Contains("(errc=2)", run.Error);
    }

    [Fact]
    public async Task Whoami_shows_the_role_that_was_asked_for()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("whoami"));
        Assert.Equal("Virtual Identity: uid=4001 gid=5001\n", run.Output);
        Assert.Equal(0, await run.Line("whoami", "-m"));
        Assert.Equal("uid=4001 gid=5001\n", run.Output);
    }

    [Theory]
    [InlineData("status=compacting waitstart=0 interval=0 ratio=1.0:1", "compacting", "")]
    [InlineData("status=wait waitstart=7 interval=60 ratio=3.4:1 failed=\"node1: no = space\"", "failed", "uid=all gid=all ns.compact.failed=\"node1: no = space\"\n")]
    public async Task A_compaction_that_runs_or_has_failed_is_a_state_of_the_namespace(string compaction, string state, string failed)
    {
        _gateway.Compaction = compaction;
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("ns", "-m"));
        Assert.Contains($"{failed}uid=all gid=all ns.boot.status={state}\n", run.Output);
        Assert.Equal(0, await run.Line("ns"));
        Assert.Contains($"[{state}] (0s)\n", run.Output);
        Assert.Contains($"ALL      Compactification                 {compaction}\n", run.Output);
    }

    /// <summary>Every label of EOS's `ns`.</summary>
    private static readonly string[] SummaryLabels =
    [
        "Files", "Directories", "Total boot time", "Contention", "Compactification", "Replication", "MGM Leadership", "QDB Leadership", "files created since boot", "container created since boot",
        "current file id", "current container id", "eosxd caps", "eosxd clients", "eosxd active clients", "eosxd locked clients", "File cache max num", "File cache occupancy", "In-flight FileMD",
        "Container cache max num", "Container cache occupancy", "In-flight ContainerMD", "eosViewRWMutex status", "eosViewRWMutex peak-latency", "QClient Persistency", "QClient request backlog",
        "QClient overall RTT", "QClient recent peak RTT", "memory virtual", "memory resident", "memory share", "memory growths", "threads", "fds", "uptime", "drain info", "fsck info",
        "converter info", "balancer info", "traffic shaping info", "monitoring info", "tracker info",
    ];

    [Fact]
    public async Task Version_and_ns_print_what_the_instance_says()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("version"));
        Assert.StartsWith("EOS_INSTANCE=eosdev\nEOS_SERVER_VERSION=0.1.0 EOS_SERVER_RELEASE=abc\nEOS_CLIENT_VERSION=", run.Output);
        Assert.Equal(0, await run.Line("ns", "-m"));
        Assert.Contains("uid=all gid=all ns.current.fid=1000\n", run.Output);
        Assert.Contains("uid=all gid=all is_master=true\nuid=all gid=all master_id=node1:2552\n", run.Output);
        Assert.Contains("uid=all gid=all ns.mgm.followers=node2:2552,node3:2552\n", run.Output);
        Assert.Contains("uid=all gid=all ns.qdb.leader=node2:2552\nuid=all gid=all ns.qdb.followers=node1:2552,node3:2552\n", run.Output);
        Assert.Contains("uid=all gid=all ns.compact.status=off\n", run.Output);
        Assert.Contains("uid=all gid=all ns.hanging=0\n", run.Output);
        Assert.Equal(0, await run.Line("ns"));
        foreach (var label in SummaryLabels) Assert.Contains($"ALL      {label,-33}", run.Output);
        Assert.Contains("ALL      files created since boot         12\n", run.Output);
        Assert.Contains("ALL      Compactification                 status=off waitstart=0 interval=0 ratio=1.0:1\n", run.Output);
        Assert.Contains("ALL      Replication                      is_master=true master_id=node1:2552\n", run.Output);
        Assert.Equal(0, await run.Line("ns", "master"));
        Assert.EndsWith("node1:2552 takes the role with token 7\n", run.Output);
        Assert.Equal(0, await run.Line("ns", "master", "--log-clear"));
        Assert.Equal("success: cleaned the master log\n", run.Output);
        Assert.Equal(22, await run.Line("ns", "master", "node2", "--disable"));
        Assert.Equal(0, await run.Line("ns", "master", "node2"));
        Assert.Equal("success: the master has stepped down, node2 is master now\n", run.Output);
        Assert.Equal(0, await run.Line("ns", "master", "node1"));
        Assert.Equal("success: node1 is the master already\n", run.Output);
        Assert.Equal(0, await run.Line("ns", "stat", "-m"));
        Assert.StartsWith("uid=all gid=all ns.total.files=", run.Output);
        Assert.EndsWith(
            "uid=all gid=all ns.uptime=61\nuid=all gid=all total.exec.avg=0.50 total.exec.sigma=0.25\n"
            + "uid=all gid=all cmd=Stat total=7 5s=1 60s=2 300s=3 3600s=4 exec=0.50 execsig=0.25 exec99=1.50 execmax=2.00 cumulexecms=3.50\n"
            + "uid=0 gid=all cmd=Stat total=7 5s=1 60s=2 300s=3 3600s=4\n"
            + "uid=7 threads=2 sessions=1 limit=2 stalls=3 stalltime=20 status=user-LIMIT\n",
            run.Output);
        Assert.Equal(0, await run.Line("ns", "stat", "-a", "-n"));
        Assert.Contains("│who│command│sum│5s│1min│5min│1h│exec(ms)│sigma(ms)│99p(ms)│max(ms)│cumul│", run.Output);
        Assert.Contains("│user│command│sum│5s│1min│5min│1h│", run.Output);
        Assert.Contains(" 0    Stat      7  1    2    3  4\n", run.Output);
        Assert.Contains("│uid│threads│sessions│limit│stalls│stalltime│status    │", run.Output);
        Assert.StartsWith("# ---", run.Output);
    }

    [Theory]
    [InlineData("debug get", "get *")]
    [InlineData("debug get node1", "get node1")]
    [InlineData("debug this", "get .")]
    [InlineData("debug this info", "set info .")]
    [InlineData("debug err", "set err *")]
    [InlineData("debug err node1 --filter remoting", "set err node1 filter=remoting")]
    [InlineData("rtlog * 600 warning word", "* 600 warning word")]
    [InlineData("config save x -f -c why", "save x comment=why force=")]
    [InlineData("config ls -b", "ls  backup=")]
    [InlineData("config changelog 3", "changelog 3")]
    [InlineData("map link /a/ /b/", "link /a/ /b/")]
    [InlineData("route link /a/ host:1:2,other", "link /a/ host:1:2,other")]
    [InlineData("route ls", "ls")]
    public async Task The_orders_of_administrators_are_sent_word_by_word(string line, string sent)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(line.Split(' ')));
        Assert.Equal(sent + "\n", run.Output);
    }

    [Theory]
    [InlineData("compact on 100 3600 all", "compact on 100 3600 all")]
    [InlineData("compact off", "compact off")]
    [InlineData("cache set -d 1000", "cache set  directories=1000")]
    [InlineData("cache drop -f", "cache drop  files=")]
    [InlineData("cache drop-single-container 17", "cache drop-single-container 17")]
    [InlineData("reserve-ids 10 20", "reserve-ids 10 20")]
    [InlineData("drain list", "drain list")]
    public async Task The_orders_of_ns_are_sent_word_by_word(string line, string sent)
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line(["ns", .. line.Split(' ')]));
        Assert.Equal(sent + "\n", run.Output);
    }

    [Theory]
    [InlineData("@name")]
    [InlineData("[name]")]
    [InlineData("--", "-name")]
    public async Task Unusual_names_are_names(params string[] words)
    {
        var name = words[^1];
        Assert.Equal(0, await new Run(_gateway).Line(["mkdir", .. words[..^1], name]));
        Assert.True(_gateway.Has("/" + name));
    }

    [Fact]
    public async Task Help_needs_no_instance()
    {
        var run = new Run(_gateway);
        Assert.Equal(0, await run.Line("-h"));
        Assert.Contains("mkdir", run.Output);
        Assert.Equal(0, await run.Line("cp", "--help"));
        Assert.Contains("--no-overwrite", run.Output);
        Assert.Empty(_gateway.Asked);
    }
}
