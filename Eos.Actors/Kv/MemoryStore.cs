namespace Eos.Kv;

/// <summary>Rows in memory: a table for single keys and a tree for their order. Overwriting a row costs no search of the tree.</summary>
public sealed class MemoryStore : IKvStore
{
    private readonly Dictionary<byte[], byte[]> _rows = new(KeyBytes.Instance);
    private readonly SortedSet<byte[]> _order = new(KeyBytes.Instance);
    private readonly Dictionary<byte[], byte[]>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;

    public MemoryStore() => _bySpan = _rows.GetAlternateLookup<ReadOnlySpan<byte>>();

    public KvMark Mark { get; private set; }

    public int Count => _rows.Count;

    public ReadOnlyMemory<byte>? Get(ReadOnlySpan<byte> key) => _bySpan.TryGetValue(key, out var value) ? value : default(ReadOnlyMemory<byte>?);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_bySpan.ContainsKey(key))
        {
            _bySpan[key] = value.ToArray();
            return;
        }
        var stored = key.ToArray();
        _rows.Add(stored, value.ToArray());
        _order.Add(stored);
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        if (_bySpan.Remove(key, out var stored, out _)) _order.Remove(stored);
    }

    public IEnumerable<KvRow> Range(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> until)
    {
        if (from.Span.SequenceCompareTo(until.Span) >= 0) yield break;
        var end = until.ToArray();
        foreach (var key in _order.GetViewBetween(from.ToArray(), end))
        {
            if (key.AsSpan().SequenceEqual(end)) yield break;
            yield return new KvRow(key, _rows[key]);
        }
    }

    public void Commit(KvMark mark) => Mark = mark;
}
