using Eos.Fst;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

/// <summary>How fast the bytes of a transfer may go, and who says so.</summary>
public sealed class IoPolicyTests
{
    private readonly Dictionary<string, string> _space = [], _directory = [];

    private IoPlan Plan(bool writes = false, string app = "", params (string, string)[] asked) => IoPolicy.Of(new IoQuestion(
        writes, _space.GetValueOrDefault, _directory, RequestOptions.Parse(asked.Select(a => KeyValuePair.Create(a.Item1, a.Item2))).Options, app, user => user == "anna", group => group == "it")
    {
        SpaceKeys = _space.Keys,
    });

    [Fact]
    public void Each_authority_is_over_the_one_before()
    {
        Assert.Equal(IoPlan.None, Plan());
        var before = 0u;
        foreach (var (where, key) in new[]
        {
            (_space, "policy.bandwidth"), (_space, "policy.bandwidth:r"), (_space, "bandwidth:r.group:it"), (_space, "bandwidth:r.user:anna"), (_space, "policy.bandwidth:r.app:fuse"),
            (_directory, "sys.forced.bandwidth"), (_directory, "sys.forced.bandwidth:r"),
        })
        {
            where[key] = $"{++before}";
            Assert.Equal(before, Plan(app: "fuse").Bandwidth);
        }
        Assert.Equal(9u, Plan(asked: ("eos.iobw", "9")).Bandwidth);
    }

    [Fact]
    public void A_word_for_others_or_for_the_other_way_counts_for_nothing()
    {
        (_space["bandwidth:r.user:otto"], _space["bandwidth:r.app:fuse"], _space["policy.bandwidth:w"], _directory["sys.forced.iotype:w"]) = ("1", "2", "3", "dsync");
        Assert.Equal(IoPlan.None, Plan(app: "cp"));
        Assert.Equal(new IoPlan(3, "dsync"), Plan(writes: true));
        Assert.True(Plan(writes: true).SyncsEach);
    }

    [Theory]
    [InlineData("bandwidth:r", "100", true)]
    [InlineData("bandwidth", "fast", false)]
    [InlineData("iotype:w", "direct", true)]
    [InlineData("iotype", "slow", false)]
    [InlineData("iopriority:r.app:x", "be:4", true)]
    [InlineData("iopriority", "be:8", false)]
    [InlineData("iopriority", "idle", true)]
    [InlineData("schedule", "2", false)]
    [InlineData("layout", "anything", true)]
    public void Values_that_say_nothing_are_refused(string name, string value, bool isGood) => Assert.Equal(isGood ? null : Errno.Invalid, IoPolicy.Check(name, value)?.Why);

    [Fact]
    public void A_bucket_lets_a_burst_go_and_then_holds_to_the_rate()
    {
        var bucket = TokenBucket.Full(1000, TimeSpan.FromSeconds(1), TimeSpan.Zero);
        (bucket, var wait) = bucket.Take(1000, TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, wait);
        (bucket, wait) = bucket.Take(500, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        (bucket, wait) = bucket.Take(1000, TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        (_, wait) = bucket.Take(1000, TimeSpan.FromSeconds(1000));   // what was not used is not saved for later
        Assert.Equal(TimeSpan.Zero, wait);
        (_, wait) = bucket.Take(2000, TimeSpan.FromSeconds(1000));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
    }
}
