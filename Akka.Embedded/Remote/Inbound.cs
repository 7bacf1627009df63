using System.Buffers;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>Reads one connection: cuts frames, finds recipients, delivers. A broken message is logged and skipped; a broken frame ends the connection.</summary>
internal sealed class Inbound(Remoting remoting, Association association, Connection connection, ClientGuard guard)
{
    private readonly ActorSystemImpl _system = remoting.System;
    private readonly RootActorPath _remoteRoot = new(connection.Remote);
    private int _messages;

    /// <summary>Numbers of system messages mean nothing on a connection that has been replaced.</summary>
    private bool IsCurrent => association.Connection == connection;

    public async Task Run()
    {
        Exception? cause = null;
        try
        {
            await Read().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cause = e;
        }
        if (cause is ProtocolException) await connection.SayGoodbye(Farewell.Protocol, cause.Message).ConfigureAwait(false);
        association.Lost(connection, cause);
        remoting.Forget(connection);
        await connection.Reader.CompleteAsync().ConfigureAwait(false);
        if (connection.Goodbye == Farewell.Quarantined) remoting.ThisSystemQuarantined(connection.Remote);
    }

    private async Task Read()
    {
        var reader = connection.Reader;
        while (true)
        {
            var result = await reader.ReadAsync().ConfigureAwait(false);
            var buffer = result.Buffer;
            var before = buffer.Length;
            Volatile.Write(ref connection.LastRead, Environment.TickCount64);
            var frames = Take(ref buffer);
            remoting.Metrics.Received(frames, _messages, before - buffer.Length);
            _messages = 0;
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || connection.Goodbye is not null) return;
        }
    }

    private int Take(ref ReadOnlySequence<byte> buffer)
    {
        var frames = 0;
        var transport = Akka.Serialization.Serialization.Swap(remoting.Transport);
        try
        {
            while (Frames.TryTake(ref buffer, remoting.Settings.MaximumFrame, out var frame))
            {
                frames++;
                if (frame.IsSingleSegment) Handle(frame.FirstSpan);
                else
                {
                    var length = (int)frame.Length;
                    var whole = ArrayPool<byte>.Shared.Rent(length);
                    frame.CopyTo(whole);
                    try
                    {
                        Handle(whole.AsSpan(0, length));
                    }
                    finally
                    {
                        ArrayPool<byte>.Shared.Return(whole);
                    }
                }
            }
        }
        finally
        {
            Akka.Serialization.Serialization.Swap(transport);
        }
        return frames;
    }

    private void Handle(ReadOnlySpan<byte> frame)
    {
        var r = new WireReader(_system, frame[1..]);
        try
        {
            switch ((FrameKind)frame[0])
            {
                case FrameKind.Message:
                    Message(ref r, 0);
                    break;
                case FrameKind.SystemMessage:
                    Message(ref r, r.ULong());
                    break;
                case FrameKind.Ack:
                    if (IsCurrent) association.System.Confirmed(r.ULong(), connection);
                    break;
                case FrameKind.Ping:
                    break;
                case FrameKind.NewSymbols:
                    connection.InboundTexts.Clear();
                    break;
                case FrameKind.Goodbye:
                    connection.Goodbye = (Farewell)r.Byte();
                    remoting.Heard(connection, r.Text());
                    break;
                default:
                    throw new ProtocolException($"a frame of unknown kind {frame[0]}");
            }
        }
        catch (SerializationException e)
        {
            throw new ProtocolException(e.Message);
        }
    }

    private void Message(ref WireReader r, ulong number)
    {
        var recipient = connection.InboundTexts.Read(ref r) ?? throw new ProtocolException("a message without a recipient");
        var sender = connection.InboundTexts.Read(ref r);
        var serializer = r.Int();
        var manifest = connection.InboundTexts.Read(ref r)?.Text ?? "";
        if (number > 0)
        {
            if (!IsCurrent) return;
            var isNew = association.System.Accept(number, connection);
            association.AckSoon();
            if (!isNew) return;
        }
        _messages++;
        if (connection.FromClient)
        {
            if (number > 0) remoting.RefusedMessage(connection, recipient.Text, "a system message");
            else if ((recipient.Target ??= guard.Judge(recipient.Text)) == ClientTarget.Forbidden)
                remoting.RefusedMessage(connection, recipient.Text, $"a message ({manifest})");
            else if (sender is not null && sender.Text[0] != '/') remoting.RefusedMessage(connection, recipient.Text, $"a message in the name of {sender.Text}");
            else Deliver(ref r, recipient, sender, serializer, manifest, number);
        }
        else Deliver(ref r, recipient, sender, serializer, manifest, number);
    }

    private void Deliver(ref WireReader r, InboundSymbol recipient, InboundSymbol? sender, int serializer, string manifest, ulong number)
    {
        try
        {
            var message = r.Body(serializer, manifest, r.Rest);
            if (connection.FromClient && !guard.Allows(recipient.Target!.Value, message))
            {
                remoting.RefusedMessage(connection, recipient.Text, message?.GetType().Name ?? "null");
                return;
            }
            var to = Recipient(recipient);
            if (number > 0)
            {
                if (message is not ISystemMessage system) throw new SerializationException("a system message is none");
                to.SendSystemMessage(system);
                return;
            }
            if (message is ISystemMessage or null) throw new SerializationException("a message is a system message, or null");
            var from = sender is null ? null : Sender(sender);
            if (message is ActorSelectionMessage selection) ActorSelection.Deliver(to, selection, from!);
            else to.Tell(message, from!);
        }
        catch (Exception e)
        {
            // What one message's serializer throws concerns that message only.
            if (connection.FromClient) remoting.RefusedMessage(connection, recipient.Text, $"an unreadable message ({e.Message})");
            else remoting.CouldNotRead(connection, recipient.Text, e);
        }
    }

    private IInternalActorRef Recipient(InboundSymbol symbol)
    {
        if (symbol.Recipient is { IsTerminated: false } known) return known;
        ActorPath.TryParse(_system.Provider.RootPath, symbol.Text, out var path);
        return symbol.Recipient = _system.Provider.ResolveLocal(path!);
    }

    private IActorRef Sender(InboundSymbol symbol)
    {
        if (symbol.Sender is { } known) return known;
        if (symbol.Text[0] != '/') return symbol.Sender = _system.Provider.ResolveActorRef(symbol.Text);
        ActorPath.TryParse(_remoteRoot, symbol.Text, out var path);
        return symbol.Sender = new RemoteActorRef(remoting, association, path!);
    }
}
