using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// The sender that a service sees for a client: what it gets it passes to the client, on the client's own connection. It ends when it is
/// not used for a while, and for one who can get one answer only (an ask), with that answer.
/// </summary>
internal sealed class ResponseTunnel : UntypedActor
{
    private readonly IActorRef client;
    private readonly bool forOneAnswer;

    private ResponseTunnel(IActorRef client, TimeSpan timeout)
    {
        this.client = client;
        forOneAnswer = client.Path.Elements is ["temp", ..];
        Context.SetReceiveTimeout(timeout);
    }

    public static Props Props(IActorRef client, TimeSpan timeout) => Akka.Actor.Props.Create(() => new ResponseTunnel(client, timeout));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case KeepAlive: break;
            case ReceiveTimeout: Context.Stop(Self); break;
            default:
                client.Tell(message, ActorRefs.NoSender);
                if (forOneAnswer) Context.Stop(Self);
                break;
        }
    }

    /// <summary>The client speaks again: the time without use begins anew.</summary>
    internal sealed class KeepAlive : INoSerializationVerificationNeeded
    {
        public static readonly KeepAlive Instance = new();
    }
}
