using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;
using Eos.Client;
using Eos.Gateway;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Host.Local;

/// <summary>
/// The Unix socket of a node, for people on its machine: requests for the gateway, each with the ticket that this door has given to the process at the other end. A request with
/// another's ticket, or with none, goes no further.
/// </summary>
public sealed class SocketDoor : IAsyncDisposable
{
    private const int MostWaiting = 1024;
    private const UnixFileMode Everybody = (UnixFileMode)0x1b6;   // 0666

    private readonly Socket _listener;
    private readonly ActorSystem _system;
    private readonly IActorRef _gateway;
    private readonly SocketSettings _settings;
    private readonly Func<byte[]> _key;
    private readonly IClock _clock;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _room;
    private readonly Task _listening;

    private SocketDoor(Socket listener, ActorSystem system, IActorRef gateway, SocketSettings settings, string path, Func<byte[]> key, IClock clock)
    {
        (_listener, _system, _gateway, _settings, Path, _key, _clock) = (listener, system, gateway, settings, path, key, clock);
        _room = new SemaphoreSlim(settings.MaxClients);
        _listening = ListenAsync();
    }

    public string Path { get; }

    /// <summary>Opens the socket. Null: it is switched off, or can't be had here, which is said in the log: a node serves without it.</summary>
    /// <param name="usual">Where it is when the settings leave it to the data folder.</param>
    /// <param name="key">What tickets are signed by.</param>
    public static SocketDoor? Open(ActorSystem system, IActorRef gateway, SocketSettings settings, string usual, Func<byte[]> key, IClock clock)
    {
        if (settings.Path == SocketSettings.Off || !OperatingSystem.IsLinux()) return null;   // elsewhere the kernel does not tell who is there
        var path = settings.Path == SocketSettings.InData ? usual : settings.Path;
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);   // of the life before; the data folder's lock keeps out a second node
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, Everybody);
            listener.Listen();
            return new SocketDoor(listener, system, gateway, settings, path, key, clock);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            listener.Dispose();
            system.Log.Warning("no Unix socket at {0}: {1}", path, e.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Dispose();
        await _listening;
        File.Delete(Path);
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_ended.Token).ConfigureAwait(false);
                var socket = await _listener.AcceptAsync(_ended.Token).ConfigureAwait(false);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            if (!_ended.IsCancellationRequested) _system.Log.Warning("the Unix socket at {0} has ended: {1}", Path, e.Message);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                await using var stream = new NetworkStream(socket);
                await ConverseAsync(stream, PeerUser.Of(socket)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or InvalidDataException or OverflowException)
        {
            _system.Log.Debug("a connection at {0} has ended: {1}", Path, e.Message);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task ConverseAsync(NetworkStream stream, PeerUser peer)
    {
        var frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        var answers = _system.ActorOf(Props.CreateBy(new Producer(() => new Answers(frames.Writer))));
        var (writing, renewing) = (WriteAsync(), RenewAsync());
        try
        {
            while (await SocketFrames.ReadAsync(stream, end.Token).ConfigureAwait(false) is { } message)
            {
                if (message is GatewayProtocol.IRequest request && Refusal(request.Head.Claim, peer) is { } no) answers.Tell(new GatewayProtocol.Refused(request.Head.Op, no.Why, no.Text));
                else if (message is GatewayProtocol.IRequest or GatewayProtocol.Acknowledge or GatewayProtocol.Abandon) _gateway.Tell(message, answers);
                else throw new InvalidDataException($"{message.GetType().Name} is nothing that a client says");
            }
        }
        finally
        {
            _system.Stop(answers);
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(writing, renewing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task WriteAsync()
        {
            try
            {
                await foreach (var frame in frames.Reader.ReadAllAsync(end.Token).ConfigureAwait(false)) await stream.WriteAsync(frame, end.Token).ConfigureAwait(false);
            }
            finally
            {
                await end.CancelAsync().ConfigureAwait(false);
            }
        }

        async Task RenewAsync()
        {
            using var timer = new PeriodicTimer(_settings.TicketLife / 3);
            do await frames.Writer.WriteAsync(SocketFrames.OfTicket(TicketFor(peer)), end.Token).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(end.Token).ConfigureAwait(false));
        }
    }

    private string TicketFor(PeerUser peer) =>
        SignedTicket.Sign(new Ticket(Proof.UnixSocket, peer.Uid, peer.Gid, "", "localhost", _clock.Now + _settings.TicketLife), _key());

    /// <summary>Null: the request is that of the process at the other end.</summary>
    private Refusal? Refusal(GatewayProtocol.Claim claim, PeerUser peer)
    {
        var (ticket, refusal) = SignedTicket.Open(claim.Ticket, _key(), _clock.Now);
        return ticket is null ? refusal
            : (ticket.Proof, ticket.Uid, ticket.Gid) == (Proof.UnixSocket, peer.Uid, peer.Gid) ? null
            : new Refusal(Errno.NotPermitted, "the ticket is another's");
    }

    /// <summary>Where the gateway's answers to one connection go. A client that takes nothing is let go.</summary>
    private sealed class Answers : ReceiveActor
    {
        public Answers(ChannelWriter<byte[]> frames) => Receive<GatewayProtocol.IReply>(reply =>
        {
            if (!frames.TryWrite(SocketFrames.Of(reply))) frames.TryComplete();
        });
    }

    /// <summary>A producer, not an expression: one is made for every connection.</summary>
    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Answers);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }
}
