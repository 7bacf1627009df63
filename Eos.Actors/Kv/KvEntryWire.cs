using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>The fields of every entry.</summary>
internal static class KvEntryWire
{
    public static readonly Manifest UserCommands = Manifest.Of<UserCommands>(
        "kv.entry.user-commands", (m, w) => w.Requests(1, 2, m.Requests), r => new UserCommands(r.Requests(1, 2)));

    public static readonly Manifest ClearKeys = Manifest.Of<ClearKeys>(
        "kv.entry.clear-keys",
        (m, w) => { w.Bytes(1, m.From.Span); w.UInt(2, m.Rows); w.UInt(3, m.Bytes); },
        r => new ClearKeys(r.Bytes(1), r.UInt(2), r.UInt(3)));

    public static readonly Manifest Once = Manifest.Of<Once>(
        "kv.entry.once",
        (m, w) => { w.Value(1, KernelShapes.Op, m.Op); w.UInt(2, m.AnsweredBelow); w.Part(3, KvWire.Entry, m.Entry); },
        r => new Once(r.Part(1, KernelShapes.Op), r.UInt(2), r.Part(3, KvWire.Entry)));

    public static readonly Manifest AcquireLease = Manifest.Of<AcquireLease>(
        "kv.entry.acquire-lease",
        (m, w) => { w.Text(1, m.Name); w.Text(2, m.Holder); w.Span(3, m.Duration); },
        r => new AcquireLease(r.Text(1), r.Text(2), r.Span(3)));

    public static readonly Manifest AcquireRole = Manifest.Of<AcquireRole>(
        "kv.entry.acquire-role",
        (m, w) => { w.Text(1, m.Name); w.Text(2, m.Holder); w.Span(3, m.Duration); w.Text(4, m.Sessions); },
        r => new AcquireRole(r.Text(1), r.Text(2), r.Span(3), r.Text(4)));

    public static readonly Manifest RenewLease = Manifest.Of<RenewLease>(
        "kv.entry.renew-lease",
        (m, w) => { w.Text(1, m.Name); w.UInt(2, m.Token); w.Span(3, m.Duration); },
        r => new RenewLease(r.Text(1), r.UInt(2), r.Span(3)));

    public static readonly Manifest AcquireBound = Manifest.Of<AcquireBound>(
        "kv.entry.acquire-bound",
        (m, w) => { w.Text(1, m.Name); w.Text(2, m.Holder); w.Value(3, KvShapes.Fence, m.Session); },
        r => new AcquireBound(r.Text(1), r.Text(2), r.Part(3, KvShapes.Fence)));

    public static readonly Manifest ReleaseLease = Manifest.Of<ReleaseLease>(
        "kv.entry.release-lease", (m, w) => { w.Text(1, m.Name); w.UInt(2, m.Token); }, r => new ReleaseLease(r.Text(1), r.UInt(2)));

    public static readonly Manifest ClaimJournal = Manifest.Of<ClaimJournal>(
        "kv.entry.claim-journal",
        (m, w) => { w.Text(1, m.PersistenceId); w.Value(2, KvShapes.Fence, m.Fence); },
        r => new ClaimJournal(r.Text(1), r.Part(2, KvShapes.Fence)));

    public static readonly Manifest AppendJournal = Manifest.Of<AppendJournal>(
        "kv.entry.append-journal",
        (m, w) =>
        {
            w.Text(1, m.PersistenceId);
            w.Value(2, KvShapes.Fence, m.Fence);
            w.Int(3, m.ExpectedSequenceNr);
            w.ByteStrings(4, m.Events);
            w.Parts(5, KvShapes.Index, m.Index);
        },
        r => new AppendJournal(r.Text(1), r.Part(2, KvShapes.Fence), r.Int(3), r.ByteStrings(4), r.Parts(5, KvShapes.Index)));

    public static readonly Manifest TrimJournal = Manifest.Of<TrimJournal>(
        "kv.entry.trim-journal",
        (m, w) => { w.Text(1, m.PersistenceId); w.Value(2, KvShapes.Fence, m.Fence); w.Int(3, m.ToSequenceNr); },
        r => new TrimJournal(r.Text(1), r.Part(2, KvShapes.Fence), r.Int(3)));

    public static readonly Manifest PutSnapshot = Manifest.Of<PutSnapshot>(
        "kv.entry.put-snapshot",
        (m, w) =>
        {
            w.Text(1, m.PersistenceId);
            w.Value(2, KvShapes.Fence, m.Fence);
            w.Int(3, m.SequenceNr);
            w.Int(4, m.Timestamp);
            w.Int(5, m.Chunk);
            w.Int(6, m.Chunks);
            w.Bytes(7, m.Bytes.Span);
        },
        r => new PutSnapshot(r.Text(1), r.Part(2, KvShapes.Fence), r.Int(3), r.Int(4), checked((int)r.Int(5)), checked((int)r.Int(6)), r.Bytes(7)));

    public static readonly Manifest DropSnapshots = Manifest.Of<DropSnapshots>(
        "kv.entry.drop-snapshots",
        (m, w) =>
        {
            w.Text(1, m.PersistenceId);
            w.Value(2, KvShapes.Fence, m.Fence);
            w.Int(3, m.MinSequenceNr);
            w.Int(4, m.MaxSequenceNr);
            w.Int(5, m.MinTimestamp);
            w.Int(6, m.MaxTimestamp);
        },
        r => new DropSnapshots(r.Text(1), r.Part(2, KvShapes.Fence), r.Int(3), r.Int(4), r.Int(5), r.Int(6)));

    public static readonly Manifest PutPages = Manifest.Of<PutPages>(
        "kv.entry.put-pages",
        (m, w) => { w.Text(1, m.PersistenceId); w.Value(2, KvShapes.Fence, m.Fence); w.Pages(3, 4, m.Pages); },
        r => new PutPages(r.Text(1), r.Part(2, KvShapes.Fence), r.Pages(3, 4)));

    public static readonly Manifest DropPages = Manifest.Of<DropPages>(
        "kv.entry.drop-pages",
        (m, w) => { w.Text(1, m.PersistenceId); w.Value(2, KvShapes.Fence, m.Fence); w.UInts(3, m.Keys); },
        r => new DropPages(r.Text(1), r.Part(2, KvShapes.Fence), r.UInts(3)));

    public static readonly Manifest TakeNumbers = Manifest.Of<TakeNumbers>(
        "kv.entry.take-numbers", (m, w) => { w.Text(1, m.Counter); w.UInt(2, m.Count); }, r => new TakeNumbers(r.Text(1), r.UInt(2)));

    public static readonly Manifest SetConfiguration = Manifest.Of<SetConfiguration>(
        "kv.entry.set-configuration",
        (m, w) =>
        {
            w.Optional(1, m.IfVersion);
            w.Parts(2, KvShapes.Setting, m.Changes);
            if (m.Fence is { } fence) w.Value(3, KvShapes.Fence, fence);
        },
        r => new SetConfiguration(
            r.Optional(1), ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, r.Parts(2, KvShapes.Setting)), r.OptionalValue(3, KvShapes.Fence)));

    /// <summary>At least as many bytes as the entry needs, where most of them are foreseen: such an entry is written once and not copied.</summary>
    public static int Room(IEntry entry) => entry switch
    {
        UserCommands x => Room(x),
        AppendJournal x => 64 + 3 * x.PersistenceId.Length + 3 * x.Fence.Lease.Length + Room(x.Events) + x.Index.Sum(i => 32 + 3 * i.Index.Length + i.Key.Length + i.Value.Length),
        PutSnapshot x => 96 + 3 * x.PersistenceId.Length + 3 * x.Fence.Lease.Length + x.Bytes.Length,
        PutPages x => 96 + 3 * x.PersistenceId.Length + 3 * x.Fence.Lease.Length + x.Pages.Sum(p => 16 + p.Bytes.Length),
        ClearKeys x => 32 + x.From.Length,
        Once x => 48 + Room(x.Entry),
        _ => 128,
    };

    private static int Room(UserCommands entry)
    {
        var room = 16 + entry.Requests.Length;
        foreach (var request in entry.Requests) room += Room(request.Words);
        return room;
    }

    private static int Room(ImmutableArray<ReadOnlyMemory<byte>> words)
    {
        var room = 0;
        foreach (var word in words) room += word.Length + (word.Length < 128 ? 1 : 5);
        return room;
    }
}
