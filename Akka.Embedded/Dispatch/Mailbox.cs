using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>The queue of one actor and the turn that works it off: system messages first, at most a throughput of user messages a turn.</summary>
internal sealed class Mailbox : IThreadPoolWorkItem
{
    private const int ScheduledBit = 1;
    private const int ClosedBit = 2;
    private const int SuspendUnit = 4;

    private sealed class SystemNode(ISystemMessage message)
    {
        public readonly ISystemMessage Message = message;
        public SystemNode? Next;
    }

    private readonly ActorCell _cell;
    private readonly MessageDispatcher _dispatcher;
    private readonly MailboxQueue _user = new();
    private SystemNode? _system;
    private int _status;

    // Messages put before everything queued (stash); touched by the actor's own turn only.
    private Stack<Envelope>? _front;

    public Mailbox(ActorCell cell, MessageDispatcher dispatcher)
    {
        _cell = cell;
        _dispatcher = dispatcher;
    }

    public MessageDispatcher Dispatcher => _dispatcher;

    public bool IsClosed => (Volatile.Read(ref _status) & ClosedBit) != 0;

    public bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    public bool HasMessages => _front is { Count: > 0 } || _user.HasMessages;

    public int Count => (_front?.Count ?? 0) + _user.Count;

    public void Post(object message, IActorRef? sender)
    {
        _user.Enqueue(message, sender);
        if ((Volatile.Read(ref _status) & ScheduledBit) == 0) ScheduleIfNeeded(local: true);
    }

    public void PostSystem(ISystemMessage message)
    {
        var node = new SystemNode(message);
        SystemNode? head;
        do
        {
            head = Volatile.Read(ref _system);
            node.Next = head;
        } while (Interlocked.CompareExchange(ref _system, node, head) != head);
        ScheduleIfNeeded(local: true);
    }

    /// <summary>Puts a message before everything queued. Actor's own turn only.</summary>
    public void PostFirst(Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    /// <summary>Actor's own turn only.</summary>
    public void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    /// <summary>Undoes one <see cref="Suspend"/>; true if that was the last one.</summary>
    public bool Resume()
    {
        while (true)
        {
            var now = Volatile.Read(ref _status);
            if (now < SuspendUnit) return true;
            if (Interlocked.CompareExchange(ref _status, now - SuspendUnit, now) == now) return now - SuspendUnit < SuspendUnit;
        }
    }

    /// <summary>From now on everything goes to dead letters. Actor's own turn only.</summary>
    public void Close() => Interlocked.Or(ref _status, ClosedBit);

    public void ScheduleIfNeeded(bool local)
    {
        while (true)
        {
            var now = Volatile.Read(ref _status);
            if ((now & ScheduledBit) != 0) return;
            var work = Volatile.Read(ref _system) is not null || ((now < SuspendUnit || (now & ClosedBit) != 0) && HasMessages);
            if (!work) return;
            if (Interlocked.CompareExchange(ref _status, now | ScheduledBit, now) != now) continue;
            _dispatcher.Execute(this, local);
            return;
        }
    }

    /// <summary>One turn.</summary>
    public void Execute()
    {
        try
        {
            if (!IsClosed)
            {
                ProcessSystem();
                ProcessUser();
            }
            if (IsClosed) DrainToDeadLetters();
        }
        finally
        {
            Interlocked.And(ref _status, ~ScheduledBit);
            ScheduleIfNeeded(local: false);
        }
    }

    private void ProcessUser()
    {
        for (var left = _dispatcher.Throughput; left > 0 && Volatile.Read(ref _status) < ClosedBit; left--)
        {
            if (_front is { Count: > 0 })
            {
                var first = _front.Pop();
                _cell.Invoke(first.Message, first.Sender);
            }
            else if (_user.TryDequeue(out var message, out var sender)) _cell.Invoke(message, sender);
            else return;
            if (Volatile.Read(ref _system) is not null) ProcessSystem();
        }
    }

    private void ProcessSystem()
    {
        while (!IsClosed && Interlocked.Exchange(ref _system, null) is { } newest)
        {
            SystemNode? oldest = null;
            for (var node = newest; node is not null;)
            {
                var next = node.Next;
                node.Next = oldest;
                oldest = node;
                node = next;
            }
            for (var node = oldest; node is not null; node = node.Next)
            {
                if (IsClosed) _cell.SystemMessageAfterDeath(node.Message);
                else _cell.SystemInvoke(node.Message);
            }
        }
    }

    private void DrainToDeadLetters()
    {
        for (var node = Interlocked.Exchange(ref _system, null); node is not null; node = node.Next)
            _cell.SystemMessageAfterDeath(node.Message);
        while (_front is { Count: > 0 })
        {
            var first = _front.Pop();
            _cell.MessageAfterDeath(first.Message, first.Sender);
        }
        while (_user.TryDequeue(out var message, out var sender)) _cell.MessageAfterDeath(message, sender);
    }
}
