using System.Net.Sockets;
using Akka.Actor;
using Akka.Event;

namespace Akka.Remote;

/// <summary>What associations report: logged, counted, published.</summary>
internal sealed partial class Remoting
{
    /// <summary>So many refused messages are logged one by one, later only each hundredth.</summary>
    private const int FirstRefusals = 100;

    private long _overflowLogged;

    /// <summary>A connection has been adopted: from now on it is read.</summary>
    public void Established(Association association, Connection connection)
    {
        // Added before the question: a shutdown that begins now either finds it or is seen.
        _connections.TryAdd(connection, true);
        if (_isStopping)
        {
            _ = Part(connection, Farewell.Shutdown, "the system shuts down");
            return;
        }
        Publish(new AssociatedEvent(DefaultAddress, connection.Remote, connection.Inbound));
        _ = new Inbound(this, association, connection, _guard).Run();
    }

    public void Disassociated(Connection connection, Exception? cause)
    {
        if (cause is ProtocolException) _log.Error("connection with {0} closed: {1}", connection.Remote, cause.Message);
        else if (cause is not null && !_isStopping) _log.Info("connection with {0} ended: {1}", connection.Remote, cause.Message);
        Publish(new DisassociatedEvent(DefaultAddress, connection.Remote, connection.Inbound));
    }

    /// <summary>The other side says why it closes.</summary>
    public void Heard(Connection connection, string farewell)
    {
        if (connection.Goodbye == Farewell.Shutdown) _log.Debug("{0} closes the connection: {1}", connection.Remote, farewell);
        else _log.Warning("{0} closes the connection: {1}", connection.Remote, farewell);
    }

    public void Forget(Connection connection) => _connections.TryRemove(connection, out _);

    /// <summary>An attempt to connect has failed; of many in a row only some are worth a warning.</summary>
    public void DialFailed(Association association, Exception cause, int failures, long gateMilliseconds)
    {
        if (_isStopping) return;
        var text = cause is OperationCanceledException ? "timed out" : cause.Message;
        var wrapped = new RemoteTransportException($"no connection with {association.Remote}: {text}", cause);
        var level = failures == 1 || failures % 10 == 0 ? LogLevel.WarningLevel : LogLevel.DebugLevel;
        _log.Log(level, null, $"Association with remote system {association.Remote} has failed; address is now gated for {Math.Max(0, gateMilliseconds)} ms. Reason: [{text}]");
        Publish(new AssociationErrorEvent(wrapped, DefaultAddress, association.Remote, false, LogLevel.WarningLevel));
        if (cause is RefusedException { Reason: Refusal.Quarantined, ByPeer: true }) ThisSystemQuarantined(association.Remote);
    }

    public void RefusedInbound(Socket socket, Exception cause)
    {
        if (_isStopping) return;
        var from = "an unknown place";
        try
        {
            from = socket.RemoteEndPoint?.ToString() ?? from;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has gone; its name with it.
        }
        var text = cause is OperationCanceledException ? $"the handshake was not finished within {Settings.HandshakeTimeout}" : cause.Message;
        if (cause is RefusedException { Reason: Refusal.Duplicate }) _log.Debug("connection from {0} not needed: {1}", from, text);
        else if (cause is RefusedException { Reason: Refusal.Quarantined, ByPeer: true }) _log.Warning("connection from {0} given up: {1}", from, text);
        else _log.Warning("connection from {0} refused: {1}", from, text);
    }

    public void ThisSystemQuarantined(Address by) => Publish(new ThisActorSystemQuarantinedEvent(DefaultAddress, by));

    public void Quarantined(Address address, int uid, string reason)
    {
        _log.Warning("{0} with uid {1} is quarantined: {2}", address, uid, reason);
        Publish(new QuarantinedEvent(address, uid));
        AddressTerminatedTopic.Publish(System, address);
    }

    public void LaterQuarantine(Association association, string reason) =>
        ThreadPool.UnsafeQueueUserWorkItem(static at => at.association.Quarantine(null, at.reason), (association, reason), preferLocal: false);

    /// <summary>A message could not be serialized, or is too large; the connection lives on.</summary>
    public void CouldNotSend(Connection connection, object message, Exception cause)
    {
        _log.Error(cause, "message of type {0} to {1} was not sent: {2}", message.GetType().FullName!, connection.Remote, cause.Message);
        Publish(new AssociationErrorEvent(cause, DefaultAddress, connection.Remote, connection.Inbound, LogLevel.ErrorLevel));
    }

    public void CouldNotRead(Connection connection, string recipient, Exception cause) =>
        _log.Error(cause, "message from {0} to {1} could not be read: {2}", connection.Remote, recipient, cause.Message);

    public void RefusedMessage(Connection connection, string recipient, string what)
    {
        var count = Metrics.Refused();
        if (count > FirstRefusals && count % FirstRefusals != 0) return;
        _log.Warning("client {0} may reach the receptionist only: {1} to {2} dropped ({3} so far)", connection.Remote, what, recipient, count);
    }

    public void Overflowed(Association association)
    {
        var now = Environment.TickCount64;
        var last = Volatile.Read(ref _overflowLogged);
        if (now - last < 1000 || Interlocked.CompareExchange(ref _overflowLogged, now, last) != last) return;
        _log.Warning("the send queue to {0} is full ({1} messages): messages go to dead letters", association.Remote, Settings.SendQueue);
    }

    /// <summary>Says why, then closes.</summary>
    public async Task Part(Connection connection, Farewell why, string text)
    {
        await connection.SayGoodbye(why, text).ConfigureAwait(false);
        connection.Dispose();
        Forget(connection);
    }

    private void Publish(RemotingLifecycleEvent happened)
    {
        if (Settings.LogLifecycle && happened is not AssociationErrorEvent) _log.Log(happened.LogLevel(), null, happened.ToString()!);
        System.EventStream.Publish(happened);
    }
}
