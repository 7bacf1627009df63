using Eos.Kernel;
using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>The fields of every question.</summary>
internal static class KvQuestionWire
{
    public static readonly Manifest UserReads = Manifest.Of<UserReads>(
        "kv.question.user-reads", (m, w) => w.Requests(1, 2, m.Requests), r => new UserReads(r.Requests(1, 2)));

    public static readonly Manifest LookAtLeases = Manifest.Of<LookAtLeases>(
        "kv.question.look-at-leases", (m, w) => w.Text(1, m.Prefix), r => new LookAtLeases(r.Text(1)));

    public static readonly Manifest ReadJournal = Manifest.Of<ReadJournal>(
        "kv.question.read-journal",
        (m, w) => { w.Text(1, m.PersistenceId); w.Int(2, m.From); w.Int(3, m.To); w.Int(4, m.MaxBytes); },
        r => new ReadJournal(r.Text(1), r.Int(2), r.Int(3), checked((int)r.Int(4))));

    public static readonly Manifest ScanIndex = Manifest.Of<ScanIndex>(
        "kv.question.scan-index",
        (m, w) => { w.Text(1, m.Index); w.Bytes(2, m.Prefix.Span); w.Bytes(3, m.After.Span); w.Int(4, m.MaxRows); },
        r => new ScanIndex(r.Text(1), r.Bytes(2), r.Bytes(3), checked((int)r.Int(4))));

    public static readonly Manifest FindSnapshot = Manifest.Of<FindSnapshot>(
        "kv.question.find-snapshot",
        (m, w) =>
        {
            w.Text(1, m.PersistenceId);
            w.Int(2, m.MinSequenceNr);
            w.Int(3, m.MaxSequenceNr);
            w.Int(4, m.MinTimestamp);
            w.Int(5, m.MaxTimestamp);
        },
        r => new FindSnapshot(r.Text(1), r.Int(2), r.Int(3), r.Int(4), r.Int(5)));

    public static readonly Manifest ReadSnapshot = Manifest.Of<ReadSnapshot>(
        "kv.question.read-snapshot",
        (m, w) => { w.Text(1, m.PersistenceId); w.Int(2, m.SequenceNr); w.Int(3, m.Chunk); },
        r => new ReadSnapshot(r.Text(1), r.Int(2), checked((int)r.Int(3))));

    public static readonly Manifest ReadPages = Manifest.Of<ReadPages>(
        "kv.question.read-pages", (m, w) => { w.Text(1, m.PersistenceId); w.UInts(2, m.Keys); }, r => new ReadPages(r.Text(1), r.UInts(2)));

    public static readonly Manifest ListPages = Manifest.Of<ListPages>(
        "kv.question.list-pages", (m, w) => { w.Text(1, m.PersistenceId); w.UInt(2, m.From); }, r => new ListPages(r.Text(1), r.UInt(2)));

    public static readonly Manifest ReadConfiguration = Manifest.Of<ReadConfiguration>(
        "kv.question.read-configuration",
        (m, w) => { w.Text(1, m.Prefix); w.Optional(2, m.UnlessVersion); },
        r => new ReadConfiguration(r.Text(1), r.Optional(2)));

    public static readonly Manifest FindLongJournals = Manifest.Of<FindLongJournals>(
        "kv.question.find-long-journals",
        (m, w) => { w.Text(1, m.Prefix); w.Text(2, m.After); w.Int(3, m.MinEvents); },
        r => new FindLongJournals(r.Text(1), r.Text(2), r.Int(3)));
}
