using System.Collections.Immutable;

namespace Eos.Namespace;

/// <summary>What somebody's files take. <paramref name="Logical"/>: their sizes. <paramref name="Physical"/>: the same on disks, by the layouts of the files.</summary>
/// <param name="BookedFiles">Opens that are not committed yet.</param>
/// <param name="BookedBytes">What these have announced to write, on disks.</param>
public readonly record struct Usage(ulong Files, ulong Logical, ulong Physical, ulong BookedFiles, ulong BookedBytes)
{
    public static Usage Of(FileRecord file) => new(1, file.Content.Size, file.Content.Layout.PhysicalOf(file.Content.Size), 0, 0);

    public static Usage Of(DirectoryProtocol.OpenRecord open) => new(0, 0, 0, 1, open.Plan.Layout.PhysicalOf(open.Plan.Booking));

    public static Usage operator +(Usage a, Usage b) => unchecked(
        new(a.Files + b.Files, a.Logical + b.Logical, a.Physical + b.Physical, a.BookedFiles + b.BookedFiles, a.BookedBytes + b.BookedBytes));

    public static Usage operator -(Usage a, Usage b) => unchecked(
        new(a.Files - b.Files, a.Logical - b.Logical, a.Physical - b.Physical, a.BookedFiles - b.BookedFiles, a.BookedBytes - b.BookedBytes));
}

/// <summary>What one owner has: a user as a member of one group.</summary>
public readonly record struct OwnerUsage(Owner Owner, Usage Usage);

/// <summary>Sums by owner: arrays sorted by uid, then gid; nobody is listed who has nothing. Sums and differences cost O(owners).</summary>
public static class UsageTable
{
    public static readonly ImmutableArray<OwnerUsage> Empty = [];

    public static ImmutableArray<OwnerUsage> Plus(this ImmutableArray<OwnerUsage> table, Owner owner, Usage usage) => Change(table, owner, u => u + usage);

    public static ImmutableArray<OwnerUsage> Minus(this ImmutableArray<OwnerUsage> table, Owner owner, Usage usage) => Change(table, owner, u => u - usage);

    /// <summary>Several tables as one.</summary>
    public static ImmutableArray<OwnerUsage> Sum(IEnumerable<ImmutableArray<OwnerUsage>> tables)
    {
        var sums = new SortedDictionary<Owner, Usage>(Order.Instance);
        foreach (var table in tables) Gather(sums, table, +1);
        return Table(sums);
    }

    /// <summary>The table with some rows taken out and others put in.</summary>
    public static ImmutableArray<OwnerUsage> Exchange(
        this ImmutableArray<OwnerUsage> table, IEnumerable<ImmutableArray<OwnerUsage>> gone, IEnumerable<ImmutableArray<OwnerUsage>> come)
    {
        var sums = new SortedDictionary<Owner, Usage>(Order.Instance);
        Gather(sums, table, +1);
        foreach (var one in come) Gather(sums, one, +1);
        foreach (var one in gone) Gather(sums, one, -1);
        return Table(sums);
    }

    private static ImmutableArray<OwnerUsage> Change(ImmutableArray<OwnerUsage> table, Owner owner, Func<Usage, Usage> change)
    {
        var (low, high) = (0, table.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var order = Order.Instance.Compare(table[middle].Owner, owner);
            if (order == 0)
            {
                var changed = change(table[middle].Usage);
                return changed == default ? table.RemoveAt(middle) : table.SetItem(middle, new OwnerUsage(owner, changed));
            }
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        var fresh = change(default);
        return fresh == default ? table : table.Insert(low, new OwnerUsage(owner, fresh));
    }

    private static void Gather(SortedDictionary<Owner, Usage> sums, ImmutableArray<OwnerUsage> table, int sign)
    {
        foreach (var (owner, usage) in table)
        {
            var before = sums.GetValueOrDefault(owner);
            sums[owner] = sign > 0 ? before + usage : before - usage;
        }
    }

    private static ImmutableArray<OwnerUsage> Table(SortedDictionary<Owner, Usage> sums) =>
        [.. sums.Where(s => s.Value != default).Select(s => new OwnerUsage(s.Key, s.Value))];

    private sealed class Order : IComparer<Owner>
    {
        public static readonly Order Instance = new();

        public int Compare(Owner x, Owner y) => x.Uid != y.Uid ? x.Uid.CompareTo(y.Uid) : x.Gid.CompareTo(y.Gid);
    }
}
