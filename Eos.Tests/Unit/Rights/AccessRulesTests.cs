using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Tests.Unit.Rights;

/// <summary>A directory of user 2 with a file of user 2 and one of user 7; mode 0700 where nothing else is said.</summary>
public class AccessRulesTests
{
    private static readonly Caller Ann = new(7, 7);
    private static readonly Caller Bob = new(8, 8);
    private static readonly Caller Owner = new(5, 5);

    private static ImmutableSortedDictionary<string, string> Map(string sys, string user = "", bool evaluates = false)
    {
        var map = ImmutableSortedDictionary<string, string>.Empty;
        if (sys.Length > 0) map = map.Add("sys.acl", sys);
        if (user.Length > 0) map = map.Add("user.acl", user);
        return evaluates ? map.Add("sys.eval.useracl", "1") : map;
    }

    private static DirectoryRecord Directory(string sys = "", uint mode = 0x1c0, string user = "", bool evaluates = false) =>
        new(new DirectoryId(3), DirectoryId.Root, new Owner(5, 5), mode, default, Map(sys, user, evaluates));

    private static FileRecord File(uint uid, string sys = "", string user = "", bool evaluates = false) =>
        new(new FileId(4), default, new Owner(uid, uid), 0x1a4, default, new Content(0, Checksum.None, default, []), Map(sys, user, evaluates));

    private static bool May(Caller caller, DirectoryRecord directory, Intent intent, FileRecord? file = null) =>
        (file is null ? AccessRules.Check(caller, directory, intent) : AccessRules.Check(caller, directory, intent, file)) is null;

    [Fact]
    public void Mode_bits_give_rights_to_owner_group_and_others()
    {
        Assert.True(May(Owner, Directory(), Intent.Create));
        Assert.False(May(Ann, Directory(), Intent.Enter));
        Assert.True(May(new Caller(7, 5), Directory(mode: 0x1e8), Intent.Read));
        Assert.True(May(new Caller(7, 7) { Gids = [5] }, Directory(mode: 0x1e8), Intent.Read));
        Assert.False(May(Ann, Directory(mode: 0x1e8), Intent.Read));
        Assert.True(May(Ann, Directory(mode: 0x1ff), Intent.Create));
        Assert.True(May(Caller.Root, Directory("z:!r!w!x!d!u"), Intent.Delete));
    }

    [Fact]
    public void Denied_reads_and_writes_have_their_numbers()
    {
        Assert.Equal(Errno.AccessDenied, AccessRules.Check(Ann, Directory(), Intent.Enter)!.Why);
        Assert.Equal(Errno.AccessDenied, AccessRules.Check(Ann, Directory(), Intent.Read)!.Why);
        foreach (var intent in new[] { Intent.Create, Intent.Update, Intent.Delete, Intent.RenameIn, Intent.RenameOut })
            Assert.Equal(Errno.NotPermitted, AccessRules.Check(Ann, Directory(), intent)!.Why);
    }

    [Fact]
    public void The_daemon_reads_everything_but_does_not_pass_a_denial_to_enter()
    {
        var daemon = new Caller(Caller.DaemonUser, 2);
        Assert.True(May(daemon, Directory(), Intent.Read));
        Assert.True(May(daemon, Directory("u:2:!r"), Intent.Read));
        Assert.False(May(daemon, Directory("u:2:!x"), Intent.Read));
        Assert.True(May(daemon, Directory("u:2:rwx"), Intent.Read));
        Assert.False(May(daemon, Directory(), Intent.Create));
    }

    [Fact]
    public void Rules_add_to_the_bits_and_denials_take_from_both()
    {
        Assert.True(May(Ann, Directory("u:7:rx"), Intent.Read));
        Assert.True(May(Ann, Directory("u:7:rw"), Intent.Read, File(5)));     // r includes entering
        Assert.False(May(Ann, Directory("u:7:w"), Intent.Read));
        Assert.True(May(Ann, Directory("u:7:w"), Intent.Create));
        Assert.False(May(Ann, Directory("u:7:rx"), Intent.Create));
        Assert.False(May(Ann, Directory("u:7:!r", 0x1ff), Intent.Read));
        Assert.False(May(Ann, Directory("u:7:!w", 0x1ff), Intent.Create));
        Assert.False(May(Ann, Directory("u:7:!x", 0x1ff), Intent.Create));
        Assert.False(May(Owner, Directory("u:5:!w"), Intent.Create));
        Assert.False(May(Ann, Directory("egroup:zp:rw!m", 0x168), Intent.Read));
        Assert.True(May(Ann with { Groups = ["zp"] }, Directory("egroup:zp:rw!m", 0x168), Intent.Create));
    }

    [Fact]
    public void What_is_immutable_is_read_only()
    {
        Assert.True(May(Owner, Directory("z:i"), Intent.Read));
        foreach (var intent in new[] { Intent.Create, Intent.Update, Intent.Delete, Intent.RenameIn, Intent.RenameOut })
            Assert.False(May(Owner, Directory("z:i"), intent, File(5)));
        Assert.True(May(Owner, Directory("z:i,u:5:!i"), Intent.Create));
    }

    [Fact]
    public void One_may_remove_own_files_in_spite_of_a_denial_and_the_owner_of_the_directory_all()
    {
        var directory = Directory("u:7:rwx!d,u:5:!d");
        Assert.True(May(Ann, directory, Intent.Delete, File(7)));
        Assert.False(May(Ann, directory, Intent.Delete, File(5)));
        Assert.False(May(Ann, directory, Intent.RenameOut, File(5)));
        Assert.True(May(Ann, directory, Intent.RenameIn));
        Assert.True(May(Owner, directory, Intent.Delete, File(7)));
        Assert.False(May(Owner, directory with { Mode = 0x140 }, Intent.Delete, File(7)));
        Assert.True(May(Ann, Directory("z:rwx!d,u:7:+d"), Intent.Delete, File(5)));
        Assert.Equal(Errno.NotPermitted, AccessRules.Check(Bob, Directory("z:rwx!d,u:7:+d"), Intent.Delete, File(5))!.Why);
    }

    [Fact]
    public void Updates_can_be_denied_alone()
    {
        Assert.True(May(Ann, Directory("u:7:rwx!u"), Intent.Create));
        Assert.False(May(Ann, Directory("u:7:rwx!u"), Intent.Update, File(7)));
        Assert.True(May(Ann, Directory("u:7:rwx!u,z:+u"), Intent.Update, File(7)));
        Assert.True(May(Ann, Directory("u:7:rwx"), Intent.Update, File(5)));
    }

    [Fact]
    public void What_is_written_once_is_neither_changed_nor_removed()
    {
        var directory = Directory("u:7:rwox");
        Assert.True(May(Ann, directory, Intent.Create));
        Assert.False(May(Ann, directory, Intent.Update, File(7)));
        Assert.False(May(Ann, directory, Intent.Delete, File(7)));
        Assert.False(May(Owner, Directory("u:5:wo"), Intent.Update, File(5)));      // whatever the bits say
        Assert.True(May(Ann, Directory("u:7:rwox,z:w"), Intent.Update, File(5)));
        Assert.True(May(Ann, Directory("u:7:rwox+d"), Intent.Delete, File(5)));
    }

    [Fact]
    public void In_a_sticky_directory_only_owners_take_away()
    {
        var directory = Directory(mode: 0x3ff);
        Assert.False(May(Ann, directory, Intent.Delete, File(8)));
        Assert.False(May(Ann, directory, Intent.Update, File(8)));
        Assert.True(May(Ann, directory, Intent.Delete, File(7)));
        Assert.True(May(Owner, directory, Intent.Delete, File(8)));
        var child = new ChildEntry("d", Directory() with { Owner = new Owner(8, 8) });
        Assert.NotNull(AccessRules.Check(Ann, directory, Intent.Delete, child));
        Assert.Null(AccessRules.Check(Bob, directory, Intent.Delete, child));
    }

    [Fact]
    public void An_owners_rules_count_where_the_system_says_so()
    {
        Assert.False(May(Ann, Directory(user: "u:7:rwx"), Intent.Read));
        Assert.True(May(Ann, Directory(user: "u:7:rwx", evaluates: true), Intent.Create));
        Assert.False(May(Ann, Directory("z:!d", user: "u:7:rwx+d", evaluates: true), Intent.Delete, File(5)));
        Assert.True(May(Ann, Directory("z:!d,u:7:+d", user: "u:7:rwx", evaluates: true), Intent.Delete, File(5)));
        Assert.False(May(Owner, Directory(user: "u:5:r!wx", evaluates: true), Intent.Update, File(5)));
    }

    [Fact]
    public void A_file_may_have_rules_of_its_own()
    {
        Assert.True(May(Ann, Directory(), Intent.Read, File(5, "u:7:rx")));
        Assert.False(May(Ann, Directory(), Intent.Read, File(5, "u:7:w")));
        Assert.False(May(Bob, Directory("u:7:rw"), Intent.Read, File(5)));
        Assert.True(May(Bob, Directory("u:7:rw"), Intent.Read, File(5, "u:8:rw")));
        Assert.True(May(Ann, Directory("u:7:rw"), Intent.Read, File(5, "u:8:rw")));
        Assert.False(May(Ann, Directory(user: "u:7:rw", evaluates: true), Intent.Read, File(5, user: "u:8:r", evaluates: true)));   // the file's in place of the directory's
        Assert.True(May(Bob, Directory(user: "u:7:rw", evaluates: true), Intent.Read, File(5, user: "u:8:r", evaluates: true)));
        Assert.False(May(Bob, Directory(user: "u:7:rw", evaluates: true), Intent.Read, File(5, user: "u:8:r")));
    }

    [Fact]
    public void A_token_takes_the_place_of_bits_and_rules()
    {
        var token = new TokenGrant("rx", ["/eos/dev/d"], true);
        Assert.True(May(Ann with { Token = token }, Directory("u:7:!r"), Intent.Read));
        Assert.False(May(Owner with { Token = token }, Directory("u:5:rwx"), Intent.Create));
        Assert.False(May(Owner with { Token = token with { Permission = "nonsense" } }, Directory(), Intent.Enter));
    }

    [Fact]
    public void Rules_are_taken_apart_once_for_the_same_attributes()
    {
        var directory = Directory("u:7:rx");
        Assert.Same(directory.Acl, directory.Acl);
        Assert.Same(directory.Acl, (directory with { Mode = 0 }).Acl);
        var changed = directory with { Attributes = Map("u:8:rx") };
        Assert.True(May(Bob, changed, Intent.Read));
        Assert.False(May(Ann, changed, Intent.Read));
        Assert.Equal(directory, directory with { });
    }
}
