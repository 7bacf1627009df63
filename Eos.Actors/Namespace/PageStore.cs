using System.Collections.Immutable;
using Eos.Wire;

namespace Eos.Namespace;

/// <summary>The bytes of pages: by themselves, and in the manifest that a snapshot is.</summary>
public static class PageStore
{
    private static readonly Shape<ImmutableArray<byte[]>> Records = new(
        "entry-page",
        (v, w) => w.ByteStrings(1, [.. v.Select(r => (ReadOnlyMemory<byte>)r)]),
        r => [.. r.ByteStrings(1).Select(b => b.ToArray())]);

    private static readonly Shape<IdRange> Range = new(
        "id-range", (v, w) => { w.UInt(1, v.Last); w.UInt(2, v.Last - v.First); }, r => r.UInt(1) is var last && r.UInt(2) is var width ? new IdRange(last - width, last) : default);

    /// <summary>In a manifest: the records themselves (1), or under which key they are stored (2) and what is known of them (3 to 7).</summary>
    public static readonly Shape<EntryPage> Page = new(
        "page",
        (v, w) =>
        {
            if (v.Key == 0)
            {
                w.ByteStrings(1, [.. v.Held.Select(r => (ReadOnlyMemory<byte>)r)]);
                return;
            }
            w.UInt(2, v.Key);
            w.Text(3, v.First);
            w.UInt(4, (ulong)v.Count);
            w.UInt(5, (ulong)v.Weight);
            w.Value(6, Range, v.Head.Files);
            w.Value(7, Range, v.Head.Children);
        },
        r =>
        {
            var (records, key) = (r.ByteStrings(1), r.UInt(2));
            var head = new PageHead(r.Text(3), checked((int)r.UInt(4)), checked((int)r.UInt(5)), r.Part(6, Range), r.Part(7, Range));
            return records.IsEmpty ? new EntryPage(head, key) : EntryPage.Of([.. records.Select(b => b.ToArray())]);
        });

    /// <summary>A page's records as one piece.</summary>
    public static ReadOnlyMemory<byte> Encode(EntryPage page) => Records.Encode(page.Held);

    public static ImmutableArray<byte[]> Decode(ReadOnlyMemory<byte> bytes) => Records.Decode(bytes);
}
