using Eos.Identity;
using Eos.Kernel;

namespace Eos.Tests.Unit.Identity;

/// <summary>Who callers become by the rules of the instance.</summary>
public sealed class MappingTests
{
    private static readonly UserBook Users = UserBook.Parse(
        "root:x:0:0::/:\nann:x:1001:100::/:\nbob:x:1002:100::/:\nprod:x:2000:200::/:\n", "root:x:0:\nusers:x:100:\nadm:x:4:ann\nprod:x:200:\nstaff:x:50:ann\n");

    private static readonly Credentials Ann = new(Proof.ClusterKey, 1001, 100, "ann", "10.1.2.3", "test");

    private static VidBook Book(params (string Key, string Value)[] rows) => VidBook.Of(rows.ToDictionary(r => r.Key, r => r.Value));

    private static VirtualIdentity Who(Credentials c, params (string, string)[] rows)
    {
        var mapped = Mapping.Map(c, Book(rows), Users, _ => default);
        Assert.Null(mapped.Refusal);
        return mapped.Who;
    }

    private static Errno? Refused(Credentials c, params (string, string)[] rows) => Mapping.Map(c, Book(rows), Users, _ => default).Refusal?.Why;

    [Fact]
    public void A_holder_of_the_key_is_who_it_says_with_the_groups_that_the_node_knows()
    {
        var who = Who(Ann);
        Assert.Equal((1001u, 100u, "ann", "sss"), (who.Uid, who.Gid, who.Name, who.Protocol));
        Assert.Equal("4,50", string.Join(',', who.Caller.Gids));
        Assert.Equal(["adm", "staff", "users"], who.Caller.Groups.Order(StringComparer.Ordinal));
        Assert.False(who.IsSudoer);
        Assert.True(who.Caller.IsAdmin);
    }

    [Fact]
    public void Without_proof_or_with_one_that_is_switched_off_it_is_nobody()
    {
        Assert.Equal((99u, 99u), (Who(Ann with { Proof = Proof.None }).Uid, Who(Ann with { Proof = Proof.None }).Gid));
        Assert.Equal(99u, Who(Ann, ("sss:\"<pwd>\":uid", $"{VidBook.NotEnabled}")).Uid);
    }

    [Fact]
    public void Whom_the_kernel_has_named_at_the_socket_is_that_user_by_unix()
    {
        var who = Who(Ann with { Proof = Proof.UnixSocket });
        Assert.Equal((1001u, "ann", "unix", "unix:ann"), (who.Uid, who.Name, who.Protocol, who.Caller.Auth));
        Assert.Equal(2000u, Who(Ann with { Proof = Proof.UnixSocket }, ("unix:\"ann\":uid", "2000")).Uid);
        Assert.Equal(99u, Who(Ann with { Proof = Proof.UnixSocket }, ("unix:\"<pwd>\":uid", $"{VidBook.NotEnabled}")).Uid);
        Assert.True(Who(new Credentials(Proof.UnixSocket, 0, 0, "root", "localhost", "")).IsSudoer);
    }

    [Fact]
    public void Who_only_says_to_be_a_user_of_a_machine_is_nobody_unless_that_machine_is_a_gateway()
    {
        var claim = new Credentials(Proof.None, 1001, 100, "ann", "10.1.2.3", "") { Door = "unix" };
        Assert.Equal(99u, Who(claim).Uid);
        Assert.Equal(99u, Who(claim, ("unix:\"ann\":uid", "1001")).Uid);
        Assert.Equal(99u, Who(claim, ("tident:\"https@10.1.2.3\":uid", "0")).Uid);
        Assert.Equal(1001u, Who(claim, ("tident:\"unix@10.1.2.3\":uid", "0")).Uid);
    }

    [Fact]
    public void The_subject_of_a_certificate_is_nobody_until_a_rule_names_it()
    {
        var certificate = new Credentials(Proof.Certificate, 0, 0, "/DC=org/CN=root", "10.1.2.3", "");
        Assert.Equal((99u, "https"), Who(certificate) is var nobody ? (nobody.Uid, nobody.Protocol) : default);
        Assert.Equal(99u, Who(certificate, ("https:\"<pwd>\":uid", "0")).Uid);
        Assert.Equal(99u, Who(certificate, ("https:\"/DC=org/CN=ann\":uid", "1001")).Uid);
        var ann = Who(certificate with { Name = "/DC=org/CN=ann" }, ("https:\"/DC=org/CN=ann\":uid", "1001"), ("https:\"/DC=org/CN=ann\":gid", "100"));
        Assert.Equal((1001u, 100u, "ann", "https:ann"), (ann.Uid, ann.Gid, ann.Name, ann.Caller.Auth));
    }

    [Fact]
    public void A_gateway_is_believed_its_users()
    {
        Assert.Equal(1001u, Who(Ann with { Proof = Proof.None }, ("tident:\"*@10.1.2.3\":uid", "0")).Uid);
        Assert.Equal(99u, Who(Ann with { Proof = Proof.None }, ("tident:\"*@10.1.2.4\":uid", "0")).Uid);
    }

    [Fact]
    public void A_rule_for_a_name_or_a_key_gives_other_ids()
    {
        var mapped = Who(Ann, ("sss:\"ann\":uid", "2000"), ("sss:\"ann\":gid", "200"));
        Assert.Equal((2000u, 200u, "prod"), (mapped.Uid, mapped.Gid, mapped.Name));
        var keyed = Who(Ann with { Key = "1234" }, ("https:\"key:1234\":uid", "1002"));
        Assert.Equal((1002u, "1234"), (keyed.Uid, keyed.Caller.Key));
    }

    [Fact]
    public void A_role_is_taken_by_members_and_sudoers_only()
    {
        var role = Ann with { RoleUid = 2000, RoleGid = 200 };
        Assert.Equal(Errno.NotPermitted, Refused(role));
        Assert.Equal(2000u, Who(role, ("1001:uids", "2000"), ("1001:gids", "200")).Uid);
        Assert.Equal((2000u, false), Who(role, ("1001:root", "true")) is var who ? (who.Uid, who.IsSudoer) : default);
        Assert.Equal(Errno.NotPermitted, Refused(Ann with { RoleUid = 0, RoleGid = 0 }, ("1001:uids", "2000")));
        Assert.Equal((99u, 99u), Who(new Credentials(Proof.ClusterKey, 0, 0, "root", "h", "") { RoleUid = 99, RoleGid = 99 }) is var nobody ? (nobody.Uid, nobody.Gid) : default);
        Assert.Equal(50u, Who(Ann with { RoleGid = 50 }).Gid);
        Assert.Equal(Errno.NotPermitted, Refused(Ann with { RoleGid = 200 }));
    }

    [Fact]
    public void The_longest_prefix_of_the_address_names_the_place()
    {
        (string, string)[] tags = [("geotag:10.1", "site1"), ("geotag:10.1.2", "site1::rack2"), ("geotag:default", "else")];
        Assert.Equal("site1::rack2", Who(Ann, tags).Geotag);
        Assert.Equal("else", Who(Ann with { Host = "192.168.0.1" }, tags).Geotag);
        Assert.Equal("", Who(Ann).Geotag);
    }

    [Fact]
    public void A_token_gives_its_rights_and_its_owner_from_where_it_may_be_used()
    {
        var token = new EosToken("rwx", Instant.Epoch, "prod", "", 1, ["/eos/dev/a/"], true, ["10\\..*#ann#sss"], "v", "root");
        var mapped = Mapping.Map(Ann with { Token = "t" }, Book(), Users, _ => new TokenCheck(token, null));
        Assert.Null(mapped.Refusal);
        Assert.Equal((2000u, 100u), (mapped.Who.Uid, mapped.Who.Gid));
        Assert.Equal(("rwx", true), (mapped.Who.Caller.Token!.Permission, mapped.Who.Caller.Token.Tree));
        Assert.Equal(Errno.NotPermitted, Mapping.Map(Ann with { Token = "t", Host = "elsewhere" }, Book(), Users, _ => new TokenCheck(token, null)).Refusal?.Why);
        Assert.Equal(Errno.KeyExpired, Mapping.Map(Ann with { Token = "t" }, Book(), Users, _ => new TokenCheck(null, new Refusal(Errno.KeyExpired, "old"))).Refusal?.Why);
        Assert.False(Mapping.Map(Ann with { Token = "t" }, Book(("1001:root", "true"), ("tokensudo", "never")), Users, _ => new TokenCheck(token with { Owner = "" }, null)).Who.IsSudoer);
    }
}
