using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Tests.Unit;

public class LayoutPolicyTests
{
    private static readonly LayoutChoice Usual = new(LayoutType.Plain, 1, ChecksumType.Adler32, 0, "default");

    private static LayoutChoice Of(ChecksumType? wanted, params (string, string)[] attributes)
    {
        var (choice, refusal) = LayoutPolicy.Of(Usual, wanted, attributes.ToDictionary(a => a.Item1, a => a.Item2));
        Assert.Null(refusal);
        return choice;
    }

    private static Refusal Refused(params (string, string)[] attributes) =>
        LayoutPolicy.Of(Usual, null, attributes.ToDictionary(a => a.Item1, a => a.Item2)).Refusal!;

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
        var three = LayoutPolicy.Of(Usual with { Type = LayoutType.Replica, Stripes = 3 }, null, new Dictionary<string, string> { ["sys.forced.layout"] = "replica" });
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
}
