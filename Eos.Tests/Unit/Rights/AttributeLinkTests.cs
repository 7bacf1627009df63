using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Rights;

/// <summary>A directory that is linked to another one has its rules too, as far as it has none of its own.</summary>
public class AttributeLinkTests
{
    private readonly NamespaceInMemory _eos = new();

    public AttributeLinkTests()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/rules", false, 0x1c0));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", false, 0x1c0), 7);
        Set("/eos/dev/d", AttributeRules.LinkKey, "/eos/dev/rules");
    }

    private void Set(string path, string key, string value) =>
        _eos.Must(h => new ChangeAttributes(h, path, ImmutableSortedDictionary<string, string>.Empty.Add(key, value), "", false));

    private Owner OwnerOf(string path) => _eos.Do(h => new Inform(h, path)) switch
    {
        FileInformation file => file.File.Owner,
        DirectoryInformation directory => directory.Directory.Owner,
        var other => throw new Xunit.Sdk.XunitException($"{other}"),
    };

    [Fact]
    public void Its_rules_open_the_directory_for_everything_that_is_done_there()
    {
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 9));
        Set("/eos/dev/rules", EntryAcl.SysKey, "u:9:rwx");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 9);
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a/b", false, null), 9);   // linked as well: it has inherited that
        _eos.Put("/eos/dev/d/a/f", 9);
        _eos.Must(h => new TouchFile(h, "/eos/dev/d/a/g", false, false), 9);
        _eos.Must(h => new MakeLink(h, "/eos/dev/d/a/l", "f", false), 9);
        Assert.IsType<Redirect>(_eos.Do(h => new OpenRead(h, "/eos/dev/d/a/f"), 9));
        Assert.Equal(["b", "f", "g", "l"], _eos.Ls("/eos/dev/d/a", 9));
        _eos.Must(h => new Rename(h, "/eos/dev/d/a/f", "/eos/dev/d/a/b/f", false), 9);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/d/a/g"), 9);
        Assert.Equal(0ul, Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/d/a"), 9)).Faults);
        Assert.Equal(Errno.AccessDenied, _eos.Refusal(h => new List(h, "/eos/dev/d", "", false), 10));
    }

    [Fact]
    public void What_it_forbids_is_forbidden_and_its_change_counts_at_once()
    {
        Set("/eos/dev/rules", EntryAcl.SysKey, "u:7:!w");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 7));
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 1, true, null), 7));
        Set("/eos/dev/rules", EntryAcl.SysKey, "u:7:rwx");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 7);
    }

    [Fact]
    public void Its_own_rules_take_the_place_of_those()
    {
        Set("/eos/dev/rules", EntryAcl.SysKey, "u:9:rwx");
        Set("/eos/dev/d", EntryAcl.SysKey, "u:10:rwx");
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 9));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 10);
    }

    [Fact]
    public void It_says_whose_new_entries_are()
    {
        Set("/eos/dev/rules", EntryAcl.SysKey, "u:9:rwx");
        Set("/eos/dev/rules", OwnershipRules.OwnerKey, "*");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 9);
        _eos.Must(h => new TouchFile(h, "/eos/dev/d/t", false, false), 9);
        _eos.Must(h => new MakeLink(h, "/eos/dev/d/l", "t", false), 9);
        _eos.Put("/eos/dev/d/f", 9);
        foreach (var name in (string[])["a", "t", "l", "f"]) Assert.Equal(7u, OwnerOf("/eos/dev/d/" + name).Uid);
    }

    [Fact]
    public void A_touched_file_is_the_directory_owners_where_the_directory_says_so_itself()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/own", false, null), 7);
        Set("/eos/dev/own", OwnershipRules.OwnerKey, "*");
        _eos.Must(h => new TouchFile(h, "/eos/dev/own/t", false, false), 9);
        Assert.Equal(7u, OwnerOf("/eos/dev/own/t").Uid);
    }

    [Fact]
    public void Sizes_and_masks_count_and_a_link_to_nothing_does_not_matter()
    {
        Set("/eos/dev/rules", "sys.forced.maxsize", "10");
        Set("/eos/dev/rules", OwnershipRules.MaskKey, "770");
        Assert.Equal(Errno.FileTooLarge, _eos.Refusal(h => new OpenWrite(h, "/eos/dev/d/f", 11, true, null), 7));
        _eos.Must(h => new ChangeMode(h, "/eos/dev/d", 0x1ff), 7);
        Assert.Equal(0x5f8u, Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d"))).Directory.Mode);
        Assert.Equal(0ul, Assert.IsType<TreeDone>(_eos.Do(h => new RemoveTree(h, "/eos/dev/rules"))).Faults);
        _eos.Put("/eos/dev/d/f", 7, 11);
    }

    /// <summary>A ring of links, and a directory below itself.</summary>
    [Fact]
    public void Links_of_links_are_not_followed()
    {
        Set("/eos/dev/rules", AttributeRules.LinkKey, "/eos/dev/d");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/conf", false, null), 7);
        Set("/eos/dev/d", AttributeRules.LinkKey, "/eos/dev/d/conf");
        Set("/eos/dev/d/conf", EntryAcl.SysKey, "u:9:rwx");
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d/a", false, null), 9);
        Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new MakeDirectory(h, "/eos/dev/rules/a", false, null), 9));
    }
}
