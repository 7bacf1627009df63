namespace Eos.Kv;

/// <summary>Keys that were put and may not be in the file yet, in order. Ordering is done only when somebody asks for a range.</summary>
internal sealed class FreshKeys
{
    private readonly SortedSet<byte[]> _ordered = new(KeyBytes.Instance);
    private readonly List<byte[]> _pending = [];

    public bool IsEmpty => _ordered.Count == 0 && _pending.Count == 0;

    public void Add(byte[] key) => _pending.Add(key);

    /// <summary>Those with from &lt;= key &lt; until, ascending.</summary>
    public IEnumerable<byte[]> Range(byte[] from, byte[] until)
    {
        foreach (var key in _pending) _ordered.Add(key);
        _pending.Clear();
        return _ordered.Count == 0 ? [] : Within(_ordered.GetViewBetween(from, until), until);
    }

    private static IEnumerable<byte[]> Within(SortedSet<byte[]> view, byte[] until)
    {
        foreach (var key in view)
        {
            if (key.AsSpan().SequenceEqual(until)) yield break;
            yield return key;
        }
    }
}
