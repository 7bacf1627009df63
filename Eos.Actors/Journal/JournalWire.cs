using Eos.Wire;
using static Eos.Journal.KvDoorProtocol;

namespace Eos.Journal;

/// <summary>The bytes of what clients of the group and doors say to each other, and of an event as it is stored.</summary>
public static class JournalWire
{
    private static readonly Shape<Item> ItemShape = new(
        "kv-request",
        (v, w) => { w.UInt(1, v.Number); w.Bytes(2, v.Bytes.Span); },
        r => new Item(r.UInt(1), r.Bytes(2)));

    private static readonly Shape<Fate> FateShape = new(
        "kv-fate",
        (v, w) => { w.UInt(1, v.Number); w.UInt(2, (ulong)v.Kind); w.Bytes(3, v.Answer.Span); w.Text(4, v.Leader); w.Text(5, v.Why); },
        r => new Fate(r.UInt(1), (FateKind)r.UInt32(2), r.Bytes(3), r.Text(4), r.Text(5)));

    /// <summary>An event, with what is needed to read it again.</summary>
    internal static readonly Shape<StoredEvent> Stored = new(
        "stored-event",
        (v, w) =>
        {
            w.Bytes(1, v.Payload.Span);
            w.Int(2, v.SerializerId);
            w.Text(3, v.SerializerManifest);
            w.Text(4, v.Manifest);
            w.Text(5, v.Writer);
            w.Int(6, v.Timestamp);
        },
        r => new StoredEvent(r.Bytes(1), checked((int)r.Int(2)), r.Text(3), r.Text(4), r.Text(5), r.Int(6)));

    /// <summary>A snapshot; cut into pieces it is stored.</summary>
    internal static readonly Shape<StoredSnapshot> Snapshot = new(
        "stored-snapshot",
        (v, w) => { w.Bytes(1, v.Payload.Span); w.Int(2, v.SerializerId); w.Text(3, v.SerializerManifest); },
        r => new StoredSnapshot(r.Bytes(1), checked((int)r.Int(2)), r.Text(3)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<Requests>(
            "kv.requests",
            (m, w) => { w.Parts(1, ItemShape, m.Entries); w.Parts(2, ItemShape, m.Questions); },
            r => new Requests(r.Parts(1, ItemShape), r.Parts(2, ItemShape))),
        Manifest.Of<Answers>(
            "kv.answers",
            (m, w) => { w.Parts(1, FateShape, m.Entries); w.Parts(2, FateShape, m.Questions); },
            r => new Answers(r.Parts(1, FateShape), r.Parts(2, FateShape))),
        // these lie in the rows of the group or in a snapshot store and are no messages: they stand here so that the contract keeps them
        Manifest.Of("journal.e.stored", Stored.Write, Stored.Read),
        Manifest.Of("journal.stored-snapshot", Snapshot.Write, Snapshot.Read),
        Manifest.Of<StoredPage>("journal.page", (m, w) => w.Bytes(1, m.Bytes.Span), r => new StoredPage(r.Bytes(1))),
    ];
}

/// <summary>An event as the group keeps it.</summary>
/// <param name="SerializerManifest">What its serializer needs to know the type.</param>
/// <param name="Manifest">What its event adapter wrote; mostly empty.</param>
/// <param name="Timestamp">UTC ticks of the write, by the writer's clock.</param>
internal sealed record StoredEvent(ReadOnlyMemory<byte> Payload, int SerializerId, string SerializerManifest, string Manifest, string Writer, long Timestamp);

/// <summary>A snapshot as the group keeps it.</summary>
internal sealed record StoredSnapshot(ReadOnlyMemory<byte> Payload, int SerializerId, string SerializerManifest);
