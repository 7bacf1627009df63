using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Kv;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Gateway;

/// <summary>`ns check`: silent where all is well, and naming each difference.</summary>
public sealed class CheckTests
{
    private readonly NamespaceInMemory _eos = new();

    public CheckTests()
    {
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/a/b/c", true, null));
        _eos.Must(h => new MakeDirectory(h, "/eos/dev/d", true, null));
        foreach (var path in new[] { "/eos/dev/f", "/eos/dev/a/f", "/eos/dev/a/b/c/f", "/eos/dev/a/b/c/g", "/eos/dev/d/f" }) _eos.Put(path);
        _eos.Must(h => new RemoveFile(h, "/eos/dev/a/b/c/g"));
        _eos.Settle();
        Report(replicas: 5);
    }

    private void Report(ulong replicas)
    {
        var last = _eos.View.Filesystems.Values.Single().Report;
        _eos.View = _eos.View.Apply(last with { Sequence = last.Sequence + 1, Usage = last.Usage with { Replicas = replicas } }, _eos.Now);
    }

    private IReadOnlyList<string> Check()
    {
        _eos.Parts.Clear();
        var done = Assert.IsType<TreeDone>(_eos.Do(h => new CheckNamespace(h)));
        Assert.Equal((4ul, 7ul), (done.Files, done.Directories));
        var faults = _eos.Parts.SelectMany(p => p.Faults).Select(f => f.Text).ToList();
        Assert.Equal((ulong)faults.Count, done.Faults);
        return faults;
    }

    private DirectoryId IdOf(string path) => Assert.IsType<DirectoryInformation>(_eos.Do(h => new Inform(h, path))).Directory.Id;

    [Fact]
    public void Where_all_is_well_it_says_nothing() => Assert.Empty(Check());

    [Fact]
    public void Only_root_may() => Assert.Equal(Errno.NotPermitted, _eos.Refusal(h => new CheckNamespace(h), 7));

    [Fact]
    public void A_row_without_an_entry_and_an_entry_without_a_row_are_named()
    {
        var d = IdOf("/eos/dev/d");
        var file = Assert.IsType<FileInformation>(_eos.Do(h => new Inform(h, "/eos/dev/d/f"))).File.Id;
        _eos.DamageRows(d, new SystemProtocol.IndexOp(NamespaceIndex.Files, NamespaceIndex.Key(file), SystemProtocol.IndexChange.Delete, default, 0));
        _eos.DamageRows(d, new SystemProtocol.IndexOp(
            NamespaceIndex.Directories, NamespaceIndex.Key(new DirectoryId(999)), SystemProtocol.IndexChange.Set, NamespaceIndex.Value(new NamespaceIndex.Spot(d, "ghost")), 0));
        Assert.Equal([$"file {file} as 'f' in {d}: has no row in the index", $"directory {new DirectoryId(999)} as 'ghost' in {d}: is a row of the index and no entry"], Check());
    }

    [Fact]
    public void Sums_that_are_not_those_of_the_entries_are_named()
    {
        _eos.Damage(IdOf("/eos/dev/d"), s => s with { Counts = s.Counts with { Files = 7 } });
        Assert.Contains(Check(), f => f == "/eos/dev/d: says that it has 7 files, 0 directories, 3 bytes, but has 1 files, 0 directories, 3 bytes");
    }

    [Fact]
    public void A_tree_that_has_heard_wrong_sums_is_named()
    {
        _eos.Damage(IdOf("/eos/dev/a"), s => s with { Totals = s.Totals with { Below = s.Totals.Below with { Files = 9 } } });
        Assert.Contains(Check(), f => f.StartsWith("/eos/dev/a: says that its tree has 10 files", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_with_another_parent_is_named()
    {
        _eos.Damage(IdOf("/eos/dev/a/b"), s => s with { Self = s.Self! with { Parent = new DirectoryId(77) } });
        Assert.Contains(Check(), f => f.StartsWith("/eos/dev/a/b: says that its parent is", StringComparison.Ordinal));
    }

    [Fact]
    public void A_filesystem_that_has_less_than_directories_say_is_named()
    {
        Report(replicas: 4);
        Assert.Equal(["filesystem 1: has 4 replicas, but directories say 5"], Check());
    }

    [Fact]
    public void A_quota_node_that_books_other_use_than_its_files_have_is_named()
    {
        Assert.IsType<Report>(_eos.Do(h => new Administer(h, "quota", "set", [], Words(("g", "99"), ("v", "1T"), ("p", "/eos/dev/d/")))));
        _eos.Settle();
        Assert.Empty(Check());
        _eos.Damage(IdOf("/eos/dev/d"), s => s with { Totals = s.Totals with { Own = [new OwnerUsage(new Owner(0, 0), new Usage(1, 4, 5, 0, 0))] } });
        Assert.Equal(["/eos/dev/d: says that its quota usage is 0:0=1,4,5, but it is 0:0=1,3,3"], Check());
    }

    private static ImmutableSortedDictionary<string, string> Words(params (string Key, string Value)[] words) =>
        words.ToImmutableSortedDictionary(w => w.Key, w => w.Value, StringComparer.Ordinal);
}
