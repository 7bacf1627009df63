using Eos.Identity;

namespace Eos.Tests.Unit.Identity;

/// <summary>Users and groups as the files of a node have them.</summary>
public sealed class UserBookTests
{
    private static readonly UserBook Book = UserBook.Parse(
        "root:x:0:0:root:/root:/bin/bash\n# a remark\nann:x:1001:100:Ann:/home/ann:/bin/sh\ntwin:x:1001:101::/:\nbroken:x:y:1::\nshort:x\n",
        "root:x:0:\nusers:x:100:\nadm:x:4:ann,root\nstaff:x:50:ann, bob\r\nempty\n");

    [Fact]
    public void Names_and_numbers_are_found_both_ways()
    {
        Assert.Equal((1001u, 1001u, null), (Book.Uid("ann"), Book.Uid("1001"), Book.Uid("nobody else")));
        Assert.Equal((50u, 7u, null), (Book.Gid("staff"), Book.Gid("7"), Book.Gid("")));
        Assert.Equal(("ann", "77"), (Book.User(1001), Book.User(77)));
        Assert.Equal(("adm", "78"), (Book.Group(4), Book.Group(78)));
    }

    [Fact]
    public void A_user_has_its_group_and_those_that_list_it()
    {
        Assert.Equal((1001u, 100u), Book.Find("ann"));
        Assert.Null(Book.Find("1001"));
        Assert.Equal((uint[])[4, 50], Book.Memberships("ann").ToArray());
        Assert.Equal((uint[])[50], Book.Memberships("bob").ToArray());
        Assert.Empty(Book.Memberships("twin"));
    }
}
