using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.TotalsProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of totals: what directories tell each other, what they store.</summary>
public static class TotalsStore
{
    internal static readonly Shape<OwnerUsage> UsageShape = new(
        "owner-usage",
        (v, w) =>
        {
            w.UInt(1, v.Owner.Uid);
            w.UInt(2, v.Owner.Gid);
            w.UInt(3, v.Usage.Files);
            w.UInt(4, v.Usage.Logical);
            w.UInt(5, v.Usage.Physical);
            w.UInt(6, v.Usage.BookedFiles);
            w.UInt(7, v.Usage.BookedBytes);
        },
        r => new OwnerUsage(new Owner(r.UInt32(1), r.UInt32(2)), new Usage(r.UInt(3), r.UInt(4), r.UInt(5), r.UInt(6), r.UInt(7))));

    private static readonly Shape<TreeTotals> TreeShape = new(
        "tree-totals",
        (v, w) => { w.UInt(1, v.Files); w.UInt(2, v.Directories); w.UInt(3, v.Bytes); w.At(4, v.Modified); w.Parts(5, UsageShape, v.Usage); },
        r => new TreeTotals(r.UInt(1), r.UInt(2), r.UInt(3), r.At(4), r.Parts(5, UsageShape)));

    private static readonly Shape<ChildReport> ReportShape = new(
        "child-report",
        (v, w) => { w.UInt(1, v.Child.Value); w.UInt(2, v.Row.Version); w.Flag(3, v.Row.IsQuotaNode); w.Part(4, TreeShape, v.Row.Totals); },
        r => new ChildReport(new DirectoryId(r.UInt(1)), new ChildTotals(r.UInt(2), r.Flag(3), r.Part(4, TreeShape))));

    private static readonly Shape<DirectoryProtocol.Stamp> StampShape = DirectoryStore.StampShape;

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<ReportTotals>(
            "dir.report-totals",
            (m, w) => { w.UInt(1, m.Directory.Value); w.Part(2, ReportShape, m.Report); },
            r => new ReportTotals(new DirectoryId(r.UInt(1)), r.Part(2, ReportShape))),
        Manifest.Of<TotalsKept>(
            "dir.totals-kept",
            (m, w) => { w.UInt(1, m.Directory.Value); w.UInt(2, m.Parent.Value); w.UInt(3, m.Version); },
            r => new TotalsKept(new DirectoryId(r.UInt(1)), new DirectoryId(r.UInt(2)), r.UInt(3))),
        Manifest.Of<ReportDue>("dir.report-due", (m, w) => w.UInt(1, m.Directory.Value), r => new ReportDue(new DirectoryId(r.UInt(1)))),

        Manifest.Of<TotalsHeard>(
            "dir.e.totals-heard",
            (m, w) => { w.Value(1, StampShape, m.Stamp); w.Parts(2, ReportShape, m.Reports); },
            r => new TotalsHeard(r.Part(1, StampShape), r.Parts(2, ReportShape))),
        Manifest.Of<TotalsDue>(
            "dir.e.totals-due", (m, w) => w.Value(1, StampShape, m.Stamp), r => new TotalsDue(r.Part(1, StampShape))),
        Manifest.Of<TotalsSettled>(
            "dir.e.totals-settled", (m, w) => w.Value(1, StampShape, m.Stamp), r => new TotalsSettled(r.Part(1, StampShape))),
    ];

    /// <summary>Fields 30 to 34 of a directory's snapshot.</summary>
    internal static void Write(Totals totals, FieldWriter w)
    {
        w.Parts(30, UsageShape, totals.Own);
        w.Parts(31, ReportShape, totals.Rows.OrderBy(r => r.Key).Select(r => new ChildReport(r.Key, r.Value)));
        w.UInt(32, totals.Version);
        w.Flag(33, totals.IsDue);
        w.At(34, totals.Below.Modified);
    }

    internal static Totals Read(FieldReader r)
    {
        var rows = r.Parts(31, ReportShape);
        return new Totals
        {
            Own = r.Parts(30, UsageShape),
            Rows = rows.ToImmutableDictionary(row => row.Child, row => row.Row.Version == 0 ? ChildTotals.Silent : row.Row),
            Below = Totals.SumOf([.. rows.Select(row => row.Row)], r.At(34)),
            Version = r.UInt(32),
            IsDue = r.Flag(33),
        };
    }
}
