using System.Buffers.Binary;
using System.Collections.Immutable;
using Eos.Raft;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// Named indexes over what journals hold. Each journal has rows of its own, so that a directory that forgets a file does not take away what another one said of
/// it; who reads sees one row for each key: of bytes the newest, of numbers the sum.
/// </summary>
internal sealed class Indexes(KeySpace rows)
{
    private const int MaxRows = 10_000;
    private const int MaxPage = 4 << 20;

    private const byte OfBytes = 0;
    private const byte OfNumber = 1;

    public void Apply(ReadOnlySpan<byte> journal, ImmutableArray<IndexOp> changes, LogIndex index)
    {
        byte[] owner = [(byte)(Slots.Of(journal) >> 8), (byte)Slots.Of(journal), .. journal];
        foreach (var change in changes) Apply(owner, change, index);
    }

    public IAnswer Scan(ScanIndex question)
    {
        var (prefix, after) = (Escaped(question.Prefix.Span), Escaped(question.After.Span));
        var under = (byte[])[.. Whole(question.Index), .. prefix];
        var from = default(ReadOnlyMemory<byte>);
        if (question.After.Length > 0)
        {
            if (after.AsSpan().StartsWith(prefix)) from = (byte[])[.. after[prefix.Length..], 0, 1];
            else if (after.AsSpan().SequenceCompareTo(prefix) > 0) return new IndexRows([], false);
        }
        var found = ImmutableArray.CreateBuilder<KvRow>();
        var (max, room) = (Math.Clamp(question.MaxRows, 1, MaxRows), MaxPage);
        foreach (var row in Merged(rows.Under(under, from), prefix))
        {
            if (found.Count == max || (room -= row.Key.Length + row.Value.Length) < 0) return new IndexRows(found.ToImmutable(), true);
            found.Add(row);
        }
        return new IndexRows(found.ToImmutable(), false);
    }

    private void Apply(byte[] owner, IndexOp change, LogIndex index)
    {
        byte[] key = [.. Whole(change.Index), .. Keys.Hinted(change.Key.Span, owner)];
        switch (change.Change)
        {
            case IndexChange.Set: rows.Put(key, Value(OfBytes, index, change.Value.Span)); break;
            case IndexChange.Delete: rows.Delete(key); break;
            case IndexChange.Add:
                var sum = unchecked(change.Number + (rows.Get(key) is { } row && row.Span[0] == OfNumber ? Number(row.Span[9..]) : 0));
                if (sum == 0) rows.Delete(key);
                else rows.Put(key, Value(OfNumber, index, Keys.Number((ulong)sum)));
                break;
            default: throw new InvalidOperationException($"no rule for index change {change.Change}");
        }
    }

    /// <summary>One row for each key, from rows that are ordered by key and then by the journals that wrote them.</summary>
    private static IEnumerable<KvRow> Merged(IEnumerable<KvRow> found, byte[] prefix)
    {
        (byte[] Key, byte Kind, ulong Index, ReadOnlyMemory<byte> Value)? open = null;
        foreach (var row in found)
        {
            var key = Keys.Unhinted([.. prefix, .. row.Key.Span]).Hint;
            var (kind, index, value) = (row.Value.Span[0], Keys.Number(row.Value.Span[1..]), row.Value[9..]);
            if (open is { } before)
            {
                if (!before.Key.AsSpan().SequenceEqual(key)) yield return new KvRow(before.Key, before.Value);
                else if (kind == OfNumber && before.Kind == OfNumber)
                    value = Keys.Number((ulong)unchecked(Number(before.Value.Span) + Number(value.Span)));
                else if (before.Index >= index) (kind, index, value) = (before.Kind, before.Index, before.Value);
            }
            open = (key, kind, index, value);
        }
        if (open is { } last) yield return new KvRow(last.Key, last.Value);
    }

    private static byte[] Whole(string index)
    {
        var name = SystemKeys.Bytes(index);
        var key = new byte[5 + name.Length];
        key[0] = (byte)'i';
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), name.Length);
        name.CopyTo(key, 5);
        return key;
    }

    private static byte[] Escaped(ReadOnlySpan<byte> key) => Keys.Hinted(key, default)[..^2];

    private static byte[] Value(byte kind, LogIndex index, ReadOnlySpan<byte> value) => [kind, .. Keys.Number(index.Value), .. value];

    private static long Number(ReadOnlySpan<byte> bytes) => (long)Keys.Number(bytes);
}
