using System.Collections.Concurrent;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>
/// Names of sub-directories and attributes of directories that this gateway has seen lately. Keyed by (directory id, name), so that renaming a directory
/// touches one row. What is older than the time to live is not believed; what this gateway changes itself is forgotten at once. Shared by workers, lock-free.
/// </summary>
public sealed class PathCache(TimeSpan timeToLive, int size)
{
    private readonly ConcurrentDictionary<(DirectoryId, string), (ChildEntry Child, Instant At)> _children = new();
    private readonly ConcurrentDictionary<DirectoryId, (DirectoryRecord Record, Instant At)> _records = new();

    public ChildEntry? Child(DirectoryId parent, string name, Instant now) =>
        _children.TryGetValue((parent, name), out var row) && now - row.At < timeToLive ? row.Child : null;

    public DirectoryRecord? Record(DirectoryId directory, Instant now) =>
        _records.TryGetValue(directory, out var row) && now - row.At < timeToLive ? row.Record : null;

    public void Remember(DirectoryId parent, ChildEntry child, Instant now)
    {
        if (_children.Count >= size) _children.Clear();
        _children[(parent, child.Name)] = (child, now);
    }

    public void Remember(DirectoryRecord record, Instant now)
    {
        if (_records.Count >= size) _records.Clear();
        _records[record.Id] = (record, now);
    }

    public void Forget(DirectoryId parent, string name) => _children.TryRemove((parent, name), out _);

    public void Forget(DirectoryId directory) => _records.TryRemove(directory, out _);
}
