namespace Eos.Kv;

/// <summary>
/// Rows in memory before a file: those that changed since it was written, and as many others as there is room for. Changes have generations: those of the
/// current one can still change, those of the one before are being written.
/// </summary>
internal sealed class StateRows
{
    private readonly StateReader _file;
    private readonly long _room;
    private readonly Dictionary<byte[], StateRow> _rows = new(KeyBytes.Instance);
    private readonly Dictionary<byte[], StateRow>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private readonly Queue<StateRow> _clock = [];
    private readonly List<StateRow> _changed = [];
    private FreshKeys _fresh = new();
    private FreshKeys _writingFresh = new();
    private StateRow? _last;
    private long _generation = 1;
    private long _writtenGeneration;
    private long _bytes;

    public StateRows(StateReader file, long room)
    {
        (_file, _room) = (file, room);
        _bySpan = _rows.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The file has no row at all: no need to look.</summary>
    public bool FileIsEmpty { get; set; }

    /// <summary>All rows in memory.</summary>
    public long Bytes => _bytes;

    public long ChangedBytes { get; private set; }

    public long WritingBytes { get; private set; }

    public byte[]? Get(ReadOnlySpan<byte> key)
    {
        var row = Find(key) ?? Add(key, FileIsEmpty ? null : _file.Get(key));
        row.Used = true;
        return row.Value;
    }

    public void Set(ReadOnlySpan<byte> key, byte[]? value)
    {
        var row = Find(key) ?? Add(key, null);
        if (row.Value is null && value is not null && row.Fresh != _generation)
        {
            row.Fresh = _generation;
            _fresh.Add(row.Key);
        }
        var before = row.Size;
        row.Value = value;
        _bytes += row.Size - before;
        if (row.Changed == _generation)
        {
            ChangedBytes += row.Size - before;
            return;
        }
        row.Changed = _generation;
        _changed.Add(row);
        ChangedBytes += row.Size;
    }

    /// <summary>Memory and file merged in the order of keys.</summary>
    public IEnumerable<KvRow> Range(ReadOnlyMemory<byte> from, ReadOnlyMemory<byte> until)
    {
        if (from.Span.SequenceCompareTo(until.Span) >= 0) yield break;
        var (first, end) = (from.ToArray(), until.ToArray());
        using var fresh = Fresh(first, end).GetEnumerator();
        using var file = (FileIsEmpty ? [] : _file.Range(first, end)).GetEnumerator();
        var (hasFresh, hasFile) = (fresh.MoveNext(), file.MoveNext());
        while (hasFresh || hasFile)
        {
            var order = !hasFile ? -1 : !hasFresh ? 1 : fresh.Current.AsSpan().SequenceCompareTo(file.Current.Key.Span);
            var row = order <= 0 ? Now(fresh.Current) : Now(file.Current);
            if (order <= 0) hasFresh = fresh.MoveNext();
            if (order >= 0) hasFile = file.MoveNext();
            if (row is { } found) yield return found;
        }
    }

    /// <summary>Ends the generation: its rows, to be written.</summary>
    public KeyValuePair<byte[], byte[]?>[] TakeChanged()
    {
        var taken = new KeyValuePair<byte[], byte[]?>[_changed.Count];
        for (var i = 0; i < taken.Length; i++) taken[i] = new(_changed[i].Key, _changed[i].Value);
        _changed.Clear();
        _generation++;
        (WritingBytes, ChangedBytes) = (ChangedBytes, 0);
        (_writingFresh, _fresh) = (_fresh, new FreshKeys());
        return taken;
    }

    /// <summary>What was taken is in the file, and every read of the file from now on sees it.</summary>
    public void Written()
    {
        _writtenGeneration = _generation - 1;
        WritingBytes = 0;
        _writingFresh = new FreshKeys();
    }

    /// <summary>Drops rows that the file has until the rest fits: those first that were not looked at for long (second chance).</summary>
    public void Evict()
    {
        var room = _room + ChangedBytes + WritingBytes;
        for (var tries = _clock.Count; _bytes > room && tries > 0; tries--)
        {
            var row = _clock.Dequeue();
            if (row.Used || row.Changed > _writtenGeneration)
            {
                row.Used = false;
                _clock.Enqueue(row);
                continue;
            }
            _rows.Remove(row.Key);
            _bytes -= row.Size;
        }
        _last = null;
    }

    private StateRow? Find(ReadOnlySpan<byte> key)
    {
        if (_last is { } last && key.SequenceEqual(last.Key)) return last;
        return _bySpan.TryGetValue(key, out var row) ? _last = row : null;
    }

    private StateRow Add(ReadOnlySpan<byte> key, byte[]? value)
    {
        var row = new StateRow(key.ToArray(), value);
        _rows.Add(row.Key, row);
        _clock.Enqueue(row);
        _bytes += row.Size;
        return _last = row;
    }

    private KvRow? Now(byte[] fresh) => _rows[fresh].Value is { } value ? new KvRow(fresh, value) : null;

    private KvRow? Now(KvRow stored)
    {
        if (!_bySpan.TryGetValue(stored.Key.Span, out var row)) return stored;
        return row.Value is { } value ? new KvRow(row.Key, value) : null;
    }

    /// <summary>Keys that the file may lack, each once.</summary>
    private IEnumerable<byte[]> Fresh(byte[] from, byte[] until)
    {
        if (_writingFresh.IsEmpty) return _fresh.IsEmpty ? [] : _fresh.Range(from, until);
        return _fresh.IsEmpty ? _writingFresh.Range(from, until) : Merged(_writingFresh.Range(from, until), _fresh.Range(from, until));
    }

    private static IEnumerable<byte[]> Merged(IEnumerable<byte[]> one, IEnumerable<byte[]> two)
    {
        using var a = one.GetEnumerator();
        using var b = two.GetEnumerator();
        var (hasA, hasB) = (a.MoveNext(), b.MoveNext());
        while (hasA || hasB)
        {
            var order = !hasB ? -1 : !hasA ? 1 : a.Current.AsSpan().SequenceCompareTo(b.Current);
            yield return order <= 0 ? a.Current : b.Current;
            if (order <= 0) hasA = a.MoveNext();
            if (order >= 0) hasB = b.MoveNext();
        }
    }
}
