using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>The single writer: woken when something waits, encodes a batch, sends it, and goes on until nothing waits.</summary>
internal sealed partial class Association
{
    private const int BatchBytes = 64 * 1024;
    private const int BatchMessages = 512;
    private const int BatchesPerTurn = 16;

    private int _writing;
    private volatile bool _ackDue;
    private volatile bool _pingDue;

    private bool HasWork => !_queue.IsEmpty || _ackDue || _pingDue || _system.HasUnsent || _connection is { Buffer.Length: > 0 };

    /// <summary>Also what was sent and not confirmed needs a connection.</summary>
    private bool WantsConnection => HasWork || !_system.IsEmpty;

    /// <summary>Confirms system messages with the next batch.</summary>
    public void AckSoon()
    {
        _ackDue = true;
        Wake();
    }

    public void PingSoon()
    {
        _pingDue = true;
        Wake();
    }

    public void Wake()
    {
        if (Volatile.Read(ref _writing) == 0 && Interlocked.Exchange(ref _writing, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = Write();

    private async Task Write()
    {
        for (var turn = 0; turn < BatchesPerTurn; turn++)
        {
            if (_connection is not { } connection)
            {
                Volatile.Write(ref _writing, 0);
                if (_blocked) Empty();
                if (WantsConnection) Connect();
                if (_connection is not null && HasWork) Wake();
                return;
            }
            try
            {
                var messages = Fill(connection);
                if (connection.Buffer.Length == 0)
                {
                    Volatile.Write(ref _writing, 0);
                    Interlocked.MemoryBarrier();
                    if (!HasWork || Interlocked.Exchange(ref _writing, 1) != 0) return;
                    continue;
                }
                var sent = connection.Send();
                if (!sent.IsCompletedSuccessfully) await sent.ConfigureAwait(false);
                _remoting.Metrics.Sent(messages, connection.Buffer.Length);
                connection.Buffer.Truncate(0);
            }
            catch (Exception e)
            {
                Lost(connection, e);
            }
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Encodes what waits, up to one batch: confirmation, system messages of before the reconnect, then the queue in order.</summary>
    private int Fill(Connection connection)
    {
        var buffer = connection.Buffer;
        var before = Akka.Serialization.Serialization.Swap(_remoting.Transport);
        try
        {
            if (_ackDue)
            {
                _ackDue = false;
                Control(buffer, FrameKind.Ack, _system.Received);
            }
            if (_pingDue)
            {
                _pingDue = false;
                Control(buffer, FrameKind.Ping, null);
            }
            var count = 0;
            // What a connection that was replaced meanwhile took out of the queue would be lost with it.
            while (count < BatchMessages && buffer.Length < BatchBytes && _connection == connection)
            {
                if (_system.TryNext(out var system, connection)) Encode(connection, new Outgoing((RemoteActorRef)system.Recipient, system.Message, null), system.Number);
                else if (!_queue.TryDequeue(out var item)) break;
                else
                {
                    Interlocked.Decrement(ref _waiting);
                    if (item.Message is ISystemMessage message)
                    {
                        Keep(item.Recipient, message);
                        continue;
                    }
                    Encode(connection, item, 0);
                }
                count++;
            }
            return count;
        }
        finally
        {
            Akka.Serialization.Serialization.Swap(before);
        }
    }

    /// <summary>Appends one message, or nothing and an error where it can't be serialized or is too large.</summary>
    private void Encode(Connection connection, Outgoing item, ulong number)
    {
        var buffer = connection.Buffer;
        if (connection.Outbound.IsFull)
        {
            Control(buffer, FrameKind.NewSymbols, null);
            connection.Outbound.Clear();
        }
        var start = buffer.Length;
        var symbols = connection.Outbound.Count;
        try
        {
            var head = buffer.Reserve();
            buffer.Byte((byte)(number > 0 ? FrameKind.SystemMessage : FrameKind.Message));
            if (number > 0) buffer.ULong(number);
            connection.Outbound.Recipient(buffer, item.Recipient);
            connection.Outbound.Sender(buffer, item.Sender);
            var serializer = _remoting.System.Serialization.FindSerializerFor(item.Message);
            buffer.Int(serializer.Identifier);
            connection.Outbound.Text(buffer, Akka.Serialization.Serialization.ManifestFor(serializer, item.Message));
            buffer.Body(serializer, item.Message);
            var size = buffer.Length - head;
            if (size > _remoting.Settings.MaximumFrame)
                throw new OversizedException($"a message of {size} bytes ({item.Message.GetType().FullName}) to {item.Recipient} is not sent: " +
                    $"akka.remote.dot-netty.tcp.maximum-frame-size is {_remoting.Settings.MaximumFrame}");
            buffer.Patch(head);
        }
        catch (Exception e)
        {
            buffer.Truncate(start);
            connection.Outbound.Rollback(symbols);
            _remoting.CouldNotSend(connection, item.Message, e);
            DeadLetter(item);
        }
    }

    private static void Control(WireWriter buffer, FrameKind kind, ulong? number)
    {
        var head = buffer.Reserve();
        buffer.Byte((byte)kind);
        if (number is { } n) buffer.ULong(n);
        buffer.Patch(head);
    }
}

/// <summary>A message is larger than a frame may be.</summary>
internal sealed class OversizedException(string message) : Exception(message);
