using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What lies in a whole tree, its top not counted.</summary>
/// <param name="Bytes">Sum of the sizes of all files.</param>
/// <param name="Modified">The newest change that was passed up: see <see cref="DirectoryState.TreeModified"/>.</param>
/// <param name="Usage">By owner, without what lies below deeper quota nodes. Sorted as <see cref="UsageTable"/> says.</param>
public sealed record TreeTotals(ulong Files, ulong Directories, ulong Bytes, Instant Modified, ImmutableArray<OwnerUsage> Usage)
{
    public static readonly TreeTotals None = new(0, 0, 0, Instant.Epoch, UsageTable.Empty);
}

/// <summary>What of <see cref="TreeTotals"/> is shown to callers.</summary>
public readonly record struct TreeCounts(ulong Files, ulong Directories, ulong Bytes, Instant Modified);

/// <summary>What a child has said of its tree. A later word has a higher <paramref name="Version"/>; 0: it has said nothing yet.</summary>
/// <param name="IsQuotaNode">Its usage is its own affair.</param>
public sealed record ChildTotals(ulong Version, bool IsQuotaNode, TreeTotals Totals)
{
    public static readonly ChildTotals Silent = new(0, false, TreeTotals.None);
}

/// <summary>A child and what it says.</summary>
public sealed record ChildReport(DirectoryId Child, ChildTotals Row);

/// <summary>
/// The part of a directory's state that is about amounts: what its own files take, what its children said last, and how far its parent knows. A row is there for
/// each sub-directory as long as it has a name here, so that what is said by one that was moved away is not counted.
/// </summary>
public sealed record Totals
{
    public static readonly Totals Empty = new();

    /// <summary>Of the directory's own files and opens.</summary>
    public ImmutableArray<OwnerUsage> Own { get; init; } = UsageTable.Empty;

    public ImmutableDictionary<DirectoryId, ChildTotals> Rows { get; init; } = ImmutableDictionary<DirectoryId, ChildTotals>.Empty;

    /// <summary>Sum of the rows. Its time never goes back.</summary>
    public TreeTotals Below { get; init; } = TreeTotals.None;

    /// <summary>Grows with each event that changes what there is to tell the parent.</summary>
    public ulong Version { get; init; }

    /// <summary>The parent may not know the last version, and an index row says so, so that this directory is woken if it sleeps.</summary>
    public bool IsDue { get; init; }

    /// <summary>A name has come: a file is counted, a child has a row from now on.</summary>
    public Totals With(DirectoryEntry entry) => entry switch
    {
        FileEntry f => this with { Own = Own.Plus(f.File.Owner, Usage.Of(f.File)) },
        ChildEntry c => With(c.Id),
        _ => this,
    };

    /// <summary>A name has gone; what a child said goes with it.</summary>
    public Totals Without(DirectoryEntry entry) => entry switch
    {
        FileEntry f => this with { Own = Own.Minus(f.File.Owner, Usage.Of(f.File)) },
        ChildEntry c => Without(c.Id),
        _ => this,
    };

    public Totals With(DirectoryProtocol.OpenRecord open) => this with { Own = Own.Plus(open.Owner, Usage.Of(open)) };

    public Totals Without(DirectoryProtocol.OpenRecord open) => this with { Own = Own.Minus(open.Owner, Usage.Of(open)) };

    private Totals With(DirectoryId child) => Rows.ContainsKey(child) ? this : this with { Rows = Rows.Add(child, ChildTotals.Silent) };

    private Totals Without(DirectoryId child)
    {
        if (!Rows.TryGetValue(child, out var row)) return this;
        var left = this with { Rows = Rows.Remove(child) };
        return row.Version == 0 ? left : left with { Below = Exchange([row.Totals], []) };
    }

    /// <summary>What newer there is to hear from children that are here.</summary>
    public ImmutableArray<ChildReport> News(IEnumerable<ChildReport> reports) =>
        [.. reports.Where(r => Rows.TryGetValue(r.Child, out var row) && row.Version < r.Row.Version)];

    public Totals Heard(ImmutableArray<ChildReport> reports)
    {
        var (rows, gone, come) = (Rows.ToBuilder(), new List<TreeTotals>(), new List<TreeTotals>());
        foreach (var report in News(reports))
        {
            gone.Add(rows[report.Child].Totals);
            come.Add(report.Row.Totals);
            rows[report.Child] = report.Row;
        }
        return this with { Rows = rows.ToImmutable(), Below = Exchange(gone, come) };
    }

    /// <summary>Restores <see cref="Below"/> from the rows.</summary>
    public static TreeTotals SumOf(IReadOnlyCollection<ChildTotals> rows, Instant newest) =>
        (Empty with { Below = TreeTotals.None with { Modified = newest } }).Exchange([], [.. rows.Select(r => r.Totals)]);

    private TreeTotals Exchange(IReadOnlyCollection<TreeTotals> gone, IReadOnlyCollection<TreeTotals> come)
    {
        var (files, directories, bytes, newest) = (Below.Files, Below.Directories, Below.Bytes, Below.Modified);
        foreach (var one in come)
        {
            files += one.Files;
            directories += one.Directories;
            bytes += one.Bytes;
            newest = one.Modified > newest ? one.Modified : newest;
        }
        foreach (var one in gone)
        {
            files -= one.Files;
            directories -= one.Directories;
            bytes -= one.Bytes;
        }
        return new TreeTotals(files, directories, bytes, newest, Below.Usage.Exchange(gone.Select(t => t.Usage), come.Select(t => t.Usage)));
    }
}
