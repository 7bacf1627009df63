using System.Collections.Concurrent;
using Akka.Actor;

namespace Eos.Journal;

/// <summary>Takes items for an actor from any thread; the actor gets one notice for many.</summary>
internal sealed class Inlet<T>(IActorRef actor, object notice)
{
    private readonly ConcurrentQueue<T> _queue = new();
    private int _isNoticed;

    public void Put(T item)
    {
        _queue.Enqueue(item);
        if (Interlocked.Exchange(ref _isNoticed, 1) == 0) actor.Tell(notice, ActorRefs.NoSender);
    }

    /// <summary>What is there, in order; for the actor when it has the notice.</summary>
    public IEnumerable<T> Take()
    {
        Volatile.Write(ref _isNoticed, 0);
        Interlocked.MemoryBarrier();
        while (_queue.TryDequeue(out var next)) yield return next;
    }
}
