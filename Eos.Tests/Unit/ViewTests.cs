using System.Collections.Immutable;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;
using Eos.Views;

namespace Eos.Tests.Unit;

public class ViewTests
{
    private static readonly Instant Now = new(1_700_000_000_000_000_000);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);
    private readonly ViewState _three = Enumerable.Range(1, 3).Aggregate(ViewState.Empty, (s, n) => s.Apply(Report((uint)n), Now));

    private static FstProtocol.FsReport Report(uint number, ulong sequence = 1, ulong files = 0) => new(
        new FstProtocol.FsIdentity(new FsId(number), $"uuid-{number}", $"node{number}", 8001, "/disk", "default", "default.0", $"site1::rack{number}"),
        FstProtocol.ConfigStatus.ReadWrite,
        new FstProtocol.FsHealth(FstProtocol.BootStatus.Booted, Errno.None, ""),
        new FstProtocol.FsUsage(1000, 400, 10, 100, 90, files),
        FstProtocol.FsLoad.Idle,
        1,
        sequence,
        Now);

    private static ViewConfiguration Configured(params (string Section, string Key, string Value)[] values) =>
        ViewConfiguration.Of(values.Aggregate(InstanceState.Empty, (s, v) => s.With(v.Section, v.Key, v.Value)));

    private static (string, string, string) Space(string name, string key, string value) => ("global", ViewConfiguration.KeyOf("dev", "space", name, key), value);
    private static (string, string, string) Group(string name, string value) => ("global", ViewConfiguration.KeyOf("dev", "group", name, "status"), value);
    private static (string, string, string) Node(string name, string value) => ("global", ViewConfiguration.KeyOf("dev", "node", name, "status"), value);

    private static int Writable(ViewState s) => ViewRules.Candidates(s, Now, Silence).Count(c => c.Writable);

    private static uint[] Readable(ViewState s) => [.. ViewRules.Holders(s, [new FsId(1), new FsId(2), new FsId(3)], Now, Silence).Select(h => h.Fs.Value)];

    [Fact]
    public void Without_configuration_filesystems_are_what_they_report()
    {
        Assert.Equal(3, Writable(_three));
        Assert.Equal("default.0", Assert.Single(ViewRules.Groups(_three, Now, Silence)).Name);
        var space = Assert.Single(ViewRules.Spaces(_three, Now, Silence));
        Assert.Equal(("default", 3, 3, 1800ul, 1200ul, "site1"), (space.Name, space.Sums.Filesystems, space.Sums.Writable, space.Sums.Used, space.Sums.FreeRw, space.Sums.Geotag));
    }

    [Fact]
    public void A_configured_status_counts_at_once_and_over_later_reports()
    {
        var drained = _three.Apply(Configured(("fs", "1#configstatus", "ro"), ("fs", "2#configstatus", "off"), ("fs", "3#headroom", "500"))).Apply(Report(1, 2), Now);
        Assert.Equal(1, Writable(drained));
        Assert.Equal([1u, 3u], Readable(drained));
        Assert.Equal(500ul, drained.Filesystems[new FsId(3)].Report.Usage.Headroom);
        Assert.Equal(3, Writable(drained.Apply(ViewConfiguration.None)));
    }

    [Theory]
    [InlineData("off", 0, 0)]
    [InlineData("drain", 0, 3)]
    [InlineData("on", 3, 3)]
    public void A_group_that_is_off_serves_nobody_and_one_that_drains_takes_nothing(string status, int writable, int readable)
    {
        var s = _three.Apply(Configured(Group("default.0", status)));
        Assert.Equal((writable, readable), (Writable(s), Readable(s).Length));
        Assert.Equal(status, ViewRules.Groups(s, Now, Silence)[0].Status);
    }

    [Fact]
    public void Groups_follow_their_space_unless_they_are_set_themselves()
    {
        Assert.Equal(0, Writable(_three.Apply(Configured(Space("default", "status", "off")))));
        Assert.Equal(3, Writable(_three.Apply(Configured(Space("default", "status", "off"), Group("default.0", "on")))));
    }

    [Fact]
    public void A_node_that_is_off_has_no_filesystem_online()
    {
        var s = _three.Apply(Configured(Node("node2:8001", "off"), Node("later:1095", "on")));
        Assert.Equal([1u, 3u], Readable(s));
        Assert.Equal(["later:1095", "node1:8001", "node2:8001", "node3:8001"], ViewRules.Nodes(s, Now, Silence).Select(n => n.Name));
        Assert.Equal(["on", "on", "off", "on"], ViewRules.Nodes(s, Now, Silence).Select(n => n.Status));
    }

    [Fact]
    public void A_filesystem_that_is_moved_belongs_to_the_other_space()
    {
        var s = _three.Apply(Configured(("fs", "2#schedgroup", "archive.4")));
        Assert.Equal(["default.0", "archive.4", "default.0"], s.Filesystems.Values.Select(h => h.Report.Identity.Group));
        Assert.Equal(["archive", "default"], ViewRules.Spaces(s, Now, Silence).Select(x => x.Name));
    }

    [Fact]
    public void A_registered_filesystem_is_shown_before_it_reports_and_an_unregistered_one_is_not_shown()
    {
        var s = _three.Apply(Configured(
            ("fs", "7#uuid", "u7"), ("fs", "7#hostport", "far:1095"), ("fs", "7#path", "/data"), ("fs", "7#schedgroup", "default.1"), ("fs", "7#configstatus", "rw"),
            ("fs", "3#uuid", "uuid-3"), ("fs", "3#unregistered", "1")));
        Assert.Equal([new FsId(1), new FsId(2), new FsId(7)], s.Filesystems.Keys);
        var late = ViewRules.Filesystems(s, Now, Silence).Single(f => f.Id == new FsId(7));
        Assert.Equal(("far", 1095, "default.1", Activity.Offline, FstProtocol.BootStatus.Down), (late.Report.Identity.Host, late.Report.Identity.Port, late.Report.Identity.Group, late.Active, late.Report.Health.Boot));
        Assert.Equal(2, Writable(s));
    }

    [Fact]
    public void A_number_belongs_to_its_uuid()
    {
        var s = _three.Apply(Configured(("fs", "1#uuid", "another"), ("fs", "1#schedgroup", "default.0")));
        Assert.Equal((2, Activity.Offline), (Writable(s), ViewRules.Filesystems(s, Now, Silence)[0].Active));
    }

    [Fact]
    public void A_space_over_its_nominal_size_is_full()
    {
        Assert.False(ViewRules.SpaceFacts(_three, Now, Silence)["default"].IsFull);
        Assert.False(ViewRules.SpaceFacts(_three.Apply(Configured(Space("default", "nominalsize", "1800"))), Now, Silence)["default"].IsFull);
        Assert.True(ViewRules.SpaceFacts(_three.Apply(Configured(Space("default", "nominalsize", "1"))), Now, Silence)["default"].IsFull);
        Assert.Equal("2", ViewRules.SpaceFacts(_three.Apply(Configured(Space("default", "policy.nstripes", "2"))), Now, Silence)["default"].Policies["nstripes"]);
    }

    [Fact]
    public void A_filesystem_goes_to_the_first_group_with_room_and_without_its_node()
    {
        var s = _three.Apply(Configured(Space("big", "groupsize", "2"), Space("big", "groupmod", "2"), ("fs", "1#schedgroup", "big.0"), ("fs", "2#schedgroup", "big.0")));
        Assert.Equal(("big.1", null), FsPlaces.Choose(s, "big", "node3:8001", null, force: false));
        Assert.Equal(Errno.Invalid, FsPlaces.Choose(s, "big.0", "node3:8001", null, force: false).Refusal!.Why);
        Assert.Equal("big.0", FsPlaces.Choose(s, "big.0", "node3:8001", null, force: true).Group);
        Assert.Equal("big.1", FsPlaces.Choose(s, "big", "node1:8001", null, force: false).Group);
        Assert.Equal("spare", FsPlaces.Choose(s, "spare", "node1:8001", null, force: false).Group);
        Assert.Equal(Errno.NoEntry, FsPlaces.Choose(s, "nowhere", "node1:8001", null, force: false).Refusal!.Why);
    }

    [Theory]
    [InlineData("quota", "on", true)]
    [InlineData("quota", "yes", false)]
    [InlineData("nominalsize", "10T", true)]
    [InlineData("nominalsize", "much", false)]
    [InlineData("policy.layout", "replica", true)]
    [InlineData("policy.nstripes", "99", false)]
    [InlineData("policy.bandwidth:r.group:atlas", "100", true)]
    [InlineData("policy.bandwidth:x", "100", false)]
    [InlineData("policy.colour", "red", false)]
    [InlineData("attr.sys.acl", "<u:1:rwx", true)]
    [InlineData("attr.colour", "red", false)]
    [InlineData("scheduler.type", "geo", true)]
    [InlineData("nonsense", "1", false)]
    public void Keys_of_spaces_are_known_and_their_values_say_something(string key, string value, bool isGood) => Assert.Equal(isGood, SpaceKeys.Check(key, value) is null);

    [Fact]
    public void Keys_of_filesystems_are_known_and_only_one_without_files_is_empty()
    {
        var full = ViewState.Empty.Apply(Report(1, files: 3), Now).Filesystems[new FsId(1)];
        Assert.Equal(Errno.Invalid, FsKeys.Check("configstatus", "empty", full)!.Why);
        Assert.Null(FsKeys.Check("configstatus", "drain", full));
        Assert.Null(FsKeys.Check("configstatus", "empty", _three.Filesystems[new FsId(1)]));
        Assert.Equal(Errno.Invalid, FsKeys.Check("configstatus", "maybe", null)!.Why);
        Assert.Contains("not an allowed parameter", FsKeys.Check("colour", "red", null)!.Text, StringComparison.Ordinal);
        Assert.Null(FsKeys.Check("headroom", "25G", null));
    }
}
