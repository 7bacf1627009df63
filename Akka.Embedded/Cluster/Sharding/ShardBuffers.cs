using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Messages that wait, by shard or by entity, at most <paramref name="capacity"/> in all.</summary>
internal sealed class ShardBuffers(int capacity)
{
    private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> waiting = [];
    private int count;

    public bool IsEmpty => count == 0;

    public IReadOnlyCollection<string> Keys => waiting.Keys;

    public bool Contains(string key) => waiting.ContainsKey(key);

    /// <summary>Holds the message; false if there is no room.</summary>
    public bool Add(string key, object message, IActorRef sender)
    {
        if (count >= capacity) return false;
        if (!waiting.TryGetValue(key, out var queue)) waiting[key] = queue = new();
        queue.Enqueue((message, sender));
        count++;
        return true;
    }

    /// <summary>Takes all that waits for the key, first come first.</summary>
    public IReadOnlyCollection<(object Message, IActorRef Sender)> Take(string key)
    {
        if (!waiting.Remove(key, out var queue)) return [];
        count -= queue.Count;
        return queue;
    }

    /// <summary>Takes out what waits for the key and is not to be kept; the rest stays in order.</summary>
    public IReadOnlyCollection<(object Message, IActorRef Sender)> TakeUnless(string key, Func<IActorRef, bool> keep)
    {
        var all = Take(key);
        foreach (var (message, sender) in all.Where(m => keep(m.Sender))) Add(key, message, sender);
        return all.Where(m => !keep(m.Sender)).ToList();
    }
}
