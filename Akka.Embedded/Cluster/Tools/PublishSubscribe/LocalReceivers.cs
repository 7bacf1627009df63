using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>The receivers on this node, by key. Each change answers the keys that now have other standing: a first receiver, or none.</summary>
internal sealed class LocalReceivers
{
    private readonly Dictionary<Key, List<IActorRef>> receivers = [];
    private readonly Dictionary<IActorRef, HashSet<Key>> keys = [];

    public IReadOnlyList<IActorRef> Of(Key key) => receivers.TryGetValue(key, out var all) ? all : [];

    public IEnumerable<Key> Add(Key key, IActorRef actor)
    {
        if (!receivers.TryGetValue(key, out var all)) receivers[key] = all = [];
        if (all.Contains(actor)) return [];
        all.Add(actor);
        if (!keys.TryGetValue(actor, out var its)) keys[actor] = its = [];
        its.Add(key);
        return [key];
    }

    /// <param name="ended">Actors that receive nothing any more.</param>
    public IEnumerable<Key> Remove(Key key, IActorRef actor, out IReadOnlyList<IActorRef> ended)
    {
        ended = [];
        if (!receivers.TryGetValue(key, out var all) || !all.Remove(actor)) return [];
        if (all.Count == 0) receivers.Remove(key);
        keys[actor].Remove(key);
        if (keys[actor].Count > 0) return [key];
        keys.Remove(actor);
        ended = [actor];
        return [key];
    }

    public IEnumerable<Key> RemoveKey(Key key, out IReadOnlyList<IActorRef> ended)
    {
        var gone = new List<IActorRef>();
        foreach (var actor in Of(key).ToList())
        {
            Remove(key, actor, out var one);
            gone.AddRange(one);
        }
        ended = gone;
        return [key];
    }

    public IEnumerable<Key> RemoveActor(IActorRef actor)
    {
        var its = keys.TryGetValue(actor, out var all) ? all.ToList() : [];
        foreach (var key in its) Remove(key, actor, out _);
        return its;
    }
}
