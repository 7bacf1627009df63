using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Rights;

/// <summary>chmod, chown, acl and attr by path, through the gateway; the numbers are those of scenarios.md.</summary>
public class OwnershipRoutineTests
{
    private const uint Nobody = 65534;
    private readonly NamespaceInMemory _eos = new()
    {
        Users = UserBook.Parse("root:x:0:0::/:\ndaemon:x:2:2::/:\nann:x:7:7::/:\nnobody:x:65534:65534::/:\n", "root:x:0:\nzp:x:50:ann\n"),
    };

    public OwnershipRoutineTests()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, null));
        _eos.Put("/eos/dev/d/f");
    }

    private DirectoryRecord Directory(string path = "/eos/dev/d") => Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, path))).Directory;
    private FileRecord File(string path = "/eos/dev/d/f") => Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, path))).File;
    private ImmutableSortedDictionary<string, string> Attributes(string path, uint uid = 0) => Assert.IsType<AttributeList>(_eos.Do(h => new ReadAttributes(h, path), uid)).Attributes;

    private void Set(string path, params (string Key, string Value)[] pairs) =>
        _eos.Must(h => new ChangeAttributes(h, path, pairs.ToImmutableSortedDictionary(p => p.Key, p => p.Value), "", false));

    private void Acl(string path, string edit, bool ofUser = false) => _eos.Must(h => new EditAcl(h, path, edit, ofUser, null));
    private void Chmod(string path, string mode) => _eos.Must(h => new ChangeMode(h, path, Convert.ToUInt32(mode, 8)));
    private bool Reads(string path, uint uid) => _eos.Do(h => new OpenRead(h, path), uid) is Redirect;
    private bool Writes(string path, uint uid, bool overwrite = true) => _eos.Do(h => new OpenWrite(h, path, 1, overwrite, null), uid) is Redirect;
    private bool Lists(string path, uint uid) => _eos.Do(h => new List(h, path, "", false), uid) is Listing;

    [Fact]
    public void A_mode_and_an_owner_are_given_to_directories_and_files_by_path()
    {
        Chmod("/eos/dev/d", "755");
        Chmod("/eos/dev/d/f", "600");
        Assert.Equal((Convert.ToUInt32("2755", 8), Convert.ToUInt32("600", 8)), (Directory().Mode, File().Mode));
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "ann", "", false));
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d/f", "", "zp", false));
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "", "77", false));
        Assert.Equal((new Owner(7, 77), new Owner(0, 50)), (Directory().Owner, File().Owner));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeOwner(h, "/eos/dev/d", "eve", "", false)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeOwner(h, "/eos/dev/d", "", "", false)));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new ChangeMode(h, "/eos/dev/d/none", 0x1ff)));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new ChangeMode(h, "/eos/dev/d/f", 0x1ff), 8));
    }

    [Fact]
    public void Rules_have_names_for_people_and_numbers_where_they_are_kept()      // 64, 66
    {
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new EditAcl(h, "/none", "u:daemon=!x", null, null)));
        Acl("/eos/dev/d", "u:daemon=!x");
        Assert.Equal("u:2:!x", Directory().Attributes["sys.acl"]);
        Assert.Equal("u:daemon:!x", Assert.IsType<AclListing>(_eos.Do(h => new ReadAcl(h, "/eos/dev/d"))).Sys);
        Assert.False(Lists("/eos/dev/d", 2));
        Acl("/eos/dev/d", "u:daemon=rwx");
        Assert.True(Lists("/eos/dev/d", 2));
        Set("/eos/dev/d", ("sys.acl", "u:nobody:rw,g:zp:r"));
        Assert.Equal("u:65534:rw,g:50:r", Directory().Attributes["sys.acl"]);
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new EditAcl(h, "/eos/dev/d", "u:eve=r", null, null)));
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add("sys.acl", "illegal"), "", false)));
    }

    [Fact]
    public void Files_in_a_closed_directory_are_opened_by_rules()      // 67, 77
    {
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "2", "2", false));
        Chmod("/eos/dev/d", "700");
        Assert.False(Reads("/eos/dev/d/f", Nobody));
        Acl("/eos/dev/d", "u:nobody=rw");
        Assert.True(Reads("/eos/dev/d/f", Nobody));
        Assert.False(Reads("/eos/dev/d/f", 985));
        Acl("/eos/dev/d/f", "u:985=rw");
        Assert.True(Reads("/eos/dev/d/f", 985) && Reads("/eos/dev/d/f", Nobody));
        Acl("/eos/dev/d/f", "u:985=w");
        Assert.False(Reads("/eos/dev/d/f", 985));
        Assert.True(Reads("/eos/dev/d/f", 0));
    }

    [Fact]
    public void Removal_and_change_can_be_denied()      // 69, 71, 74
    {
        Chmod("/eos/dev/d", "700");
        Acl("/eos/dev/d", "u:nobody:rwx!d");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/f"), Nobody));
        _eos.Put("/eos/dev/d/g", Nobody);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/g"), Nobody);
        Acl("/eos/dev/d", "u:nobody=rwx!u");
        Assert.True(Writes("/eos/dev/d/h", Nobody));
        Assert.False(Writes("/eos/dev/d/f", Nobody));
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "ann", "", false));
        Set("/eos/dev/d", ("sys.eval.useracl", "1"), ("user.acl", "u:ann:r!wx"));
        Assert.False(Writes("/eos/dev/d/f", 7));
        Assert.True(Reads("/eos/dev/d/f", 7));
    }

    [Fact]
    public void Owners_rules_need_the_systems_word()      // 72
    {
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "ann", "", false));
        Chmod("/eos/dev/d", "700");
        Assert.Equal(Errno.Invalid, _eos.Refusal(h => new EditAcl(h, "/eos/dev/d", "u:nobody=rwx", true, null), 7));
        Set("/eos/dev/d", ("sys.eval.useracl", "1"));
        _eos.Must(h => new EditAcl(h, "/eos/dev/d", "u:nobody=rwx+d", null, null), 7);
        Assert.Equal("u:65534:rwx+d", Directory().Attributes["user.acl"]);
        Assert.True(Writes("/eos/dev/d/f", Nobody));
        Acl("/eos/dev/d", "u:nobody=!d");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveFile(h, "/eos/dev/d/f"), Nobody));
        Acl("/eos/dev/d", "u:nobody:+d");
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/f"), Nobody);
    }

    [Fact]
    public void Edits_at_the_same_time_lose_nothing()      // 81
    {
        var heads = Enumerable.Range(0, 8).Select(i => new EditAcl(_eos.Head(), "/eos/dev/d", $"u:{10000 + i}=rwx", false, null)).ToList();
        foreach (var edit in heads) Assert.IsType<Done>(_eos.Do(edit));
        foreach (var edit in heads) Assert.IsType<Done>(_eos.Do(edit));      // each asked twice, as by a client that heard nothing
        Assert.Equal(string.Join(',', Enumerable.Range(0, 8).Select(i => $"u:{10000 + i}:rwx")), Directory().Attributes["sys.acl"]);
    }

    [Fact]
    public void Attributes_of_files_are_set_read_and_taken_away()      // 46, 47
    {
        Set("/eos/dev/d/f", ("user.x", "value\"quote"), ("user.y", "v1&v2"));
        Assert.Equal(("value\"quote", "v1&v2"), (Attributes("/eos/dev/d/f")["user.x"], Attributes("/eos/dev/d/f")["user.y"]));
        var none = ImmutableSortedDictionary<string, string>.Empty;
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d/f", none, "user.x", false));
        Assert.Equal(Errno.NoData, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d/f", none, "user.x", false)));
        Assert.Equal(Errno.Exists, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d/f", none.Add("user.y", "1"), "", true)));
    }

    [Fact]
    public void System_attributes_are_shown_to_those_who_may_change_them()      // 44
    {
        Set("/eos/dev/d", ("sys.forced.space", "default"), ("user.tag", "t"));
        Assert.Equal(["sys.eos.btime", "sys.forced.space", "user.tag"], Attributes("/eos/dev/d").Keys);
        Assert.Equal(["user.tag"], Attributes("/eos/dev/d", 7).Keys);
        Set("/eos/dev/d", ("sys.acl", "u:ann:X"));
        Assert.Contains("sys.forced.space", Attributes("/eos/dev/d", 7).Keys);
    }

    [Fact]
    public void A_linked_directory_lends_its_attributes_until_they_are_folded()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/origin", false, null));
        Set("/eos/dev/origin", ("sys.forced.maxsize", "2"), ("user.a", "1"), ("user.b", "2"));
        Set("/eos/dev/d", ("user.a", "1"), ("user.b", "own"), ("sys.attr.link", "/eos/dev/origin"));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty.Add("sys.attr.link", "/eos/none"), "", false)));
        Assert.Equal(("1", "own", "2"), (Attributes("/eos/dev/d")["user.a"], Attributes("/eos/dev/d")["user.b"], Attributes("/eos/dev/d")["sys.forced.maxsize"]));
        _eos.Must(h => new FoldAttributes(h, "/eos/dev/d"));
        Assert.Equal(["sys.attr.link", "user.b"], Directory().Attributes.Keys);
        Assert.Equal("1", Attributes("/eos/dev/d")["user.a"]);
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/d", ImmutableSortedDictionary<string, string>.Empty, "sys.attr.link", false));
        Assert.Equal(Errno.NoData, _eos.Refusal(h => new FoldAttributes(h, "/eos/dev/d")));
    }

    [Fact]
    public void Who_is_named_makes_directories_as_the_owner_of_the_parent()      // 54
    {
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d", "ann", "zp", false));
        Set("/eos/dev/d", ("sys.owner.auth", "sss:nobody-no-such-user"));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), Nobody);
        Set("/eos/dev/d", ("sys.owner.auth", "sss:nobody"));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/b", false, null), Nobody);
        Assert.Equal((new Owner(Nobody, Nobody), new Owner(7, 50)), (Directory("/eos/dev/d/a").Owner, Directory("/eos/dev/d/b").Owner));
    }

    [Fact]
    public void A_directory_that_was_given_away_belongs_to_its_new_owner_in_a_sticky_parent_too()
    {
        Chmod("/eos/dev/d", "1777");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/sub", false, null));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveDirectory(h, "/eos/dev/d/sub"), 7));
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/d/sub", "ann", "", false));
        Chmod("/eos/dev/d/sub", "700");
        var seed = Assert.IsType<ChildEntry>(_eos.State(Directory().Id).Entries.Find("sub")).Seed;
        Assert.Equal((new Owner(7, 0), Convert.ToUInt32("2700", 8)), (seed.Owner, seed.Mode));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new RemoveDirectory(h, "/eos/dev/d/sub"), 8));
        _eos.Must(h => new RemoveDirectory(h, "/eos/dev/d/sub"), 7);
    }

    [Fact]
    public void Missing_parents_are_made_where_the_first_one_that_is_there_allows_it()
    {
        Chmod("/eos/dev/d", "755");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/d/x/y", true, null), 7));
        Acl("/eos/dev/d", "u:ann=rwx");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/x/y", true, null), 7);
        Assert.Equal("u:7:rwx", Directory("/eos/dev/d/x/y").Attributes["sys.acl"]);
    }
}
