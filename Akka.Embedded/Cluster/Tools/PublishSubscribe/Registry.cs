using System.Collections.Immutable;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>What is registered: a topic with subscribers, a group of a topic, or an actor under its path. Values travel.</summary>
internal enum KeyKind : byte
{
    Topic = 1,
    Group = 2,
    Path = 3,
}

/// <summary>Something that a node has receivers for. <see cref="Group"/> is "" unless the kind is Group.</summary>
internal readonly record struct Key(KeyKind Kind, string Name, string Group)
{
    public static Key Of(string topic, string? group) =>
        string.IsNullOrEmpty(group) ? new(KeyKind.Topic, topic, "") : new(KeyKind.Group, topic, group);

    public static Key Path(string path) => new(KeyKind.Path, path, "");
}

/// <summary>Whether the key is registered, as of that version of its bucket. A removal is kept for a while so that it travels.</summary>
internal readonly record struct Entry(long Version, bool Present);

/// <summary>What one node has registered; its version is the highest of its entries.</summary>
internal sealed record Bucket(long Version, ImmutableDictionary<Key, Entry> Entries)
{
    public static readonly Bucket Empty = new(0, ImmutableDictionary<Key, Entry>.Empty);
}

/// <summary>All changes of one bucket after <see cref="Since"/> up to <see cref="Version"/>.</summary>
internal sealed record BucketDelta(UniqueAddress Owner, long Since, long Version, ImmutableList<KeyValuePair<Key, Entry>> Changes);

/// <summary>
/// Who has receivers for what, in the whole cluster: one bucket for each node's incarnation, changed by that node alone, so merging
/// needs no rule but "later version wins". Versions are milliseconds or one more than the last, whichever is more.
/// </summary>
internal sealed record Registry(ImmutableDictionary<UniqueAddress, Bucket> Buckets)
{
    public static readonly Registry Empty = new(ImmutableDictionary<UniqueAddress, Bucket>.Empty);

    public long VersionOf(UniqueAddress owner) => Buckets.TryGetValue(owner, out var b) ? b.Version : 0;

    public ImmutableDictionary<UniqueAddress, long> Versions => Buckets.ToImmutableDictionary(b => b.Key, b => b.Value.Version);

    public bool Has(UniqueAddress owner, Key key) =>
        Buckets.TryGetValue(owner, out var b) && b.Entries.TryGetValue(key, out var e) && e.Present;

    public IEnumerable<UniqueAddress> OwnersOf(Key key) => Buckets.Keys.Where(owner => Has(owner, key));

    public IEnumerable<Key> Keys => Buckets.Values.SelectMany(b => b.Entries).Where(e => e.Value.Present).Select(e => e.Key).Distinct();

    /// <summary>Registers or removes a key of the owner's; what is so already changes nothing.</summary>
    public Registry Set(UniqueAddress owner, Key key, bool present, long nowMs)
    {
        if (Has(owner, key) == present) return this;
        var bucket = Buckets.GetValueOrDefault(owner, Bucket.Empty);
        var version = Math.Max(bucket.Version + 1, nowMs);
        return With(owner, new Bucket(version, bucket.Entries.SetItem(key, new Entry(version, present))));
    }

    /// <summary>What a holder of those versions lacks, at most <paramref name="limit"/> changes, oldest first so that a cut leaves no hole.</summary>
    public ImmutableList<BucketDelta> DeltaFor(IReadOnlyDictionary<UniqueAddress, long> versions, int limit)
    {
        var deltas = ImmutableList.CreateBuilder<BucketDelta>();
        foreach (var (owner, bucket) in Buckets)
        {
            var since = versions.GetValueOrDefault(owner, 0);
            if (bucket.Version <= since || limit <= 0) continue;
            var all = bucket.Entries.Where(e => e.Value.Version > since).OrderBy(e => e.Value.Version).ToList();
            var part = all.Take(limit).ToImmutableList();
            limit -= part.Count;
            deltas.Add(new BucketDelta(owner, since, part.Count == all.Count ? bucket.Version : part[^1].Value.Version, part));
        }
        return deltas.ToImmutable();
    }

    /// <summary>Merges changes of known nodes; one that begins after what is known here would leave a hole and is left out.</summary>
    public Registry Merge(IEnumerable<BucketDelta> deltas, Func<UniqueAddress, bool> known)
    {
        var result = this;
        foreach (var delta in deltas)
        {
            var bucket = result.Buckets.GetValueOrDefault(delta.Owner, Bucket.Empty);
            if (!known(delta.Owner) || delta.Since > bucket.Version || delta.Version <= bucket.Version) continue;
            var later = delta.Changes.Where(c => !bucket.Entries.TryGetValue(c.Key, out var e) || e.Version < c.Value.Version);
            result = result.With(delta.Owner, new Bucket(delta.Version, bucket.Entries.SetItems(later)));
        }
        return result;
    }

    public Registry Forget(UniqueAddress owner) => new(Buckets.Remove(owner));

    /// <summary>Drops removals that are older than <paramref name="ttlMs"/> by their bucket's own time.</summary>
    public Registry Prune(long ttlMs) => new(Buckets.ToImmutableDictionary(b => b.Key, b => b.Value with
    {
        Entries = b.Value.Entries.RemoveRange(b.Value.Entries.Where(e => !e.Value.Present && e.Value.Version < b.Value.Version - ttlMs).Select(e => e.Key)),
    }));

    private Registry With(UniqueAddress owner, Bucket bucket) => new(Buckets.SetItem(owner, bucket));
}
