using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor received, and who sent it.</summary>
public abstract class MessageEnvelope
{
    public abstract object Message { get; }
    public abstract IActorRef Sender { get; }
}

/// <summary>A message that did come.</summary>
public class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message { get; } = message;
    public override IActorRef Sender { get; } = sender;
    public override string ToString() => $"<{Message}> from {(ReferenceEquals(Sender, ActorRefs.NoSender) ? "NoSender" : Sender)}";
}

/// <summary>Nothing came.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static NullMessageEnvelope Instance = new();

    private NullMessageEnvelope() { }

    public override object Message => throw new IllegalActorStateException("No message was received");
    public override IActorRef Sender => throw new IllegalActorStateException("No message was received");
    public override string ToString() => "<null message>";
}
