using Akka.Actor;

namespace Akka.Event;

/// <summary>Worth no dead letter.</summary>
public interface IDeadLetterSuppression
{
}

/// <summary>A message that reached nobody.</summary>
public abstract class AllDeadLetters
{
    protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    public object Message { get; }

    public IActorRef Recipient { get; }

    public IActorRef Sender { get; }

    public override string ToString() => $"{GetType().Name} from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message to an actor that is not there.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    public DeadLetter(object message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
    }
}

/// <summary>A dead letter that nobody minds.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
    }
}

/// <summary>A message that was dropped on its way, and why.</summary>
public sealed class Dropped : AllDeadLetters
{
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
        Reason = reason;
    }

    public Dropped(object message, string reason, IActorRef recipient) : this(message, reason, ActorRefs.NoSender, recipient)
    {
    }

    public string Reason { get; }
}

/// <summary>A message that its actor did not know.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient) : base(message, sender, recipient)
    {
    }
}

/// <summary>Logs dead letters, up to the number in akka.log-dead-letters.</summary>
public class DeadLetterListener : ActorBase
{
    private readonly int _max;
    private int _count;

    public DeadLetterListener()
    {
        var text = Context.System.Settings.Config.GetString("akka.log-dead-letters");
        _max = text is "on" or "true" or "yes" ? int.MaxValue : int.TryParse(text, out var n) ? n : 0;
    }

    protected override void PreStart()
    {
        if (_max > 0) Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override bool Receive(object message)
    {
        if (message is not AllDeadLetters letter || message is SuppressedDeadLetter or UnhandledMessage) return true;
        if (((ActorSystemImpl)Context.System).IsEnding && !Context.System.Settings.Config.GetBoolean("akka.log-dead-letters-during-shutdown")) return true;
        if (++_count > _max) return true;
        var tail = _count == _max && _max != int.MaxValue ? ", no more dead letters will be logged" : "";
        var reason = letter is Dropped dropped ? $" was dropped: {dropped.Reason}" : " was not delivered";
        Context.System.EventStream.Publish(new Info(letter.Recipient.Path.ToString(), letter.Recipient.GetType(),
            $"Message [{letter.Message.GetType().Name}] from {letter.Sender} to {letter.Recipient}{reason}. [{_count}] dead letters encountered{tail}. " +
            "Settings akka.log-dead-letters and akka.log-dead-letters-during-shutdown turn this off."));
        return true;
    }
}
