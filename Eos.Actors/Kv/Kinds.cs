using System.Collections.Frozen;
using Eos.Wire;

namespace Eos.Kv;

/// <summary>Bytes of a kind that this release has no row for: they were written by a later one.</summary>
public sealed class UnknownKindException(string what, uint kind)
    : Exception($"{what} of kind {kind}: not known to this release, a later one wrote it; this member must be upgraded before it can go on")
{
    public uint Kind { get; } = kind;
}

/// <summary>A table of kinds: the number in the bytes, and how the type is written and read.</summary>
internal sealed class Kinds<T> where T : class
{
    private readonly string _what;
    private readonly Manifest?[] _byNumber;
    private readonly FrozenDictionary<Type, (uint Number, Manifest Row)> _byType;

    public Kinds(string what, IReadOnlyList<(uint Number, Manifest Row)> rows)
    {
        _what = what;
        _byNumber = new Manifest?[rows.Max(r => r.Number) + 1];
        foreach (var (number, row) in rows) _byNumber[number] = row;
        _byType = rows.ToFrozenDictionary(r => r.Row.Type);
    }

    public IEnumerable<Manifest> Manifests => _byNumber.OfType<Manifest>();

    public ReadOnlyMemory<byte> Encode(T value, int room)
    {
        var (number, row) = _byType[value.GetType()];
        var writer = new FieldWriter(room);
        writer.Kind(number);
        row.Write(value, writer);
        return writer.Written;
    }

    public T Decode(ReadOnlyMemory<byte> bytes)
    {
        var kind = FieldReader.Kind(bytes, out var fields);
        if (kind >= (uint)_byNumber.Length || _byNumber[kind] is not { } row) throw new UnknownKindException(_what, kind);
        return (T)row.Decode(fields);
    }
}
