using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Unit.Rights;

/// <summary>Mode, owner and attributes of a directory of user 5 and of its files.</summary>
public class OwnershipRulesTests
{
    private static readonly Caller Ann = new(7, 7);
    private static readonly Caller Owner = new(5, 5);
    private readonly DirectoryModel _dir = DirectoryModel.Begun(0x5c0, new Owner(5, 5));

    public OwnershipRulesTests() => _dir.Put("f", 1);

    private DirectoryRecord Self => _dir.State.Self!;
    private FileRecord File => ((FileEntry)_dir.State.Entries.Find("f")!).File;

    private void Set(string key, string value, string name = "") =>
        _dir.Ask<Done>(new SetAttributes(DirectoryModel.Id, _dir.Call(), name, ImmutableSortedDictionary<string, string>.Empty.Add(key, value), [], false));

    private Errno? TrySet(Caller caller, string key, string value = "1", string name = "") =>
        (_dir.Tell(new SetAttributes(DirectoryModel.Id, _dir.Call(caller), name, ImmutableSortedDictionary<string, string>.Empty.Add(key, value), [], false)).Reply as Refused)?.Why;

    private Errno? Remove(Caller caller, string key, string name = "") =>
        (_dir.Tell(new SetAttributes(DirectoryModel.Id, _dir.Call(caller), name, ImmutableSortedDictionary<string, string>.Empty, [key], false)).Reply as Refused)?.Why;

    private Errno? Chmod(Caller caller, uint mode, string name = "") => (_dir.Tell(new ChangeMode(DirectoryModel.Id, _dir.Call(caller), name, mode)).Reply as Refused)?.Why;

    private Errno? Chown(Caller caller, uint? uid, uint? gid = null, string name = "") =>
        (_dir.Tell(new ChangeOwner(DirectoryModel.Id, _dir.Call(caller), name, uid, gid)).Reply as Refused)?.Why;

    private Errno? Acl(Caller caller, string edit, bool ofUser = false, string name = "", uint? position = null) =>
        (_dir.Tell(new EditAcl(DirectoryModel.Id, _dir.Call(caller), name, ofUser, edit, position)).Reply as Refused)?.Why;

    [Fact]
    public void A_mode_that_is_given_keeps_inheritance_unless_it_says_so()
    {
        Assert.Null(Chmod(Owner, Convert.ToUInt32("755", 8)));
        Assert.Equal(Convert.ToUInt32("2755", 8), Self.Mode);
        Assert.Null(Chmod(Owner, Convert.ToUInt32("1777", 8)));
        Assert.Equal(Convert.ToUInt32("3777", 8), Self.Mode);
        Assert.Null(Chmod(Owner, Convert.ToUInt32("4750", 8)));
        Assert.Equal(Convert.ToUInt32("750", 8), Self.Mode);
        Assert.Null(Chmod(Caller.Root, Convert.ToUInt32("755", 8), "f"));
        Assert.Equal(Convert.ToUInt32("755", 8), File.Mode);
        Assert.Equal(Errno.NoEntry, Chmod(Owner, 0, "none"));
    }

    [Fact]
    public void Only_ctime_changes_with_the_mode()
    {
        var (self, file) = (Self.Times, File.Times);
        _dir.Now += TimeSpan.FromSeconds(9);
        Chmod(Caller.Root, 0x1ff);
        Chmod(Caller.Root, 0x1ff, "f");
        Assert.Equal(self with { Changed = _dir.Now }, Self.Times);
        Assert.Equal(file with { Changed = _dir.Now }, File.Times);
    }

    [Fact]
    public void Owners_and_those_with_m_change_the_mode()
    {
        Assert.Equal(Errno.NotPermitted, Chmod(Ann, 0x1ff));
        Set("sys.acl", "u:7:m");
        Assert.Null(Chmod(Ann, 0x1ff));
        Set("sys.acl", "z:!m");
        Assert.Equal(Errno.NotPermitted, Chmod(Owner, 0x1ff));
        Assert.Null(Chmod(new Caller(Caller.AdminUser, 3), 0x1ff));
        Set("sys.mask", "770");
        Assert.Null(Chmod(Owner, Convert.ToUInt32("777", 8)));
        Assert.Equal(Convert.ToUInt32("2770", 8), Self.Mode);
    }

    [Fact]
    public void The_privileged_and_those_with_c_change_owners()
    {
        Assert.Equal(Errno.NotPermitted, Chown(Owner, 7));
        Assert.Null(Chown(new Caller(9, 9) { IsSudoer = true }, 5, 6));
        Assert.Equal(new Owner(5, 6), Self.Owner);
        Assert.Null(Chown(Caller.Root, null, 5));
        Assert.Equal(new Owner(5, 5), Self.Owner);
        Set("sys.acl", "u:7:c");
        Assert.Null(Chown(Ann, 8, name: "f"));
        Assert.Equal(new Owner(8, 0), File.Owner);
    }

    [Fact]
    public void With_c_of_the_owners_rules_one_takes_and_an_owner_gives()
    {
        Set("sys.eval.useracl", "1");
        Set("user.acl", "z:rwc");
        Assert.Equal(Errno.NotPermitted, Chown(Ann, 8, name: "f"));
        Assert.Equal(Errno.NotPermitted, Chown(Ann, 7, 99, "f"));
        Assert.Null(Chown(Ann, 7, 7, "f"));
        Assert.Null(Chown(Ann, 8, name: "f"));
        Assert.Equal(new Owner(8, 7), File.Owner);
        Assert.Equal(Errno.NotPermitted, Chown(Ann, 9, name: "f"));
    }

    [Fact]
    public void System_attributes_are_for_sudoers_and_holders_of_A_and_X()
    {
        Assert.Equal(Errno.NotPermitted, TrySet(Owner, "sys.forced.space", "default"));
        Assert.Null(TrySet(new Caller(9, 9) { IsSudoer = true }, "sys.forced.space", "default"));
        Set("sys.acl", "u:7:A,u:8:X");
        Assert.Null(TrySet(Ann, "sys.acl", "u:7:A,u:8:X"));
        Assert.Equal(Errno.NotPermitted, TrySet(Ann, "sys.forced.space", "default"));
        Assert.Null(TrySet(new Caller(8, 8), "sys.forced.space", "default"));
        Assert.Equal(Errno.NotPermitted, TrySet(new Caller(8, 8), "sys.acl", ""));
        Assert.True(OwnershipRules.SeesSystemAttributes(Ann, Self));
        Assert.False(OwnershipRules.SeesSystemAttributes(Owner, Self));
    }

    [Fact]
    public void User_attributes_are_the_owners_of_the_directory_and_of_the_file()
    {
        Assert.Null(TrySet(Owner, "user.a", "value\"quote & v2"));
        Assert.Equal("value\"quote & v2", Self.Attributes["user.a"]);
        Assert.Equal(Errno.NotPermitted, TrySet(Ann, "user.a"));
        Assert.Equal(Errno.NotPermitted, TrySet(Owner, "user.a", "1", "f"));
        Chown(Caller.Root, 7, null, "f");
        Assert.Null(TrySet(Ann, "user.a", "1", "f"));
        Assert.Equal("1", File.Attributes["user.a"]);
        Assert.Null(Remove(Ann, "user.a", "f"));
        Assert.Equal(Errno.NoData, Remove(Ann, "user.a", "f"));
        Assert.Equal(Errno.NoEntry, TrySet(Caller.Root, "user.a", "1", "none"));
    }

    [Theory]
    [InlineData("sys.acl", "illegal")]
    [InlineData("sys.acl", "u:ann:rw")]
    [InlineData("user.acl", "u:7:rp")]
    [InlineData("sys.mask", "9")]
    [InlineData("sys.forced.nstripes", "many")]
    [InlineData("other", "1")]
    public void A_value_that_says_nothing_is_refused(string key, string value) => Assert.Equal(Errno.Invalid, TrySet(Caller.Root, key, value));

    [Fact]
    public void Rules_are_edited_where_they_are_and_with_the_last_one_the_attribute_goes()
    {
        Assert.Null(Acl(Caller.Root, "u:7=rwx"));
        Assert.Null(Acl(Caller.Root, "u:8=r", position: 1));
        Assert.Equal("u:8:r,u:7:rwx", Self.Attributes["sys.acl"]);
        Assert.Null(Acl(Caller.Root, "u:8="));
        Assert.Null(Acl(Caller.Root, "u:7:-rwx"));
        Assert.False(Self.Attributes.ContainsKey("sys.acl"));
        Assert.Equal(Errno.Invalid, Acl(Caller.Root, "u:7"));
        Assert.Equal(Errno.NotPermitted, Acl(Owner, "u:7=r"));
        Assert.Null(Acl(Caller.Root, "u:7=r", name: "f"));
        Assert.Equal("u:7:r", File.Attributes["sys.acl"]);
    }

    [Fact]
    public void An_owner_edits_rules_that_count()
    {
        Assert.Equal(Errno.Invalid, Acl(Owner, "u:7=r", ofUser: true));
        Set("sys.eval.useracl", "1");
        Assert.Null(Acl(Owner, "u:7=r", ofUser: true));
        Assert.Equal("u:7:r", Self.Attributes["user.acl"]);
        Assert.Equal(Errno.NotPermitted, Acl(Ann, "u:7=rw", ofUser: true));
    }

    [Fact]
    public void A_file_that_is_replaced_loses_its_rules_unless_it_evaluates_its_owners()
    {
        Set("sys.acl", "u:7:r", "f");
        Set("user.tag", "t", "f");
        _dir.Put("f", 2);
        Assert.Equal(["user.tag"], File.Attributes.Keys);
        Set("sys.acl", "u:7:r", "f");
        Set("sys.eval.useracl", "1", "f");
        _dir.Put("f", 3);
        Assert.Equal(["sys.acl", "sys.eval.useracl", "user.tag"], File.Attributes.Keys);
    }

    [Fact]
    public void A_new_directory_takes_over_what_its_parent_has_and_a_hidden_one_is_not_versioned()
    {
        Set("sys.acl", "u:7:rwx");
        Set("sys.versioning", "3");
        Assert.Equal(["sys.acl", "sys.versioning"], Made("d").Attributes.Keys);
        Assert.Equal(["sys.acl"], Made(".sys.v#.f").Attributes.Keys);
        Chmod(Caller.Root, Convert.ToUInt32("4777", 8));
        Assert.Empty(Made("e").Attributes);
    }

    [Fact]
    public void Who_is_named_acts_as_the_owner_for_what_is_new()
    {
        Chmod(Caller.Root, 0x1ff);
        Set("sys.owner.auth", "sss:nobody-no-such-user,krb5:ann");
        Assert.Equal(new Owner(7, 7), Made("a", Ann with { Auth = "sss:nobody" }).Owner);
        Assert.Equal(new Owner(5, 5), Made("b", Ann with { Auth = "krb5:ann" }).Owner);
        Set("sys.owner.auth", "*");
        Assert.Equal(new Owner(5, 5), _dir.Open("g", 9, caller: Ann).Owner);
        Chmod(Caller.Root, 0x1c0);
        Assert.Equal(Errno.NotPermitted, (_dir.Tell(new MakeChild(DirectoryModel.Id, _dir.Call(Ann), "c", new DirectoryId(77), null)).Reply as Refused)?.Why);
    }

    private DirectoryRecord Made(string name, Caller? caller = null) =>
        _dir.Ask<ChildMade>(new MakeChild(DirectoryModel.Id, _dir.Call(caller), name, new DirectoryId((ulong)name[^1]), null)).Seed;
}
