using System.Threading.Channels;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>The actor behind a test kit or probe: puts what it gets into the kit's queue.</summary>
internal sealed class InternalTestActor(ChannelWriter<MessageEnvelope> queue) : ActorBase
{
    internal sealed record WatchOrder(IActorRef Subject, bool Watch, TaskCompletionSource Done) : INoSerializationVerificationNeeded;
    internal sealed record PilotOrder(AutoPilot Pilot) : INoSerializationVerificationNeeded;
    internal sealed record IgnoreOrder(Func<object, bool>? Ignore) : INoSerializationVerificationNeeded;
    internal sealed record ChildOrder(Props Props, string? Name, TaskCompletionSource<IActorRef> Made) : INoSerializationVerificationNeeded;

    private Func<object, bool>? _ignore;
    private AutoPilot _pilot = NoAutoPilot.Instance;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WatchOrder order:
                if (order.Watch) Context.Watch(order.Subject); else Context.Unwatch(order.Subject);
                order.Done.SetResult();
                break;
            case PilotOrder order:
                _pilot = order.Pilot;
                break;
            case IgnoreOrder order:
                _ignore = order.Ignore;
                break;
            case ChildOrder order:
                Make(order);
                break;
            default:
                Take(message);
                break;
        }
        return true;
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private void Take(object message)
    {
        if (_pilot is not NoAutoPilot && _pilot.Run(Sender, message) is { } next && next is not KeepRunning) _pilot = next;
        if (_ignore is null || !_ignore(message)) queue.TryWrite(new RealMessageEnvelope(message, Sender));
    }

    private static void Make(ChildOrder order)
    {
        try
        {
            order.Made.SetResult(Context.ActorOf(order.Props, order.Name));
        }
        catch (AkkaException e)
        {
            order.Made.SetException(e);
        }
    }
}
