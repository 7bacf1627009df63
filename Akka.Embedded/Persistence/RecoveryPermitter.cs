using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Lets only so many actors recover at once, in the order they asked.</summary>
internal sealed class RecoveryPermitter(int most) : UntypedActor
{
    private readonly LinkedList<IActorRef> _waiting = new();
    private readonly HashSet<IActorRef> _recovering = [];

    public sealed class RequestPermit
    {
        public static readonly RequestPermit Instance = new();
    }

    public sealed class PermitGranted
    {
        public static readonly PermitGranted Instance = new();
    }

    public sealed class ReturnPermit
    {
        public static readonly ReturnPermit Instance = new();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestPermit:
                Context.Watch(Sender);
                if (_recovering.Count < most) Grant(Sender);
                else _waiting.AddLast(Sender);
                break;
            case ReturnPermit:
                Return(Sender);
                break;
            case Terminated m:
                if (!_waiting.Remove(m.ActorRef)) Return(m.ActorRef);
                break;
        }
    }

    private void Grant(IActorRef actor)
    {
        _recovering.Add(actor);
        actor.Tell(PermitGranted.Instance, Self);
    }

    private void Return(IActorRef actor)
    {
        Context.Unwatch(actor);
        if (!_recovering.Remove(actor) || _waiting.First is not { } next) return;
        _waiting.RemoveFirst();
        Grant(next.Value);
    }
}
