using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Wire;

/// <summary>The shapes of the values that every room uses.</summary>
public static class KernelShapes
{
    public static readonly Shape<OpId> Op = new(
        "op",
        (v, w) => { w.Id(1, v.Client); w.UInt(2, v.Number); },
        r => new OpId(r.Bytes(1) is { Length: 16 } id ? new Guid(id.Span, bigEndian: true) : default, r.UInt(2)));

    public static readonly Shape<OpenId> Open = new("open", (v, w) => Op.Write(v.Op, w), r => new OpenId(Op.Read(r)));

    public static readonly Shape<Checksum> Sum = new(
        "checksum",
        (v, w) => { w.UInt(1, (ulong)v.Type); w.Text(2, v.Hex); },
        r => new Checksum((ChecksumType)r.UInt(1), r.Text(2)));

    private static readonly Shape<KeyValuePair<string, string>> Pair = new(
        "pair", (v, w) => { w.Text(1, v.Key); w.Text(2, v.Value); }, r => KeyValuePair.Create(r.Text(1), r.Text(2)));

    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    public static void At(this FieldWriter w, int field, Instant value) => w.Int(field, value.Nanoseconds);
    public static Instant At(this FieldReader r, int field) => new(r.Int(field));

    public static void Span(this FieldWriter w, int field, TimeSpan value) => w.Int(field, value.Ticks);
    public static TimeSpan Span(this FieldReader r, int field) => new(r.Int(field));

    public static void Filesystems(this FieldWriter w, int field, ImmutableArray<FsId> values) => w.UInts(field, [.. values.Select(v => (ulong)v.Value)]);
    public static ImmutableArray<FsId> Filesystems(this FieldReader r, int field) => r.UInts(field) is { IsEmpty: false } ids ? [.. ids.Select(v => new FsId(checked((uint)v)))] : [];

    public static void Files(this FieldWriter w, int field, IEnumerable<FileId> values) => w.UInts(field, [.. values.Select(v => v.Value)]);
    public static ImmutableArray<FileId> Files(this FieldReader r, int field) => [.. r.UInts(field).Select(v => new FileId(v))];

    public static void Map(this FieldWriter w, int field, ImmutableSortedDictionary<string, string> values) => w.Parts(field, Pair, values);

    public static ImmutableSortedDictionary<string, string> Map(this FieldReader r, int field) =>
        r.Parts(field, Pair) is { IsEmpty: false } pairs ? NoPairs.AddRange(pairs) : NoPairs;
}
