using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// Everything between this system and one address: the queue of what waits to be sent, the connection if there is one, and what to do without one.
/// <code>
///            first message           proven                     lost
///     Idle ----------------> Dialing --------> Up -----------------------------> Idle (dials again at once if anything waits)
///       ^                      | failed                 Quarantined(uid): from anywhere; ends when another uid connects
///       +------ Gated &lt;--------+
/// </code>
/// Gated and quarantined: user messages go to dead letters; system messages wait while it is gated, and are dropped while it is quarantined. An inbound connection brings it Up from any state.
/// This part holds the state; Association.Writer.cs sends, Association.Dialing.cs connects.
/// </summary>
internal sealed partial class Association : IThreadPoolWorkItem
{
    private enum Link
    {
        Idle,
        Dialing,
        Up,
        Gated,
    }

    /// <summary>One message on its way; system messages travel the same queue, so that they overtake nothing.</summary>
    private readonly record struct Outgoing(RemoteActorRef Recipient, object Message, IActorRef? Sender);

    private readonly Remoting _remoting;
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<Outgoing> _queue = new();
    private readonly SystemDelivery _system;
    private Link _link = Link.Idle;
    private volatile Connection? _connection;
    private volatile bool _blocked;
    private volatile bool _retired;
    private int _waiting;
    private int _adopted;
    private int? _uid;
    private int? _quarantined;
    private long _gateOpens;
    private long _unconnectedSince = Environment.TickCount64;

    public Association(Remoting remoting, Address remote)
    {
        _remoting = remoting;
        Remote = remote;
        _system = new SystemDelivery(remoting.Settings.SystemMessageBuffer);
    }

    public Address Remote { get; }

    public SystemDelivery System => _system;

    public Connection? Connection => _connection;

    public int QueueDepth => Volatile.Read(ref _waiting);

    /// <summary>How many connections were taken so far: whoever notes it when a handshake begins learns whether it was overtaken.</summary>
    public int Adopted => Volatile.Read(ref _adopted);

    /// <summary>Forgotten by remoting: a client that went away.</summary>
    public bool IsRetired => _retired;

    /// <summary>Whether nothing waits to be sent or confirmed.</summary>
    public bool IsFlushed => _queue.IsEmpty && Volatile.Read(ref _writing) == 0 && _system.IsEmpty;

    /// <summary>Whether that start of the other system is shut out.</summary>
    public bool IsQuarantined(int uid) => _quarantined == uid;

    /// <summary>How many system messages of that start of the other system have come.</summary>
    public ulong ReceivedFrom(int uid)
    {
        lock (_gate) return _uid == uid ? _system.Received : 0;
    }

    private bool CanDial => Remote.Port is > 0;

    public void Send(RemoteActorRef recipient, object message, IActorRef? sender)
    {
        if (_blocked && !TryUnblock())
        {
            DeadLetter(new Outgoing(recipient, message, sender));
            return;
        }
        if (Interlocked.Increment(ref _waiting) > _remoting.Settings.SendQueue)
        {
            Interlocked.Decrement(ref _waiting);
            Overflow(new Outgoing(recipient, message, sender));
            return;
        }
        _queue.Enqueue(new Outgoing(recipient, message, sender));
        Wake();
    }

    public void SendSystem(RemoteActorRef recipient, ISystemMessage message)
    {
        if (_quarantined is not null && _blocked)
        {
            Drop(message);
            return;
        }
        _queue.Enqueue(new Outgoing(recipient, message, null));
        Interlocked.Increment(ref _waiting);
        Wake();
    }

    /// <summary>
    /// Takes a proven connection; refuses that of a quarantined start of the other system. One from there whose handshake began before the present
    /// connection was taken is refused too: its opener may have given it up for that one. An opener that still wants it dials again.
    /// </summary>
    /// <param name="dial">The number of this side's own attempt; null when the other side dialled.</param>
    /// <param name="adopted">What <see cref="Adopted"/> was when the handshake began.</param>
    /// <exception cref="RefusedException">It is not wanted.</exception>
    public void Adopt(Connection connection, int? dial, int adopted)
    {
        Connection? replaced;
        lock (_gate)
        {
            if (_retired) throw new RefusedException(Refusal.Duplicate, "what was known of this client is just being forgotten: try again", false);
            if (_quarantined == connection.RemoteUid)
                throw new RefusedException(Refusal.Quarantined, $"{connection.Remote} with uid {connection.RemoteUid} is quarantined here: restart its actor system", false);
            if (dial is null)
            {
                // Both dialled at once: the lower address decides, and its own attempt stays.
                if (_link == Link.Dialing && Address.Comparer.Compare(_remoting.DefaultAddress, Remote) < 0)
                    throw new RefusedException(Refusal.Duplicate, "a connection the other way is being made", false);
                if (_connection is not null && _uid == connection.RemoteUid && adopted != _adopted)
                    throw new RefusedException(Refusal.Duplicate, "another connection was made meanwhile", false);
                CancelDial();
            }
            else if (_link != Link.Dialing || dial != _dial)
                throw new RefusedException(Refusal.Duplicate, "another connection was made meanwhile", false);
            if (connection.FromClient && _connection is not null && _uid != connection.RemoteUid)
                throw new RefusedException(Refusal.Address, "another client has that address", false);
            replaced = _connection;
            _adopted++;
            var newUid = _uid is not null && _uid != connection.RemoteUid;
            _uid = connection.RemoteUid;
            _system.Reconnected(connection.SystemReceived, newUid, connection);
            _ackDue = _pingDue = false;
            _quarantined = null;
            _link = Link.Up;
            _connection = connection;
            _blocked = false;
        }
        replaced?.Dispose();
        Wake();
    }

    /// <summary>The connection has ended; what waits is sent by the next.</summary>
    public void Lost(Connection connection, Exception? cause)
    {
        connection.Dispose();
        lock (_gate)
        {
            if (_connection != connection) return;
            _connection = null;
            _unconnectedSince = Environment.TickCount64;
            _link = Link.Idle;
            _ackDue = _pingDue = false;
            if (connection.Age > SteadyAge) _failures = 0;
            if (connection.Goodbye is Farewell.Shutdown or Farewell.Quarantined) CloseGate(_remoting.Settings.RetryGate);
            else if (connection.Age <= SteadyAge) CloseGate(NextGate());
        }
        _remoting.Disassociated(connection, cause);
        if (_blocked) Empty();
        else if (WantsConnection) Wake();
    }

    /// <summary>Shuts out that start of the other system; without a known uid only closes the gate.</summary>
    public void Quarantine(int? uid, string reason)
    {
        Connection? open;
        int? target;
        lock (_gate)
        {
            target = uid ?? _uid;
            if (target is null || (_uid is not null && _uid != target))
            {
                if (target is not null || _connection is not null) return;
                CloseGate(_remoting.Settings.RetryGate);
                return;
            }
            if (_quarantined == target) return;
            _quarantined = _uid = target;
            _blocked = true;
            _gateOpens = Environment.TickCount64 + (long)_remoting.Settings.RetryGate.TotalMilliseconds;
            open = _connection;
            _connection = null;
            _unconnectedSince = Environment.TickCount64;
            CancelDial();
            _link = Link.Gated;
            _system.Clear();
        }
        Empty();
        // The next start of the other system may have connected meanwhile: what is kept now is for that.
        lock (_gate)
        {
            if (_quarantined == target) _system.Clear();
        }
        if (open is not null) _ = _remoting.Part(open, Farewell.Quarantined, reason);
        _remoting.Quarantined(Remote, target.Value, reason);
    }

    /// <summary>Forgets a client that has been away for long; true when it was.</summary>
    public bool TryRetire(long idle)
    {
        lock (_gate)
        {
            if (CanDial || _connection is not null || Environment.TickCount64 - _unconnectedSince < idle) return false;
            _retired = true;
            _blocked = true;
            _gateOpens = long.MaxValue;
        }
        Empty();
        return true;
    }

    /// <summary>Opens the gate when its time is over. A quarantined address is only knocked at, to see whether it has started anew.</summary>
    private bool TryUnblock()
    {
        lock (_gate)
        {
            if (!_blocked) return true;
            if (_retired || Environment.TickCount64 < _gateOpens) return false;
            _gateOpens = Environment.TickCount64 + (long)_remoting.Settings.RetryGate.TotalMilliseconds;
            if (_quarantined is not null)
            {
                if (CanDial && _link != Link.Dialing) StartDial();
                return false;
            }
            _blocked = false;
            if (_link == Link.Gated) _link = Link.Idle;
            return true;
        }
    }

    private void CloseGate(TimeSpan time)
    {
        _link = Link.Gated;
        _blocked = true;
        _gateOpens = Environment.TickCount64 + (long)time.TotalMilliseconds;
    }

    /// <summary>User messages become dead letters; system messages are kept for the next connection.</summary>
    private void Empty()
    {
        while (_queue.TryDequeue(out var item))
        {
            Interlocked.Decrement(ref _waiting);
            if (item.Message is ISystemMessage message) Keep(item.Recipient, message);
            else DeadLetter(item);
        }
    }

    private void Keep(RemoteActorRef recipient, ISystemMessage message)
    {
        if (_quarantined is not null && _blocked) Drop(message);
        else if (!_system.Add(recipient, message)) _remoting.LaterQuarantine(this, "too many system messages are unconfirmed");
    }

    /// <summary>The other system is over: whoever begins to watch an actor there now is told so.</summary>
    private static void Drop(ISystemMessage message)
    {
        if (message is Watch watch) watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, ExistenceConfirmed: false, AddressTerminated: false));
    }

    private void DeadLetter(Outgoing item)
    {
        _remoting.Metrics.Dropped(1);
        _remoting.System.DeadLetters.Tell(new DeadLetter(item.Message, item.Sender ?? _remoting.System.DeadLetters, item.Recipient), item.Sender!);
    }

    private void Overflow(Outgoing item)
    {
        _remoting.Overflowed(this);
        DeadLetter(item);
    }
}
