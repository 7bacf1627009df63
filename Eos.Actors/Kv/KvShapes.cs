using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Eos.Kernel;
using Eos.Wire;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>The shapes of the values within entries, questions and answers.</summary>
internal static class KvShapes
{
    public static readonly Shape<Fence> Fence = new(
        "kv-fence", (v, w) => { w.Text(1, v.Lease); w.UInt(2, v.Token); }, r => new Fence(r.Text(1), r.UInt(2)));

    public static readonly Shape<IndexOp> Index = new(
        "kv-index-op",
        (v, w) =>
        {
            w.Text(1, v.Index);
            w.Bytes(2, v.Key.Span);
            w.UInt(3, (ulong)v.Change);
            w.Bytes(4, v.Value.Span);
            w.Int(5, v.Number);
        },
        r => new IndexOp(r.Text(1), r.Bytes(2), Change(r.UInt32(3)), r.Bytes(4), r.Int(5)));

    public static readonly Shape<KvRow> Row = new(
        "kv-row", (v, w) => { w.Bytes(1, v.Key.Span); w.Bytes(2, v.Value.Span); }, r => new KvRow(r.Bytes(1), r.Bytes(2)));

    public static readonly Shape<string> Id = new("kv-id", (v, w) => w.Text(1, v), r => r.Text(1));

    public static readonly Shape<LeaseRow> Lease = new(
        "kv-lease",
        (v, w) => { w.Text(1, v.Name); w.Text(2, v.Holder); w.UInt(3, v.Token); w.Span(4, v.Remaining); },
        r => new LeaseRow(r.Text(1), r.Text(2), r.UInt(3), r.Span(4)));

    public static readonly Shape<JournalEvent> Event = new(
        "kv-journal-event", (v, w) => { w.Int(1, v.SequenceNr); w.Bytes(2, v.Bytes.Span); }, r => new JournalEvent(r.Int(1), r.Bytes(2)));

    /// <summary>A change of the configuration: the flag says that the key goes.</summary>
    public static readonly Shape<KeyValuePair<string, string?>> Setting = new(
        "kv-setting",
        (v, w) => { w.Text(1, v.Key); w.Text(2, v.Value ?? ""); w.Flag(3, v.Value is null); },
        r => KeyValuePair.Create(r.Text(1), r.Text(2) is var value && r.Flag(3) ? null : value));

    /// <summary>Requests as two fields: how many words each has, and all words.</summary>
    public static void Requests(this FieldWriter w, int counts, int words, ImmutableArray<Request> requests)
    {
        var sizes = new ulong[requests.Length];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = (ulong)requests[i].Count;
        w.UInts(counts, sizes);
        w.ByteStrings(words, requests.Length == 1 ? requests[0].Words : [.. requests.SelectMany(r => r.Words)]);
    }

    public static ImmutableArray<Request> Requests(this FieldReader r, int counts, int words)
    {
        var (sizes, all) = (r.UInts(counts), r.ByteStrings(words));
        if (sizes.Length == 1 && sizes[0] == (ulong)all.Length) return [new Request(all)];
        var requests = new Request[sizes.Length];
        var at = 0;
        for (var i = 0; i < requests.Length; i++)
        {
            if (sizes[i] > (ulong)(all.Length - at)) throw new InvalidDataException("requests have fewer words than they say");
            requests[i] = new Request(ImmutableArray.Create(all, at, (int)sizes[i]));
            at += (int)sizes[i];
        }
        if (at != all.Length) throw new InvalidDataException("requests have more words than they say");
        return ImmutableCollectionsMarshal.AsImmutableArray(requests);
    }

    /// <summary>Pages as two fields: all keys, and all bytes.</summary>
    public static void Pages(this FieldWriter w, int keys, int bytes, ImmutableArray<PageRow> pages)
    {
        w.UInts(keys, [.. pages.Select(p => p.Key)]);
        w.ByteStrings(bytes, [.. pages.Select(p => p.Bytes)]);
    }

    public static ImmutableArray<PageRow> Pages(this FieldReader r, int keys, int bytes)
    {
        var (all, parts) = (r.UInts(keys), r.ByteStrings(bytes));
        return all.Length == parts.Length ? [.. all.Zip(parts, (key, part) => new PageRow(key, part))] : throw new InvalidDataException("pages have not as many keys as bytes");
    }

    private static IndexChange Change(uint number) =>
        Enum.IsDefined((IndexChange)number) ? (IndexChange)number : throw new InvalidDataException($"index change {number}");
}
