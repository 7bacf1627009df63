using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Puts messages aside for later.</summary>
public interface IStash
{
    /// <summary>Puts the current message aside.</summary>
    void Stash();

    /// <summary>Puts the oldest stashed message at the head of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all stashed messages, oldest first, at the head of the mailbox.</summary>
    void UnstashAll();

    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Empties the stash and returns what was in it.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages at the head of the stash.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);

    int Count { get; }

    bool IsEmpty { get; }

    bool NonEmpty { get; }

    bool IsFull { get; }

    /// <summary>-1: unbounded.</summary>
    int Capacity { get; }
}

/// <summary>Has a stash.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}

/// <summary>Has a stash as large as its mailbox settings say.</summary>
public interface IWithStash : IActorStash
{
}

/// <summary>Has a stash without bound.</summary>
public interface IWithUnboundedStash : IWithStash
{
}

/// <summary>Has a stash without bound and asks nothing of its mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash
{
}

/// <summary>The stash of one incarnation; used in the actor's own turn only.</summary>
internal sealed class Stash : IStash
{
    private readonly ActorCell _cell;
    private readonly LinkedList<Envelope> _stashed = new();
    private object? _last;

    public Stash(ActorCell cell, ActorBase actor, int capacity)
    {
        _cell = cell;
        Capacity = actor is IWithUnboundedStash or IWithUnrestrictedStash ? -1 : capacity;
    }

    public int Capacity { get; }

    public int Count => _stashed.Count;

    public bool IsEmpty => _stashed.Count == 0;

    public bool NonEmpty => _stashed.Count > 0;

    public bool IsFull => Capacity > 0 && _stashed.Count >= Capacity;

    void IStash.Stash()
    {
        var message = _cell.CurrentMessage ?? throw new IllegalActorStateException("there is no current message to stash");
        if (_stashed.Count > 0 && ReferenceEquals(_last, message) && ReferenceEquals(_stashed.Last!.Value.Sender, _cell.Sender) && !message.GetType().IsValueType && message is not string)
            throw new IllegalActorStateException($"Can't stash the same message {message} more than once");
        if (IsFull)
            throw new StashOverflowException($"Couldn't enqueue message {message.GetType()} from {_cell.Sender} to stash of {_cell.Self}");
        _last = message;
        _stashed.AddLast(new Envelope(message, _cell.Sender));
    }

    public void Unstash()
    {
        if (_stashed.First is not { } first) return;
        _stashed.RemoveFirst();
        _cell.PutFirst(first.Value);
    }

    public void UnstashAll() => UnstashAll(static _ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        for (var node = _stashed.Last; node is not null; node = node.Previous)
            if (predicate(node.Value)) _cell.PutFirst(node.Value);
        _stashed.Clear();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _stashed.ToList();
        _stashed.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse()) _stashed.AddFirst(envelope);
    }
}
