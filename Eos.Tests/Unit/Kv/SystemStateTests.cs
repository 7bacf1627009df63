using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Unit.Kv;

/// <summary>Counters and configuration.</summary>
public class SystemStateTests
{
    private readonly KvBench _kv = new();

    [Fact]
    public void Numbers_are_taken_once()
    {
        Assert.Equal(new NumbersTaken(1, 10), _kv.Give<NumbersTaken>(new TakeNumbers("file", 10)));
        Assert.Equal(new NumbersTaken(11, 1), _kv.Give<NumbersTaken>(new TakeNumbers("file", 1)));
        Assert.Equal(new NumbersTaken(1, 1), _kv.Give<NumbersTaken>(new TakeNumbers("directory", 1)));
        Assert.Equal(Errno.NoSpace, _kv.Give<Refused>(new TakeNumbers("file", ulong.MaxValue - 11)).Why);
        Assert.Equal(Errno.Invalid, _kv.Give<Refused>(new TakeNumbers("file", 0)).Why);
        Assert.Equal(new NumbersTaken(12, ulong.MaxValue - 12), _kv.Give<NumbersTaken>(new TakeNumbers("file", ulong.MaxValue - 12)));
    }

    [Fact]
    public void The_configuration_changes_together_and_only_from_the_version_meant()
    {
        var changes = ImmutableSortedDictionary<string, string?>.Empty.Add("space/a", "1").Add("space/b", "").Add("node/x", "on");
        Assert.Equal(1UL, _kv.Give<ConfigurationSet>(new SetConfiguration(0, changes, null)).Version);
        Assert.Equal(new Refused(Errno.Stale, "the configuration has version 1, not 0"), _kv.Give<Refused>(new SetConfiguration(0, changes, null)));
        Assert.Equal(2UL, _kv.Give<ConfigurationSet>(new SetConfiguration(null, changes.Clear().Add("space/a", null), null)).Version);
        var read = _kv.Ask<ConfigurationRead>(new ReadConfiguration("space/", 1));
        Assert.Equal((2UL, "space/b="), (read.Version, string.Join(' ', read.Values!.Select(v => $"{v.Key}={v.Value}"))));
        Assert.Null(_kv.Ask<ConfigurationRead>(new ReadConfiguration("", 2)).Values);
    }

    [Fact]
    public void A_fence_that_is_over_does_not_change_the_configuration()
    {
        var fence = new Fence("master", _kv.Give<LeaseGranted>(new AcquireLease("master", "a", TimeSpan.FromSeconds(1))).Token);
        _kv.Give<ConfigurationSet>(new SetConfiguration(null, ImmutableSortedDictionary<string, string?>.Empty, fence));
        _kv.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(Errno.Stale, _kv.Give<Refused>(new SetConfiguration(null, ImmutableSortedDictionary<string, string?>.Empty, fence)).Why);
    }
}
