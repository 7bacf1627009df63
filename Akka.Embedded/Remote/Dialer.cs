using System.IO.Pipelines;
using System.Net.Sockets;

namespace Akka.Remote;

/// <summary>The opener's half of a handshake: connects, introduces itself, proves itself, checks the other side.</summary>
internal static class Dialer
{
    public static async Task<Connection> Open(Remoting remoting, Association association, CancellationToken cancel)
    {
        var settings = remoting.Settings;
        var remote = association.Remote;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            remoting.Tune(socket);
            using (var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancel, remoting.Stopping))
            {
                connecting.CancelAfter(settings.ConnectionTimeout);
                await socket.ConnectAsync(remote.Host!, remote.Port!.Value, connecting.Token).ConfigureAwait(false);
            }
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel, remoting.Stopping);
            limited.CancelAfter(settings.HandshakeTimeout);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (remoting.Tls is { } tls) stream = await tls.Wrap(stream, server: false, remote.Host!, limited.Token).ConfigureAwait(false);
            return await Prove(remoting, association, socket, stream, limited.Token).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Connection> Prove(Remoting remoting, Association association, Socket socket, Stream stream, CancellationToken cancel)
    {
        var system = remoting.System;
        var key = remoting.Settings.KeyOf(remoting.Settings.Class) ?? "";
        var reader = PipeReader.Create(stream, Remoting.ReaderOptions);
        var hello = Handshake.WriteHello(system, remoting.Introduce(association.Remote, 0));
        await stream.WriteAsync(Frames.Whole(Handshake.Hello, hello), cancel).ConfigureAwait(false);

        var answer = await Next(remoting, reader, Handshake.Hello, cancel).ConfigureAwait(false);
        var peer = Handshake.ReadHello(system, answer, remoting.Settings.WireVersion);
        if (peer.Address != association.Remote)
            throw new RefusedException(Refusal.Address, $"{association.Remote} was dialled, but {peer.Address} answered", false);
        if (association.IsQuarantined(peer.Uid))
        {
            var text = $"uid {peer.Uid} of {peer.Address} is quarantined by {remoting.DefaultAddress}: restart its actor system";
            await stream.WriteAsync(Frames.Whole(Handshake.Refuse, Handshake.WriteRefusal(system, Refusal.Quarantined, text)), cancel).ConfigureAwait(false);
            throw new RefusedException(Refusal.Quarantined, text, false);
        }

        var proof = Handshake.OpenerProof(key, hello, answer, remoting.ReceivedFrom(association, peer));
        await stream.WriteAsync(Frames.Whole(Handshake.Proof, proof), cancel).ConfigureAwait(false);
        var welcome = await Next(remoting, reader, Handshake.Welcome, cancel).ConfigureAwait(false);
        if (!System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(welcome, Handshake.AcceptorProof(key, hello, answer, proof)))
            throw new RefusedException(Refusal.Secret, $"{peer.Address} does not know the secret (akka.remote.embedded)", false);
        return new Connection(system, remoting.DefaultAddress, socket, stream, reader, peer, inbound: false, peer.SystemReceived);
    }

    /// <summary>The body of the next frame, which must be of that kind.</summary>
    private static async Task<byte[]> Next(Remoting remoting, PipeReader reader, byte kind, CancellationToken cancel)
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
        if (frame[0] == Handshake.Refuse) throw Handshake.ReadRefusal(remoting.System, frame.AsSpan(1));
        return frame[0] == kind ? frame[1..] : throw Handshake.NotOurs();
    }
}
