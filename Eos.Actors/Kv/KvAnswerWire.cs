using Eos.Kernel;
using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>The fields of every answer.</summary>
internal static class KvAnswerWire
{
    public static readonly Manifest Replies = Manifest.Of<Replies>(
        "kv.answer.replies",
        (m, w) => w.ByteStrings(1, [.. m.Values.Select(v => (ReadOnlyMemory<byte>)v.ToBytes())]),
        r => new Replies([.. r.ByteStrings(1).Select(Reply.FromBytes)]));

    public static readonly Manifest Refused = Manifest.Of<Refused>(
        "kv.answer.refused", (m, w) => { w.UInt(1, (ulong)m.Why); w.Text(2, m.Text); }, r => new Refused((Errno)r.UInt32(1), r.Text(2)));

    public static readonly Manifest Done = Manifest.Of<Done>("kv.answer.done", (_, _) => { }, _ => SystemProtocol.Done.Instance);

    public static readonly Manifest NotKept = Manifest.Of<NotKept>("kv.answer.not-kept", (_, _) => { }, _ => SystemProtocol.NotKept.Instance);

    public static readonly Manifest LeaseGranted = Manifest.Of<LeaseGranted>(
        "kv.answer.lease-granted",
        (m, w) => { w.Text(1, m.Name); w.UInt(2, m.Token); w.Span(3, m.Until); },
        r => new LeaseGranted(r.Text(1), r.UInt(2), r.Span(3)));

    public static readonly Manifest LeaseHeld = Manifest.Of<LeaseHeld>(
        "kv.answer.lease-held",
        (m, w) => { w.Text(1, m.Name); w.Text(2, m.Holder); w.UInt(3, m.Token); w.Span(4, m.Remaining); },
        r => new LeaseHeld(r.Text(1), r.Text(2), r.UInt(3), r.Span(4)));

    public static readonly Manifest Leases = Manifest.Of<Leases>(
        "kv.answer.leases",
        (m, w) => { w.Parts(1, KvShapes.Lease, m.Rows); w.Span(2, m.LogTime); },
        r => new Leases(r.Parts(1, KvShapes.Lease), r.Span(2)));

    public static readonly Manifest Claimed = Manifest.Of<Claimed>("kv.answer.claimed", (m, w) => w.Int(1, m.HighestSequenceNr), r => new Claimed(r.Int(1)));

    public static readonly Manifest JournalEvents = Manifest.Of<JournalEvents>(
        "kv.answer.journal-events",
        (m, w) => { w.Parts(1, KvShapes.Event, m.Events); w.Int(2, m.HighestSequenceNr); w.Flag(3, m.More); },
        r => new JournalEvents(r.Parts(1, KvShapes.Event), r.Int(2), r.Flag(3)));

    public static readonly Manifest IndexRows = Manifest.Of<IndexRows>(
        "kv.answer.index-rows", (m, w) => { w.Parts(1, KvShapes.Row, m.Rows); w.Flag(2, m.More); }, r => new IndexRows(r.Parts(1, KvShapes.Row), r.Flag(2)));

    public static readonly Manifest SnapshotFound = Manifest.Of<SnapshotFound>(
        "kv.answer.snapshot-found",
        (m, w) => { w.Int(1, m.SequenceNr); w.Int(2, m.Timestamp); w.Int(3, m.Chunks); },
        r => new SnapshotFound(r.Int(1), r.Int(2), checked((int)r.Int(3))));

    public static readonly Manifest SnapshotBytes = Manifest.Of<SnapshotBytes>(
        "kv.answer.snapshot-bytes",
        (m, w) => { w.Flag(1, m.Bytes is null); w.Bytes(2, m.Bytes.GetValueOrDefault().Span); },
        r => new SnapshotBytes(r.Bytes(2) is var bytes && r.Flag(1) ? null : bytes));

    public static readonly Manifest PagesRead = Manifest.Of<PagesRead>("kv.answer.pages-read", (m, w) => w.Pages(1, 2, m.Pages), r => new PagesRead(r.Pages(1, 2)));

    public static readonly Manifest PageKeys = Manifest.Of<PageKeys>(
        "kv.answer.page-keys", (m, w) => { w.UInts(1, m.Keys); w.Flag(2, m.More); }, r => new PageKeys(r.UInts(1), r.Flag(2)));

    public static readonly Manifest NumbersTaken = Manifest.Of<NumbersTaken>(
        "kv.answer.numbers-taken", (m, w) => { w.UInt(1, m.First); w.UInt(2, m.Count); }, r => new NumbersTaken(r.UInt(1), r.UInt(2)));

    public static readonly Manifest ConfigurationSet = Manifest.Of<ConfigurationSet>(
        "kv.answer.configuration-set", (m, w) => w.UInt(1, m.Version), r => new ConfigurationSet(r.UInt(1)));

    public static readonly Manifest ConfigurationRead = Manifest.Of<ConfigurationRead>(
        "kv.answer.configuration-read",
        (m, w) =>
        {
            w.UInt(1, m.Version);
            w.Flag(2, m.Values is null);
            if (m.Values is { } values) w.Map(3, values);
        },
        r => new ConfigurationRead(r.UInt(1), r.Map(3) is var values && r.Flag(2) ? null : values));

    public static readonly Manifest LongJournalsFound = Manifest.Of<LongJournalsFound>(
        "kv.answer.long-journals-found", (m, w) => { w.Parts(1, KvShapes.Id, m.Ids); w.Text(2, m.Next); }, r => new LongJournalsFound(r.Parts(1, KvShapes.Id), r.Text(2)));
}
