using System.IO.Pipelines;
using System.Net.Sockets;
using Akka.Actor;

namespace Akka.Remote;

/// <summary>The acceptor's half of a handshake. Whatever goes wrong is answered in words, logged, and ends this connection only.</summary>
internal static class Acceptor
{
    public static async Task Welcome(Remoting remoting, Socket socket)
    {
        Stream? stream = null;
        try
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(remoting.Stopping);
            limited.CancelAfter(remoting.Settings.HandshakeTimeout);
            remoting.Tune(socket);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (remoting.Tls is { } tls) stream = await tls.Wrap(stream, server: true, "", limited.Token).ConfigureAwait(false);
            await Check(remoting, socket, stream, limited.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (e is RefusedException { ByPeer: false } refused && stream is not null) await Refuse(remoting, stream, refused).ConfigureAwait(false);
            remoting.RefusedInbound(socket, e);
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
        }
    }

    private static async Task Check(Remoting remoting, Socket socket, Stream stream, CancellationToken cancel)
    {
        var system = remoting.System;
        var reader = PipeReader.Create(stream, Remoting.ReaderOptions);
        var hello = await Next(reader, Handshake.Hello, system, cancel).ConfigureAwait(false);
        var peer = Handshake.ReadHello(system, hello, remoting.Settings.WireVersion);
        Admit(remoting, peer);
        var association = remoting.KnownAssociation(peer.Address);
        var adopted = association?.Adopted ?? 0;
        var answer = Handshake.WriteHello(system, remoting.Introduce(null, association is null ? 0 : remoting.ReceivedFrom(association, peer)));
        await stream.WriteAsync(Frames.Whole(Handshake.Hello, answer), cancel).ConfigureAwait(false);

        var proof = await Next(reader, Handshake.Proof, system, cancel).ConfigureAwait(false);
        var key = remoting.Settings.KeyOf(peer.Class)!;
        if (!Handshake.CheckOpener(key, hello, answer, proof, out var received))
            throw new RefusedException(Refusal.Secret, $"wrong or missing secret: akka.remote.embedded.{(peer.Class == PeerClass.Peer ? "peer" : "client")}-key differs", false);

        // The welcome goes out with the first batch, before anything else that waits.
        var connection = new Connection(system, remoting.DefaultAddress, socket, stream, reader, peer, inbound: true, received);
        connection.Buffer.Raw(Frames.Whole(Handshake.Welcome, Handshake.AcceptorProof(key, hello, answer, proof)));
        association = remoting.AssociationFor(peer.Address);
        association.Adopt(connection, dial: null, adopted);
        remoting.Established(association, connection);
    }

    /// <summary>What can be judged before the proof.</summary>
    private static void Admit(Remoting remoting, Introduction peer)
    {
        if (peer.Target is { } target && !remoting.IsOwn(target))
            throw new RefusedException(Refusal.Address, $"{target} was dialled, but this is {remoting.DefaultAddress}", false);
        if (peer.Address.HasLocalScope || remoting.IsOwn(peer.Address))
            throw new RefusedException(Refusal.Address, $"{peer.Address} is no address of another system", false);
        if (remoting.Settings.KeyOf(peer.Class) is null)
            throw new RefusedException(Refusal.Class, "clients are not let in here (akka.remote.embedded.client-key is not set)", false);
        if (peer.Class == PeerClass.Client && peer.Address.Port is not 0)
            throw new RefusedException(Refusal.Class, "a client has no address of its own to listen at", false);
    }

    private static async Task<byte[]> Next(PipeReader reader, byte kind, ExtendedActorSystem system, CancellationToken cancel)
    {
        byte[]? frame;
        try
        {
            frame = await Frames.ReadOne(reader, Handshake.MaximumFrame, cancel).ConfigureAwait(false);
        }
        catch (ProtocolException)
        {
            throw Handshake.NotOurs();
        }
        if (frame is null) throw new IOException("the other side closed during the handshake");
        if (frame[0] == Handshake.Refuse) throw Handshake.ReadRefusal(system, frame.AsSpan(1));
        return frame[0] == kind ? frame[1..] : throw Handshake.NotOurs();
    }

    private static async Task Refuse(Remoting remoting, Stream stream, RefusedException refused)
    {
        try
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            var body = Handshake.WriteRefusal(remoting.System, refused.Reason, refused.Message);
            await stream.WriteAsync(Frames.Whole(Handshake.Refuse, body), brief.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It was only a courtesy.
        }
    }
}
