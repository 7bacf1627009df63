using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>`space`, `group`, `node` and `fs`: what they change, and what they refuse.</summary>
public sealed class ViewVerbTests
{
    private readonly NamespaceInMemory _eos = new();

    private IFinal Ask(string line, uint uid = 0)
    {
        var words = line.Split(' ');
        var options = words.Where(w => w.StartsWith("--", StringComparison.Ordinal)).Select(w => w[2..].Split('=')).ToImmutableSortedDictionary(o => o[0], o => o.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal);
        return _eos.Do(h => new Administer(h, words[0], words[1], [.. words.Skip(2).Where(w => !w.StartsWith("--", StringComparison.Ordinal))], options), uid);
    }

    private string Lines(string line) => string.Join('\n', Assert.IsType<Report>(Ask(line)).Lines);

    private Errno Why(string line, uint uid = 0) => Assert.IsType<Refused>(Ask(line, uid)).Why;

    private FsView Fs(uint id) => ViewRules.Filesystems(_eos.View, _eos.Now, TimeSpan.FromSeconds(60)).Single(f => f.Id == new FsId(id));

    private LayoutId Upload(string path, uint uid = 0, params (string, string)[] query)
    {
        Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, path, null, true, null) { Options = query.ToImmutableSortedDictionary(q => q.Item1, q => q.Item2) }, uid));
        return _eos.State(new DirectoryId(3)).Opens.Values.Single(o => path.EndsWith('/' + o.Name)).Plan.Layout;
    }

    [Fact]
    public void Spaces_groups_and_nodes_come_and_go()
    {
        foreach (var noun in new[] { "space", "group", "node" })
        {
            if (noun == "space") Lines("space define __test__");
            Lines($"{noun} set __test__ on");
            Lines($"{noun} rm __test__");
            Assert.Equal(Errno.NoEntry, Why($"{noun} rm __test__"));
        }
        Assert.Empty(_eos.Instance.State.Section("global"));
        Assert.Equal(Errno.Busy, Why("space rm default"));
        Assert.Equal(Errno.Busy, Why("group rm default.0"));
        Assert.Equal(Errno.Busy, Why("node rm node1:8001"));
        Assert.Equal(Errno.Invalid, Why("group set default.0 maybe"));
        Assert.Equal(Errno.NotPermitted, Why("space define x", 7));
    }

    [Fact]
    public void A_policy_counts_from_the_next_upload_on_until_it_is_removed()
    {
        _eos.AddFilesystem(2);
        Lines("space config default space.policy.layout=replica");
        Lines("space config default space.policy.checksum=md5");
        Assert.Equal((LayoutType.Replica, 2, ChecksumType.Md5), Upload("/eos/dev/a", 0, ("eos.layout.checksum", "sha")) is var l ? (l.Type, l.Stripes, l.Checksum) : default);
        Assert.Contains("policy.layout                    := replica", Lines("space status default"), StringComparison.Ordinal);
        Lines("space config default space.policy.layout=remove");
        Assert.Equal(Errno.NoEntry, Why("space config default space.policy.layout=remove"));
        Lines("space config rm default space.policy.checksum");
        Assert.Equal((LayoutType.Plain, 1, ChecksumType.Adler32), Upload("/eos/dev/b") is var m ? (m.Type, m.Stripes, m.Checksum) : default);
    }

    [Fact]
    public void A_space_over_its_nominal_size_takes_files_of_sudoers_only()
    {
        var full = _eos.View.Filesystems[new FsId(1)].Report;
        _eos.View = _eos.View.Apply(full with { Usage = full.Usage with { Free = 500 }, Sequence = 9 }, _eos.Now);
        Lines("space config default space.nominalsize=1");
        Assert.Equal(Errno.NoSpace, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/a", null, true, null), 7));
        Upload("/eos/dev/a");
    }

    [Fact]
    public void A_filesystem_is_configured_moved_taken_out_and_in_again_with_its_number()
    {
        Lines("fs config 1 configstatus=ro");
        Assert.Equal(FstProtocol.ConfigStatus.ReadOnly, Fs(1).Report.Status);
        Assert.Equal(Errno.NoNetwork, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/a", null, true, null)));
        Assert.Equal(Errno.Invalid, Why("fs config 1 colour=red"));
        Assert.Equal(Errno.NoEntry, Why("fs config 9 configstatus=rw"));
        Assert.Equal(Errno.Invalid, Why("fs rm 1"));

        Lines("space define other 1 2");
        Assert.Equal("success: filesystem 1 moved to space/group other.0", Lines("fs mv 1 other"));
        Assert.Equal("other", Fs(1).Report.Identity.Space);

        Lines("fs config uuid configstatus=empty");
        Assert.StartsWith("success: unregistered", Lines("fs rm 1"), StringComparison.Ordinal);
        Assert.Empty(_eos.View.Filesystems);
        Assert.Equal(Errno.Exists, Why("fs add --m=5 uuid node1 /disk other rw"));
        Assert.Equal("success: mapped 'uuid' <=> fsid=1", Lines("fs add uuid node1 /disk other rw"));
        Assert.Equal(("other.0", FstProtocol.ConfigStatus.ReadWrite), (Fs(1).Report.Identity.Group, Fs(1).Report.Status));
        Assert.Equal(Errno.Exists, Why("fs add uuid node1 /disk"));
        Assert.Equal("success: mapped 'fresh' <=> fsid=2", Lines("fs add fresh node9:1095 /data other"));
        Assert.Equal("other.1", Fs(2).Report.Identity.Group);
        Assert.Equal(Errno.Invalid, Why("fs add more node9:1095 /data other"));
    }

    [Fact]
    public void Keys_of_filesystems_go_to_all_of_a_space_or_node()
    {
        _eos.AddFilesystem(2);
        Lines("space config default fs.scaninterval=100");
        Assert.Equal(["100", "100"], new uint[] { 1, 2 }.Select(id => Fs(id).Configured["scaninterval"]));
        Lines("node config node2:8001 configstatus=drain");
        Assert.Equal((FstProtocol.ConfigStatus.ReadWrite, FstProtocol.ConfigStatus.Drain), (Fs(1).Report.Status, Fs(2).Report.Status));
        Lines("space node-set default publish.interval 5");
        Assert.Equal("*:=5", Lines("space node-get default publish.interval"));
        Assert.Contains("cfg.status                       := on", Lines("node status node1:8001"), StringComparison.Ordinal);
        Assert.Equal(Errno.NoEntry, Why("node config node9:1 configstatus=rw"));
    }

    [Theory]
    [InlineData("u:1000:rwx", "u:1000:rwx", "u:1000:rwx")]
    [InlineData("|u:1000:rwx", "u:65534:rw,u:2:rwx!d", "u:1000:rwx")]
    [InlineData("<u:1000:rwx", "u:1000:rwx,u:65534:rw,u:2:rwx!d", "u:1000:rwx")]
    [InlineData(">u:1000:rwx", "u:65534:rw,u:2:rwx!d,u:1000:rwx", "u:1000:rwx")]
    [InlineData("<u:65534:rw", "u:65534:rw,u:2:rwx!d", "u:65534:rw")]
    [InlineData(">u:9:r,u:2:rwx!d", "u:65534:rw,u:2:rwx!d,u:9:r", "u:9:r,u:2:rwx!d")]
    public void Rules_of_a_space_are_joined_with_those_of_directories(string rule, string withRules, string without)
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/ruled", false, 0x1c0));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/bare", false, 0x1c0));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/ruled", NoOptions.Add("sys.acl", "u:65534:rw,u:2:rwx!d"), "", false));
        Lines($"space config default space.attr.sys.acl={rule}");
        Assert.Equal(withRules, AclOf("/eos/dev/ruled"));
        Assert.Equal(without, AclOf("/eos/dev/bare"));
        Lines("space config rm default space.attr.sys.acl");
        Assert.Equal("u:65534:rw,u:2:rwx!d", AclOf("/eos/dev/ruled"));
    }

    [Fact]
    public void Rules_of_a_space_open_directories_also_for_writing()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/closed", false, 0x1c0));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, "/eos/dev/closed", "", false), 7));
        Lines("space config default space.attr.sys.acl=|u:7:rwx");
        Assert.IsType<Listing>(_eos.Do(h => new List(h, "/eos/dev/closed", "", false), 7));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/closed/sub", false, null), 7);
        Assert.IsType<Redirect>(_eos.Do(h => new OpenWrite(h, "/eos/dev/closed/f", 1, true, null), 7));
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, "/eos/dev/closed", "", false), 8));
        Assert.Equal(Errno.Invalid, Why("space config default space.attr.sys.acl=nonsense"));
        Lines("space config default space.attr.sys.forced.layout=replica");
        Assert.Contains(AttributesOf("/eos/dev/closed"), a => a is { Key: "sys.forced.layout", Value: "replica" });
    }

    [Fact]
    public void Policies_of_input_and_output_travel_with_the_capability()
    {
        Lines("space config default space.policy.bandwidth:r=3");
        Lines("space config default space.bandwidth:w.user:7=5");
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev", NoOptions.Add("sys.forced.iotype:w", "dsync"), "", false));
        _eos.Put("/eos/dev/a");
        Assert.Equal(new CapabilityPace(3_000_000, false), Signed(h => new OpenRead(h, "/eos/dev/a")).Pace);
        Assert.Equal(new CapabilityPace(0, true), Signed(h => new OpenWrite(h, "/eos/dev/b", 1, true, null)).Pace);
        Assert.Equal(new CapabilityPace(5_000_000, true), Signed(h => new OpenWrite(h, "/eos/dev/c", 1, true, null), 7).Pace);
        Assert.Equal(new CapabilityPace(9_000_000, false), Signed(h => new OpenRead(h, "/eos/dev/a") { Options = NoOptions.Add("eos.iobw", "9") }).Pace);
        Assert.Equal(new Instant(12_500_000_000), Signed(h => new OpenWrite(h, "/eos/dev/d", 1, true, null) { Options = NoOptions.Add("eos.mtime", "12.5") }).Modified);
        foreach (var bad in new[] { "space.policy.bandwidth:r=fast", "space.policy.iotype=slow", "space.iopriority:r.app:x=high", "space.bandwidth:x=1", "space.schedule:r.host:x=1" })
            Assert.Equal(Errno.Invalid, Why($"space config default {bad}"));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev", NoOptions.Add("sys.forced.bandwidth:r", "fast"), "", false)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/e", 1, true, null) { Options = NoOptions.Add("eos.mtime", "12.5.6") }));
    }

    private Capability Signed(Func<Head, IRequest> open, uint uid = 0) => SignedCapability.Peek(Assert.IsType<Redirect>(_eos.Do(open, uid)).Capability)!;

    [Fact]
    public void The_files_of_a_filesystem_are_told_with_the_risk_of_its_loss()
    {
        _eos.Put("/eos/dev/a", size: 5);
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/d/b", size: 7);
        var lines = Lines("fs dumpmd 1 --path --size").Split('\n');
        Assert.Equal(["path=/eos/dev/a size=5", "path=/eos/dev/d/b size=7"], lines.Order(StringComparer.Ordinal));
        Assert.Contains("&name=b&container=/eos/dev/d/", Lines("fs dumpmd 1 --m"), StringComparison.Ordinal);
        Assert.Equal(("2", "2", "0"), Risk());
        _eos.Must(h => new RemoveFile(h, "/eos/dev/a"));
        Assert.Equal("path=/eos/dev/d/b", Lines("fs dumpmd 1 --path"));
        Lines("fs config 1 configstatus=off");
        Assert.Equal(("1", "0", "1"), Risk());
        Assert.Equal("inaccessible /eos/dev/d/b", Lines("fs risk 1 --l"));
        Assert.Equal(Errno.NoEntry, Why("fs dumpmd 9"));
        Assert.Equal(Errno.NotPermitted, Why("fs dumpmd 1", 7));
    }

    private (string, string, string) Risk()
    {
        var record = Assert.Single(Assert.IsType<Report>(Ask("fs risk 1")).Records).Pairs.ToDictionary(p => p.Key, p => p.Value);
        return (record["files"], record["healthy"], record["inaccessible"]);
    }

    private string AclOf(string path) => AttributesOf(path).GetValueOrDefault("sys.acl", "");

    private ImmutableSortedDictionary<string, string> AttributesOf(string path) => Assert.IsType<AttributeList>(_eos.Do(h => new ReadAttributes(h, path))).Attributes;
}
