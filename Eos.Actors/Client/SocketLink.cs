using System.Net.Sockets;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Configuration;
using Eos.Gateway;
using Settings = Eos.Kernel.Settings;

namespace Eos.Client;

/// <summary>
/// The way to a node of the same machine through its Unix socket: the kernel tells the node which user is at the other end, so no key is needed, and nothing can be claimed.
/// It connects when first asked, and anew for as long as it is there.
/// </summary>
public sealed class SocketLink
{
    private const int MostWaiting = 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string _path;
    private readonly CancellationTokenSource _ended = new();
    private volatile ChannelWriter<byte[]>? _out;
    private volatile TaskCompletionSource<string> _ticket = NewTicket();
    private volatile IActorRef _hears = ActorRefs.Nobody;
    private Task _running = Task.CompletedTask;

    private SocketLink(string path) => _path = path;

    /// <summary>A link with an actor system of its own, which ends with the link.</summary>
    public static GatewayLink To(string path)
    {
        var system = ActorSystem.Create("eos-client", ConfigurationFactory.ParseString("akka.actor.provider = local").WithFallback(Settings.Embedded("client.conf")));
        var socket = new SocketLink(path);
        return GatewayLink.By(system, ClientSettings.From(new Settings(system.Settings.Config, "eos.client")), socket.Start, async () =>
        {
            await socket.EndAsync();
            await system.Terminate();
        }, cancel => socket._ticket.Task.WaitAsync(cancel));
    }

    private Action<object, IActorRef> Start(IActorContext context)
    {
        _hears = context.Self;
        _running = RunAsync();
        return (message, _) => _out?.TryWrite(SocketFrames.Of(message));   // what is lost is sent again: it has no answer
    }

    private async Task EndAsync()
    {
        await _ended.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), _ended.Token).ConfigureAwait(false);
                await using var stream = new NetworkStream(socket);
                await TalkAsync(stream).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidDataException or OperationCanceledException)
            {
                // the node is not there, or has gone: another try
            }
            if (_ticket.Task.IsCompleted) _ticket = NewTicket();
            await Task.Delay(Pause, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        var frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        _out = frames.Writer;
        var writing = WriteAsync();
        try
        {
            while (await SocketFrames.ReadAsync(stream, end.Token).ConfigureAwait(false) is { } message)
            {
                if (message is string ticket) Renew(ticket);
                else if (message is GatewayProtocol.IReply) _hears.Tell(message);
            }
        }
        finally
        {
            _out = null;
            await end.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task WriteAsync()
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(end.Token).ConfigureAwait(false)) await stream.WriteAsync(frame, end.Token).ConfigureAwait(false);
        }
    }

    private void Renew(string ticket)
    {
        if (_ticket.TrySetResult(ticket)) return;
        var next = NewTicket();
        next.SetResult(ticket);
        _ticket = next;
    }

    private static TaskCompletionSource<string> NewTicket() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
