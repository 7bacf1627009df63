using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

public class LayoutPolicyTests
{
    private static readonly LayoutChoice Usual = new(LayoutType.Plain, 1, ChecksumType.Adler32, 0, "default");

    private static LayoutChoice Of(ChecksumType? wanted, params (string, string)[] attributes)
    {
        var (choice, refusal) = LayoutPolicy.Of(Question(attributes) with { Asked = wanted is { } sum ? Asked(("eos.layout.checksum", sum.Name())) : RequestOptions.None });
        Assert.Null(refusal);
        return choice;
    }

    private static Refusal Refused(params (string, string)[] attributes) =>
        LayoutPolicy.Of(Question(attributes)).Refusal!;

    private static LayoutQuestion Question(params (string, string)[] attributes) => new(
        Usual, RequestOptions.None, attributes.ToDictionary(a => a.Item1, a => a.Item2), ImmutableDictionary<string, SpaceFacts>.Empty, MayPass: false);

    private static RequestOptions Asked(params (string, string)[] query)
    {
        var (options, refusal) = RequestOptions.Parse(query.Select(q => KeyValuePair.Create(q.Item1, q.Item2)));
        Assert.Null(refusal);
        return options;
    }

    private static SpaceFacts Space(params (string, string)[] policies) => new(policies.ToImmutableDictionary(p => p.Item1, p => p.Item2), IsFull: false, Takes: true);

    private static LayoutQuestion With(LayoutQuestion q, string space, SpaceFacts facts) => q with { Spaces = q.Spaces.SetItem(space, facts) };

    [Fact]
    public void Without_attributes_the_instance_decides_and_the_client_its_checksum()
    {
        Assert.Equal(Usual, Of(null));
        Assert.Equal(ChecksumType.Md5, Of(ChecksumType.Md5).Checksum);
    }

    [Fact]
    public void The_attributes_of_default_replica_are_EOSs_layout_id()
    {
        var choice = Of(
            ChecksumType.Md5, ("sys.forced.blocksize", "4k"), ("sys.forced.checksum", "adler"), ("sys.forced.layout", "replica"), ("sys.forced.nstripes", "2"), ("sys.forced.space", "spare"));
        Assert.Equal(("00100112", "spare"), (choice.Layout.ToString(), choice.Space));
    }

    [Fact]
    public void Replica_alone_means_two_and_plain_is_always_one()
    {
        Assert.Equal(2, Of(null, ("sys.forced.layout", "replica")).Stripes);
        Assert.Equal(3, Of(null, ("sys.forced.nstripes", "3"), ("sys.forced.layout", "replica")).Stripes);
        Assert.Equal(1, Of(null, ("sys.forced.layout", "plain"), ("sys.forced.nstripes", "3")).Stripes);
        var three = LayoutPolicy.Of(Question(("sys.forced.layout", "replica")) with { Usual = Usual with { Type = LayoutType.Replica, Stripes = 3 } });
        Assert.Equal(3, three.Choice.Stripes);
    }

    [Fact]
    public void The_users_word_is_the_last_unless_the_directory_forbids_it()
    {
        Assert.Equal(4, Of(null, ("sys.forced.layout", "replica"), ("sys.forced.nstripes", "2"), ("user.forced.nstripes", "4")).Stripes);
        Assert.Equal(2, Of(null, ("sys.forced.layout", "replica"), ("user.forced.nstripes", "4"), ("sys.forced.nouserlayout", "1")).Stripes);
    }

    [Fact]
    public void What_says_nothing_is_refused()
    {
        Assert.Equal(Errno.NotSupported, Refused(("sys.forced.layout", "raid6")).Why);
        Assert.Equal(Errno.Invalid, Refused(("sys.forced.nstripes", "17")).Why);
        Assert.Equal(Errno.Invalid, Refused(("sys.forced.nstripes", "0")).Why);
        Assert.Equal(Errno.Invalid, Refused(("sys.forced.checksum", "adler33")).Why);
        Assert.Equal(Errno.Invalid, Refused(("sys.forced.blocksize", "5k")).Why);
        Assert.Equal(Errno.Invalid, LayoutPolicy.Check("user.forced.nstripes", "x")!.Why);
        Assert.Null(LayoutPolicy.Check("user.tag", "x"));
    }

    [Fact]
    public void A_space_says_more_than_the_client_and_less_than_the_directory()
    {
        var asked = Question() with { Asked = Asked(("eos.layout.type", "replica"), ("eos.layout.nstripes", "4"), ("eos.layout.checksum", "md5")) };
        Assert.Equal((LayoutType.Replica, 4, ChecksumType.Md5), Short(asked));
        var policy = With(asked, "default", Space(("nstripes", "3"), ("checksum", "sha")));
        Assert.Equal((LayoutType.Replica, 3, ChecksumType.Sha1), Short(policy));
        var directory = policy with { Attributes = new Dictionary<string, string> { ["sys.forced.nstripes"] = "2", ["user.forced.checksum"] = "crc32" } };
        Assert.Equal((LayoutType.Replica, 2, ChecksumType.Crc32), Short(directory));
        Assert.Equal((LayoutType.Replica, 2, ChecksumType.Md5), Short(directory with { Asked = Asked(("eos.layout.checksum", "md5"), ("eos.layout.type", "replica"), ("eos.checksum.noforce", "1")) }));
        var root = directory with { Asked = asked.Asked with { NoForce = true }, MayPass = true };
        Assert.Equal((LayoutType.Replica, 4, ChecksumType.Md5), Short(root));
        Assert.Equal((LayoutType.Replica, 2, ChecksumType.Crc32), Short(root with { MayPass = false }));
    }

    [Fact]
    public void The_selected_space_says_more_than_the_default_one()
    {
        var both = With(With(Question(), "default", Space(("layout", "replica"), ("nstripes", "3"))), "other", Space(("nstripes", "4")));
        Assert.Equal((LayoutType.Replica, 4, ChecksumType.Adler32), Short(both with { Asked = Asked(("eos.space", "other")) }));
        Assert.Equal((LayoutType.Replica, 3, ChecksumType.Adler32), Short(both));
    }

    [Fact]
    public void A_space_is_the_clients_then_the_default_ones_policy_then_the_directorys()
    {
        var q = With(With(With(Question(), "default", Space(("space", "first"))), "first", Space()), "second", Space());
        Assert.Equal("first", LayoutPolicy.Of(q).Choice.Space);
        Assert.Equal("second", LayoutPolicy.Of(q with { Asked = Asked(("eos.space", "second")) }).Choice.Space);
        Assert.Equal("default", LayoutPolicy.Of(q with { Attributes = new Dictionary<string, string> { ["sys.forced.space"] = "default" }, Asked = Asked(("eos.space", "second")) }).Choice.Space);
    }

    [Fact]
    public void A_full_space_is_refused_unless_another_stands_in_or_a_sudoer_asks()
    {
        var full = With(With(Question(), "default", Space() with { IsFull = true }), "other", Space());
        Assert.Equal(Errno.NoSpace, LayoutPolicy.Of(full).Refusal!.Why);
        Assert.Equal("default", LayoutPolicy.Of(full with { MayPass = true }).Choice.Space);
        Assert.Null(LayoutPolicy.Of(full with { MayPass = true }).Refusal);
        var helped = With(full, "default", Space(("altspaces", "nowhere, other")) with { IsFull = true });
        Assert.Equal(("other", null), (LayoutPolicy.Of(helped).Choice.Space, LayoutPolicy.Of(helped).Refusal));
        var empty = With(With(Question(), "default", Space()), "nothing", Space(("altspaces", "default")) with { Takes = false });
        Assert.Equal("default", LayoutPolicy.Of(empty with { Asked = Asked(("eos.space", "nothing")) }).Choice.Space);
    }

    [Fact]
    public void Groups_placement_and_booking_are_the_directorys_before_the_clients()
    {
        var asked = Question() with { Asked = Asked(("eos.group", "3"), ("eos.placementpolicy", "gathered:site1"), ("eos.bookingsize", "7")) };
        var choice = LayoutPolicy.Of(asked).Choice;
        Assert.Equal(("3", new PlacementPolicy(PlacementKind.Gathered, "site1"), 7ul), (choice.Group, choice.Placement, choice.Booking));
        var forced = LayoutPolicy.Of(asked with { Attributes = new Dictionary<string, string> { ["sys.forced.group"] = "default.1", ["sys.forced.placementpolicy"] = "scattered", ["sys.forced.bookingsize"] = "9" } }).Choice;
        Assert.Equal(("default.1", PlacementPolicy.Scattered, 9ul), (forced.Group, forced.Placement, forced.Booking));
        Assert.Equal(Errno.Invalid, LayoutPolicy.Check("sys.forced.placementpolicy", "hybrid")!.Why);
        Assert.Null(LayoutPolicy.Check("user.forced.placementpolicy", "hybrid:site1::rack2"));
        Assert.Equal(Errno.Invalid, RequestOptions.Parse([KeyValuePair.Create("eos.bookingsize", "much")]).Refusal!.Why);
    }

    private static (LayoutType, int, ChecksumType) Short(LayoutQuestion q)
    {
        var (choice, refusal) = LayoutPolicy.Of(q);
        Assert.Null(refusal);
        return (choice.Type, choice.Stripes, choice.Checksum);
    }
}
