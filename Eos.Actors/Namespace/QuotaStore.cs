using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Namespace.DirectoryProtocol;
using static Eos.Namespace.QuotaProtocol;

namespace Eos.Namespace;

/// <summary>The bytes of quota: what quota nodes are told, answer and store.</summary>
public static class QuotaStore
{
    private static readonly Shape<QuotaSubject> SubjectShape = new(
        "quota-subject", (v, w) => { w.UInt(1, (ulong)v.Kind); w.UInt(2, v.Id); }, r => new QuotaSubject((QuotaKind)r.UInt(1), r.UInt32(2)));

    private static readonly Shape<QuotaLimit> LimitShape = new(
        "quota-limit", (v, w) => { w.UInt(1, v.Volume); w.UInt(2, v.Inodes); }, r => new QuotaLimit(r.UInt(1), r.UInt(2)));

    private static readonly Shape<QuotaCorrection> CorrectionShape = new(
        "quota-correction", (v, w) => { w.Int(1, v.Files); w.Int(2, v.Logical); w.Int(3, v.Physical); }, r => new QuotaCorrection(r.Int(1), r.Int(2), r.Int(3)));

    private static readonly Shape<KeyValuePair<QuotaSubject, QuotaLimit>> LimitRow = new(
        "quota-limit-row", (v, w) => { w.Value(1, SubjectShape, v.Key); w.Value(2, LimitShape, v.Value); }, r => KeyValuePair.Create(r.Part(1, SubjectShape), r.Part(2, LimitShape)));

    private static readonly Shape<KeyValuePair<QuotaSubject, QuotaCorrection>> CorrectionRow = new(
        "quota-correction-row",
        (v, w) => { w.Value(1, SubjectShape, v.Key); w.Value(2, CorrectionShape, v.Value); },
        r => KeyValuePair.Create(r.Part(1, SubjectShape), r.Part(2, CorrectionShape)));

    /// <summary>Field 35 of a directory's snapshot.</summary>
    internal static readonly Shape<QuotaBook> Book = new(
        "quota-book",
        (v, w) => { w.Parts(1, LimitRow, v.Limits); w.Parts(2, CorrectionRow, v.Corrections); },
        r => new QuotaBook { Limits = r.Parts(1, LimitRow).ToImmutableSortedDictionary(), Corrections = r.Parts(2, CorrectionRow).ToImmutableSortedDictionary() });

    public static IEnumerable<Manifest> Manifests =>
    [
        DirectoryWire.Command<SetQuota>(
            "dir.set-quota",
            (m, w) => { w.Value(3, SubjectShape, m.Subject); w.Optional(4, m.Volume); w.Optional(5, m.Inodes); w.Flag(6, m.OnlyThere); },
            r => new SetQuota(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Part(3, SubjectShape), r.Optional(4), r.Optional(5), r.Flag(6))),
        DirectoryWire.Command<EndQuotaNode>("dir.end-quota-node", (_, _) => { }, r => new EndQuotaNode(DirectoryWire.To(r), DirectoryWire.CallOf(r))),
        DirectoryWire.Command<CorrectQuota>(
            "dir.correct-quota",
            (m, w) => { w.Value(3, SubjectShape, m.Subject); w.Optional(4, m.Logical); w.Optional(5, m.Physical); w.Optional(6, m.Inodes); },
            r => new CorrectQuota(DirectoryWire.To(r), DirectoryWire.CallOf(r), r.Part(3, SubjectShape), r.Optional(4), r.Optional(5), r.Optional(6))),
        DirectoryWire.Command<RecountQuota>("dir.recount-quota", (_, _) => { }, r => new RecountQuota(DirectoryWire.To(r), DirectoryWire.CallOf(r))),
        DirectoryWire.Command<RecountTotals>("dir.recount-totals", (_, _) => { }, r => new RecountTotals(DirectoryWire.To(r), DirectoryWire.CallOf(r))),
        DirectoryWire.Query<AskQuota>(
            "dir.ask-quota",
            (m, w) => { w.Value(3, RecordShapes.Owner, m.Owner); w.UInt(4, m.Volume); w.UInt(5, m.Inodes); w.Value(6, TotalsStore.UsageShape, new OwnerUsage(m.Owner, m.Share)); },
            r => new AskQuota(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Part(3, RecordShapes.Owner), r.UInt(4), r.UInt(5), r.Part(6, TotalsStore.UsageShape).Usage)),
        DirectoryWire.Query<AskShare>(
            "dir.ask-share",
            (m, w) => { w.Text(3, m.Name); w.Value(4, RecordShapes.Owner, m.Owner); w.Value(5, KernelShapes.Op, m.By); w.Flag(6, m.Replaces); },
            r => new AskShare(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Text(3), r.Part(4, RecordShapes.Owner), r.Part(5, KernelShapes.Op), r.Flag(6))),
        DirectoryWire.Reply<ShareSaid>(
            "dir.share-said",
            (m, w) => w.Value(3, TotalsStore.UsageShape, new OwnerUsage(default, m.Share)),
            r => new ShareSaid(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Part(3, TotalsStore.UsageShape).Usage)),
        DirectoryWire.Query<ReadQuota>("dir.read-quota", (_, _) => { }, r => new ReadQuota(DirectoryWire.To(r), DirectoryWire.OpOf(r))),
        DirectoryWire.Reply<QuotaSaid>(
            "dir.quota-said",
            (m, w) => { w.Text(3, m.Refusal); w.Optional(4, m.Left); },
            r => new QuotaSaid(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Text(3), r.Optional(4))),
        DirectoryWire.Reply<QuotaRead>(
            "dir.quota-read",
            (m, w) => { w.Part(3, RecordShapes.Directory, m.Self); w.Part(4, Book, m.Book); w.Parts(5, TotalsStore.UsageShape, m.Usage); },
            r => new QuotaRead(DirectoryWire.To(r), DirectoryWire.OpOf(r), r.Part(3, RecordShapes.Directory), r.Part(4, Book), r.Parts(5, TotalsStore.UsageShape))),

        DirectoryStore.Event<QuotaLimited>(
            "dir.e.quota-limited",
            (m, w) => { w.Value(2, SubjectShape, m.Subject); w.Value(3, LimitShape, m.Limit); },
            r => new QuotaLimited(DirectoryStore.At(r), r.Part(2, SubjectShape), r.Part(3, LimitShape))),
        DirectoryStore.Event<QuotaEnded>("dir.e.quota-ended", (_, _) => { }, r => new QuotaEnded(DirectoryStore.At(r))),
        DirectoryStore.Event<QuotaCorrected>(
            "dir.e.quota-corrected",
            (m, w) => { w.Value(2, SubjectShape, m.Subject); w.Value(3, CorrectionShape, m.Correction); },
            r => new QuotaCorrected(DirectoryStore.At(r), r.Part(2, SubjectShape), r.Part(3, CorrectionShape))),
        DirectoryStore.Event<QuotaRecounted>("dir.e.quota-recounted", (_, _) => { }, r => new QuotaRecounted(DirectoryStore.At(r))),
        DirectoryStore.Event<TotalsRecounted>(
            "dir.e.totals-recounted",
            (m, w) => { w.Value(2, RecordShapes.Counts, m.Counts); w.Parts(3, TotalsStore.UsageShape, m.Own); },
            r => new TotalsRecounted(DirectoryStore.At(r), r.Part(2, RecordShapes.Counts), r.Parts(3, TotalsStore.UsageShape))),
    ];
}
