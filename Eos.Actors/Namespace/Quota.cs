using System.Collections.Immutable;

namespace Eos.Namespace;

/// <summary>Whose files a limit is about. Append only.</summary>
public enum QuotaKind
{
    User = 1,
    Group = 2,
}

/// <summary>A user or a group. <see cref="Project"/> stands for all files of the node, whoever owns them.</summary>
public readonly record struct QuotaSubject(QuotaKind Kind, uint Id) : IComparable<QuotaSubject>
{
    public static readonly QuotaSubject Project = new(QuotaKind.Group, 99);

    public bool Includes(Owner owner) => this == Project || (Kind == QuotaKind.User ? owner.Uid == Id : owner.Gid == Id);

    public int CompareTo(QuotaSubject other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : Id.CompareTo(other.Id);

    /// <summary>`uid=3` or `gid=4`.</summary>
    public override string ToString() => FormattableString.Invariant($"{(Kind == QuotaKind.User ? "uid" : "gid")}={Id}");
}

/// <summary>Bytes on disks, and files; 0: no limit of that kind.</summary>
public readonly record struct QuotaLimit(ulong Volume, ulong Inodes);

/// <summary>What is added to the sums of somebody's files until they are counted anew.</summary>
public readonly record struct QuotaCorrection(long Files, long Logical, long Physical);

/// <summary>What a quota node has stored: limits and corrections.</summary>
public sealed record QuotaBook
{
    public static readonly QuotaBook Empty = new();

    public ImmutableSortedDictionary<QuotaSubject, QuotaLimit> Limits { get; init; } = ImmutableSortedDictionary<QuotaSubject, QuotaLimit>.Empty;

    public ImmutableSortedDictionary<QuotaSubject, QuotaCorrection> Corrections { get; init; } = ImmutableSortedDictionary<QuotaSubject, QuotaCorrection>.Empty;

    /// <summary>What somebody has, of a table of sums, corrected; never negative. O(owners).</summary>
    public Usage UsageOf(QuotaSubject subject, params ReadOnlySpan<ImmutableArray<OwnerUsage>> tables)
    {
        var sum = default(Usage);
        foreach (var table in tables)
        {
            foreach (var (owner, usage) in table)
                if (subject.Includes(owner)) sum += usage;
        }
        if (!Corrections.TryGetValue(subject, out var correction)) return sum;
        return sum with
        {
            Files = Corrected(sum.Files, correction.Files),
            Logical = Corrected(sum.Logical, correction.Logical),
            Physical = Corrected(sum.Physical, correction.Physical),
        };
    }

    private static ulong Corrected(ulong sum, long correction) => (ulong)Int128.Max(0, (Int128)sum + correction);
}
