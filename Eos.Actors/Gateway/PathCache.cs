using System.Collections.Concurrent;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>
/// Names of sub-directories and attributes of directories that this gateway has seen lately. Keyed by (directory id, name), so that renaming a directory
/// touches one row. What is older than the time to live is not believed, unless the directory does not answer: then up to the grace. What this gateway changes
/// itself is forgotten at once. Shared by workers, lock-free.
/// </summary>
public sealed class PathCache(TimeSpan timeToLive, TimeSpan grace, int size)
{
    private volatile int _size = size;
    private readonly ConcurrentDictionary<(DirectoryId, string), Row<ChildEntry>> _children = new();
    private readonly ConcurrentDictionary<DirectoryId, Row<DirectoryRecord>> _records = new();

    /// <param name="Seen">When a directory said so.</param>
    /// <param name="Until">So long it is believed without a question.</param>
    private readonly record struct Row<T>(T Value, Instant Seen, Instant Until);

    public ChildEntry? Child(DirectoryId parent, string name, Instant now) =>
        _children.TryGetValue((parent, name), out var row) && now < row.Until ? row.Value : null;

    public DirectoryRecord? Record(DirectoryId directory, Instant now) =>
        _records.TryGetValue(directory, out var row) && now < row.Until ? row.Value : null;

    /// <summary>What the directory said last of itself and of that child, if that is not too long ago to go by while it does not answer.</summary>
    public (DirectoryRecord Record, ChildEntry Child)? Last(DirectoryId directory, string name, Instant now) =>
        _children.TryGetValue((directory, name), out var child) && _records.TryGetValue(directory, out var record) && now < child.Seen + grace && now < record.Seen + grace
            ? (record.Value, child.Value)
            : null;

    public void Remember(DirectoryId parent, ChildEntry child, Instant now)
    {
        if (_children.Count >= _size) _children.Clear();
        _children[(parent, child.Name)] = new(child, now, now + timeToLive);
    }

    public void Remember(DirectoryRecord record, Instant now)
    {
        if (_records.Count >= _size) _records.Clear();
        _records[record.Id] = new(record, now, now + timeToLive);
    }

    /// <summary>The directory did not answer: what it said last is believed for another time to live, so that not every request waits for it.</summary>
    public void Believe(DirectoryId directory, string name, Instant now)
    {
        if (_children.TryGetValue((directory, name), out var child)) _children.TryUpdate((directory, name), child with { Until = now + timeToLive }, child);
        if (_records.TryGetValue(directory, out var record)) _records.TryUpdate(directory, record with { Until = now + timeToLive }, record);
    }

    /// <summary>What was remembered, however old.</summary>
    public ChildEntry? Forget(DirectoryId parent, string name) => _children.TryRemove((parent, name), out var row) ? row.Value : null;

    public void Forget(DirectoryId directory) => _records.TryRemove(directory, out _);

    /// <summary>How many directories are remembered, and at most.</summary>
    public (int Occupancy, int Size) Figures => (_records.Count, _size);

    /// <summary>Another most; what is too much goes with the next that is learnt.</summary>
    public void Resize(int most) => _size = most;

    public void Clear()
    {
        _children.Clear();
        _records.Clear();
    }
}
