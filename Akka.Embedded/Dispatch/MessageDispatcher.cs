namespace Akka.Dispatch;

/// <summary>Runs mailboxes. All of ours run on the .NET thread pool; no actor has a thread of its own.</summary>
public abstract class MessageDispatcher
{
    internal MessageDispatcher(string id, int throughput)
    {
        Id = id;
        Throughput = throughput;
    }

    public string Id { get; protected set; }

    /// <summary>Messages that an actor may handle before it lets others run.</summary>
    public int Throughput { get; protected set; }

    /// <summary>Runs that action on one of the dispatcher's threads.</summary>
    public void Schedule(Action run) => ThreadPool.UnsafeQueueUserWorkItem(static a => a(), run, preferLocal: false);

    internal abstract void Execute(Mailbox mailbox, bool local);
}

/// <summary>The dispatcher of the thread pool.</summary>
internal sealed class PoolDispatcher(string id, int throughput) : MessageDispatcher(id, throughput)
{
    /// <summary>After so many mailboxes in a row put on the running thread's own queue, one goes to the shared queue, so that a
    /// ping-pong between two actors can't starve what lies below it.</summary>
    private const int LocalRun = 64;

    [ThreadStatic] private static int _locals;

    internal override void Execute(Mailbox mailbox, bool local) =>
        ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: local && ++_locals % LocalRun != 0);
}

/// <summary>Runs a mailbox on the thread that sent the message, for tests.</summary>
internal sealed class CallingThreadMessageDispatcher(string id) : MessageDispatcher(id, int.MaxValue)
{
    [ThreadStatic] private static Queue<Mailbox>? _pending;

    internal override void Execute(Mailbox mailbox, bool local)
    {
        if (_pending is { } running)
        {
            running.Enqueue(mailbox);
            return;
        }
        _pending = new Queue<Mailbox>();
        try
        {
            mailbox.Execute();
            while (_pending.TryDequeue(out var next)) next.Execute();
        }
        finally
        {
            _pending = null;
        }
    }
}
