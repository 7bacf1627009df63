using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Eos.Gateway;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Client;

/// <summary>A link by actors: to the gateway of this process, or through whatever the caller sends with.</summary>
public sealed class GatewayLink : IGatewayLink
{
    private readonly IActorRef _link;
    private readonly IActorRefFactory _home;
    private readonly Func<ValueTask> _atEnd;
    private readonly Func<CancellationToken, Task<string>>? _ticket;

    private GatewayLink(
        IActorRefFactory home, ClientSettings settings, Func<IActorContext, Action<object, IActorRef>> send, Func<ValueTask> atEnd, Func<CancellationToken, Task<string>>? ticket)
    {
        (_home, _atEnd, _ticket, Transfer) = (home, atEnd, ticket, settings.Transfer);
        _link = home.ActorOf(Props.Create(() => new LinkActor(settings, send, SystemClock.Instance)));
    }

    public TransferSettings Transfer { get; }

    /// <summary>To a gateway that is at hand.</summary>
    public static GatewayLink To(IActorRefFactory home, IActorRef gateway, ClientSettings settings) =>
        new(home, settings, _ => gateway.Tell, () => ValueTask.CompletedTask, null);

    /// <summary>By a way of sending that is set up within the link's actor; <paramref name="atEnd"/> runs when the link is disposed.</summary>
    /// <param name="ticket">The newest that a door has given; null: this way has none.</param>
    internal static GatewayLink By(
        IActorRefFactory home, ClientSettings settings, Func<IActorContext, Action<object, IActorRef>> send, Func<ValueTask> atEnd,
        Func<CancellationToken, Task<string>>? ticket = null) =>
        new(home, settings, send, atEnd, ticket);

    public async ValueTask<Claim> ProveAsync(Claim claim, CancellationToken cancel) => _ticket is null ? claim : claim with { Ticket = await _ticket(cancel) };

    public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var replies = Channel.CreateUnbounded<IReply>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        _link.Tell(new LinkActor.Ask(request, replies.Writer));
        try
        {
            await foreach (var reply in replies.Reader.ReadAllAsync(cancel))
            {
                yield return reply;
                if (reply is TreePart part) _link.Tell(new LinkActor.Consumed(part.Op, part.Run, part.Sequence));
            }
        }
        finally
        {
            _link.Tell(new LinkActor.Forget(request.Head.Op));
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_home is ActorSystem system) system.Stop(_link);
        else _link.Tell(PoisonPill.Instance);
        return _atEnd();
    }
}
