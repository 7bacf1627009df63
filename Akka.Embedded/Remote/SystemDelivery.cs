using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote;

/// <summary>A system message on its way, by its number.</summary>
internal readonly record struct SystemItem(ulong Number, IActorRef Recipient, ISystemMessage Message);

/// <summary>
/// System messages to and from one peer: numbered, kept until confirmed, sent again after a reconnect, taken once and in order.
/// Numbers belong to a pair of uids; when either side starts anew (or has forgotten), <see cref="Reconnected"/> renumbers what is unconfirmed.
/// The reader and the writer of a connection may still be at work when the next has taken its place: what they carry then does not count.
/// Thread-safe.
/// </summary>
internal sealed class SystemDelivery(int limit)
{
    private readonly object _gate = new();
    private readonly LinkedList<SystemItem> _unconfirmed = new();
    private LinkedListNode<SystemItem>? _unsent;
    private object? _carrier;
    private ulong _lastNumber;
    private ulong _received;
    private long _waitingSince;

    public ulong Received
    {
        get
        {
            lock (_gate) return _received;
        }
    }

    public bool HasUnsent
    {
        get
        {
            lock (_gate) return _unsent is not null;
        }
    }

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _unconfirmed.Count == 0;
        }
    }

    /// <summary>Takes a message for sending; false when there are too many.</summary>
    public bool Add(IActorRef recipient, ISystemMessage message)
    {
        lock (_gate)
        {
            if (_unconfirmed.Count >= limit) return false;
            if (_unconfirmed.Count == 0) _waitingSince = Environment.TickCount64;
            var node = _unconfirmed.AddLast(new SystemItem(++_lastNumber, recipient, message));
            _unsent ??= node;
            return true;
        }
    }

    /// <summary>The next message that this connection has not carried yet; none for one that has been replaced.</summary>
    public bool TryNext(out SystemItem item, object? carrier = null)
    {
        lock (_gate)
        {
            item = _unsent?.Value ?? default;
            if (_unsent is null || carrier != _carrier) return false;
            _unsent = _unsent.Next;
            return true;
        }
    }

    public void Confirmed(ulong number, object? carrier = null)
    {
        lock (_gate)
        {
            if (carrier != _carrier) return;
            while (_unconfirmed.First is { } first && first.Value.Number <= number)
            {
                if (_unsent == first) _unsent = first.Next;
                _unconfirmed.RemoveFirst();
                _waitingSince = Environment.TickCount64;
            }
        }
    }

    /// <summary>A new connection: everything unconfirmed goes again, numbered on from what the other side has.</summary>
    public void Reconnected(ulong receivedThere, bool newUid, object? carrier = null)
    {
        lock (_gate)
        {
            _carrier = carrier;
            if (newUid) _received = 0;
            var lowest = _unconfirmed.First?.Value.Number - 1 ?? _lastNumber;
            if (receivedThere < lowest || receivedThere > _lastNumber)
            {
                var number = receivedThere;
                for (var node = _unconfirmed.First; node is not null; node = node.Next) node.ValueRef = node.Value with { Number = ++number };
                _lastNumber = number;
            }
            Confirmed(receivedThere, carrier);
            _unsent = _unconfirmed.First;
            _waitingSince = Environment.TickCount64;
        }
    }

    /// <summary>Whether an incoming message is the next one; false for one that was here before, or comes by a connection that has been replaced.</summary>
    /// <exception cref="ProtocolException">One is missing.</exception>
    public bool Accept(ulong number, object? carrier = null)
    {
        lock (_gate)
        {
            if (carrier != _carrier || number <= _received) return false;
            if (number != _received + 1) throw new ProtocolException($"system message {number} came after {_received}");
            _received = number;
            return true;
        }
    }

    /// <summary>How long the oldest unconfirmed message has waited, in milliseconds.</summary>
    public long Waiting
    {
        get
        {
            lock (_gate) return _unconfirmed.Count == 0 ? 0 : Environment.TickCount64 - _waitingSince;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _unconfirmed.Clear();
            _unsent = null;
        }
    }
}
