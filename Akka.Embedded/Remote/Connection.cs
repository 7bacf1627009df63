using System.IO.Pipelines;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>One proven TCP connection. Its writing half belongs to the association's writer, its reading half to its own loop.</summary>
internal sealed class Connection(ExtendedActorSystem system, Address self, Socket socket, Stream stream, PipeReader reader, Introduction peer, bool inbound, ulong systemReceived)
    : IDisposable
{
    private int _closed;
    private int _writing;

    public Address Remote => peer.Address;

    public int RemoteUid => peer.Uid;

    public bool Inbound => inbound;

    /// <summary>The other side is a client of this system, and may reach the receptionist only.</summary>
    public bool FromClient => inbound && peer.Class == PeerClass.Client;

    /// <summary>How many of this side's system messages the other side had when it connected.</summary>
    public ulong SystemReceived => systemReceived;

    public PipeReader Reader => reader;

    /// <summary>What the writer has encoded and not yet sent.</summary>
    public WireWriter Buffer { get; } = new(system, 64 * 1024);

    public OutboundSymbols Outbound { get; } = new(self);

    public InboundSymbols InboundTexts { get; } = new();

    /// <summary>Milliseconds of uptime at the last byte in each direction.</summary>
    public long LastRead = Environment.TickCount64, LastWrite = Environment.TickCount64;

    private readonly long _since = Environment.TickCount64;

    /// <summary>Milliseconds since it was proven.</summary>
    public long Age => Environment.TickCount64 - _since;

    /// <summary>What the other side said before it closed.</summary>
    public Farewell? Goodbye;

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Sends the buffer; it may be written again once the task is done.</summary>
    public ValueTask Send()
    {
        if (Interlocked.CompareExchange(ref _writing, 1, 0) != 0) throw new IOException("the connection is being closed");
        Volatile.Write(ref LastWrite, Environment.TickCount64);
        var sent = stream.WriteAsync(Buffer.Memory);
        if (!sent.IsCompletedSuccessfully) return Finish(sent);
        Volatile.Write(ref _writing, 0);
        return default;
    }

    private async ValueTask Finish(ValueTask sent)
    {
        await sent.ConfigureAwait(false);
        Volatile.Write(ref _writing, 0);
    }

    /// <summary>Tells the other side why this one closes, if it can be told quickly. Nothing is written afterwards.</summary>
    public async Task SayGoodbye(Farewell why, string text)
    {
        var w = new WireWriter(system);
        var head = w.Reserve();
        w.Byte((byte)FrameKind.Goodbye);
        w.Byte((byte)why);
        w.Text(text);
        w.Patch(head);
        try
        {
            using var brief = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            while (Interlocked.CompareExchange(ref _writing, 1, 0) != 0) await Task.Delay(1, brief.Token).ConfigureAwait(false);
            await stream.WriteAsync(w.ToArray(), brief.Token).ConfigureAwait(false);
            if (stream is NetworkStream) socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or NotSupportedException or InvalidOperationException)
        {
            // The other side learns it by the closed connection.
        }
        w.Release();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        socket.Dispose();
        stream.Dispose();
    }
}
