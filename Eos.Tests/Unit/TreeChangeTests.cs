using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit;

/// <summary>chmod -r, chown -r, attr -r and acl -R: what they change, what they leave, and what they tell.</summary>
public class TreeChangeTests
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;
    private readonly NamespaceInMemory _eos = new();

    public TreeChangeTests()
    {
        foreach (var path in new[] { "t/a/x", "t/b" }) _eos.Must(h => new MakeDirectory(h, "/eos/dev/" + path, true, 0x1ed));
        foreach (var path in new[] { "t/f", "t/a/g", "t/a/x/h" }) _eos.Put("/eos/dev/" + path);
        _eos.Must(h => new MakeLink(h, "/eos/dev/t/a/link", "../b", false));
        var random = new Random(7);
        _eos.Next = random.Next;
    }

    [Fact]
    public void Modes_are_changed_of_all_directories_also_of_those_that_can_not_be_read_afterwards()
    {
        var mode = Convert.ToUInt32("0", 8);
        _eos.Do(h => new ChangeOwner(h, "/eos/dev/t", "7", "7", false) { Recursive = true });
        Assert.Equal((0ul, 4ul, 0ul), Counts(_eos.Do(h => new ChangeMode(h, "/eos/dev/t", mode) { Recursive = true }, 7)));
        Assert.All(Directories(), d => Assert.Equal(0u, d.Mode & 0x1ff));
    }

    [Fact]
    public void Owners_are_changed_of_directories_and_files_and_of_links_only_if_they_are_meant()   // 31
    {
        Assert.Equal((3ul, 4ul, 0ul), Counts(_eos.Do(h => new ChangeOwner(h, "/eos/dev/t", "5", "6", false) { Recursive = true })));
        Assert.Equal(["/eos/dev/t/a/link"], Owned(0));
        Assert.Equal((4ul, 4ul, 0ul), Counts(_eos.Do(h => new ChangeOwner(h, "/eos/dev/t", "7", "", true) { Recursive = true })));
        Assert.Empty(Owned(0));
        Assert.Equal(8, Owned(7).Count);
    }

    [Fact]
    public void Attributes_and_rules_are_those_of_directories()
    {
        Assert.Equal((0ul, 4ul, 0ul), Counts(_eos.Do(h => new ChangeAttributes(h, "/eos/dev/t", None.Add("user.a", "b"), "", false) { Recursive = true })));
        Assert.All(Directories(), d => Assert.Equal("b", d.Attributes["user.a"]));
        _eos.Do(h => new EditAcl(h, "/eos/dev/t", "u:7=rwx", false, null) { Recursive = true });
        Assert.All(Directories(), d => Assert.Equal("u:7:rwx", d.Attributes["sys.acl"]));
        _eos.Must(h => new ChangeAttributes(h, "/eos/dev/t/a", None, "user.a", false));
        Assert.Equal((0ul, 3ul, 0ul), Counts(_eos.Do(h => new ChangeAttributes(h, "/eos/dev/t", None, "user.a", false) { Recursive = true })));
        Assert.All(Directories(), d => Assert.DoesNotContain("user.a", d.Attributes.Keys));
    }

    [Fact]
    public void What_may_not_be_changed_is_told_and_the_rest_goes_on_and_a_file_is_a_tree_of_its_own()
    {
        _eos.Must(h => new ChangeOwner(h, "/eos/dev/t/a", "7", "7", false));
        var done = Assert.IsType<TreeDone>(_eos.Do(h => new ChangeMode(h, "/eos/dev/t", 0x1c0) { Recursive = true }, 7));
        Assert.Equal((1ul, 3ul, Errno.NotPermitted), (done.Directories, done.Faults, done.First));
        Assert.Equal(["/eos/dev/t", "/eos/dev/t/a/x", "/eos/dev/t/b"], _eos.Parts.SelectMany(p => p.Faults).Select(f => f.Path).Order(StringComparer.Ordinal));
        Assert.Equal((1ul, 0ul, 0ul), Counts(_eos.Do(h => new ChangeMode(h, "/eos/dev/t/f", 0x180) { Recursive = true })));
        Assert.Equal(Errno.NoEntry, _eos.Refusal(h => new ChangeMode(h, "/eos/dev/none", 0x180) { Recursive = true }));
    }

    private IEnumerable<DirectoryRecord> Directories() => Rows(new FindQuery { Files = false, Detail = FindDetail.Records }).Select(r => r.Directory!);
    private List<string> Owned(uint uid) => [.. Rows(new FindQuery { Uid = uid }).Select(r => r.Path)];

    private List<TreeRow> Rows(FindQuery query)
    {
        _eos.Parts.Clear();
        _eos.Do(h => new Find(h, "/eos/dev/t", "", query));
        return [.. _eos.Parts.SelectMany(p => p.Rows)];
    }

    private static (ulong Files, ulong Directories, ulong Faults) Counts(IFinal final)
    {
        var done = Assert.IsType<TreeDone>(final);
        return (done.Files, done.Directories, done.Faults);
    }
}
