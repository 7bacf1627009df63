using Eos.Kernel;

namespace Eos.Namespace;

public sealed partial record DirectoryState
{
    /// <summary>The attribute by which a directory takes part in passing changes up.</summary>
    public const string Propagation = "sys.mtime.propagation";

    public Totals Totals { get; init; } = Totals.Empty;

    /// <summary>Empty unless this is a quota node.</summary>
    public QuotaBook Quota { get; init; } = QuotaBook.Empty;

    /// <summary>Changes below, as far as they were passed up to here, show in this directory, and are passed on from here.</summary>
    public bool PassesChanges => Self!.Attributes.TryGetValue(Propagation, out var value) && value == "1";

    /// <summary>
    /// The newest change of names in the tree: EOS's sync time. A change goes up from the directory where it was as long as the directories on the way have
    /// <see cref="Propagation"/>.
    /// </summary>
    public Instant TreeModified =>
        PassesChanges && Totals.Below.Modified > Self!.Times.Modified ? Totals.Below.Modified : Self!.Times.Modified;

    /// <summary>What lies in the whole tree, as far as it was heard of. O(owners).</summary>
    public TreeTotals Tree => new(
        Counts.Files + Totals.Below.Files,
        Counts.Directories + Totals.Below.Directories,
        Counts.Bytes + Totals.Below.Bytes,
        TreeModified,
        Totals.Own.IsEmpty ? Totals.Below.Usage : UsageTable.Sum([Totals.Own, Totals.Below.Usage]));

    /// <summary>The same without owners: O(1).</summary>
    public TreeCounts TreeCounts => new(Counts.Files + Totals.Below.Files, Counts.Directories + Totals.Below.Directories, Counts.Bytes + Totals.Below.Bytes, TreeModified);

    /// <summary>What the parent is told.</summary>
    public ChildReport Report
    {
        get
        {
            var tree = Tree with { Modified = PassesChanges ? TreeModified : Instant.Epoch };
            return new ChildReport(Self!.Id, new ChildTotals(Totals.Version, Self.IsQuotaNode, Self.IsQuotaNode ? tree with { Usage = UsageTable.Empty } : tree));
        }
    }

    private DirectoryState Counted(TotalsProtocol.IUnasked e) => e switch
    {
        TotalsProtocol.TotalsHeard x => this with { Totals = Totals.Heard(x.Reports) },
        TotalsProtocol.TotalsDue => this with { Totals = Totals with { IsDue = true } },
        TotalsProtocol.TotalsSettled => this with { Totals = Totals with { IsDue = false } },
        _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
    };

    /// <summary>This state, after that one: a new version if there is something new to tell the parent.</summary>
    private DirectoryState Versioned(DirectoryState before) =>
        before.Self is null || !IsNews(before) ? this : this with { Totals = Totals with { Version = before.Totals.Version + 1 } };

    private bool IsNews(DirectoryState before) =>
        Counts != before.Counts
        || Totals.Own != before.Totals.Own
        || !ReferenceEquals(Totals.Below, before.Totals.Below)
        || (!ReferenceEquals(Self, before.Self)
            && (Self!.Parent != before.Self!.Parent
                || Self.IsQuotaNode != before.Self.IsQuotaNode
                || PassesChanges != before.PassesChanges
                || (PassesChanges && TreeModified != before.TreeModified)));
}
