using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>One queued message: the only allocation that a send makes.</summary>
internal sealed class MailboxNode
{
    public object? Message;
    public IActorRef? Sender;
    public volatile MailboxNode? Next;
}

/// <summary>Lock-free queue of many producers and one consumer (D. Vyukov's linked MPSC queue).</summary>
internal sealed class MailboxQueue
{
    private MailboxNode _head;
    private MailboxNode _tail;

    public MailboxQueue()
    {
        _head = _tail = new MailboxNode();
    }

    /// <summary>Also true while a producer has announced a message that is not linked yet.</summary>
    public bool HasMessages => !ReferenceEquals(Volatile.Read(ref _tail), Volatile.Read(ref _head));

    /// <summary>Walks the queue; a snapshot good for metrics only.</summary>
    public int Count
    {
        get
        {
            var n = 0;
            for (var node = Volatile.Read(ref _tail).Next; node is not null; node = node.Next) n++;
            return n;
        }
    }

    public void Enqueue(object message, IActorRef? sender)
    {
        var node = new MailboxNode { Message = message, Sender = sender };
        Interlocked.Exchange(ref _head, node).Next = node;
    }

    /// <summary>Consumer only.</summary>
    public bool TryDequeue(out object message, out IActorRef? sender)
    {
        var tail = _tail;
        var next = tail.Next;
        if (next is null)
        {
            if (ReferenceEquals(tail, Volatile.Read(ref _head)))
            {
                message = null!;
                sender = null;
                return false;
            }
            var spin = new SpinWait();
            while ((next = tail.Next) is null) spin.SpinOnce(-1);
        }
        message = next.Message!;
        sender = next.Sender;
        next.Message = null;
        next.Sender = null;
        Volatile.Write(ref _tail, next);
        return true;
    }
}
