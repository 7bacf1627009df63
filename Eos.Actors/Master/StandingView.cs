using Akka.Actor;

namespace Eos.Master;

/// <summary>Who has the master role, as this node's master actor said last; may be read on any thread.</summary>
public sealed class StandingView
{
    private MasterProtocol.Standing _last = MasterProtocol.Standing.Unknown;

    public MasterProtocol.Standing Last => Volatile.Read(ref _last);

    /// <summary>Follows that actor until the system ends.</summary>
    public static StandingView Of(ActorSystem system, IActorRef master)
    {
        var view = new StandingView();
        system.ActorOf(Props.Create(() => new Follower(master, view)));
        return view;
    }

    private sealed class Follower : ReceiveActor
    {
        private readonly IActorRef _master;

        public Follower(IActorRef master, StandingView view)
        {
            _master = master;
            Receive<MasterProtocol.Standing>(s => Volatile.Write(ref view._last, s));
        }

        protected override void PreStart() => _master.Tell(new MasterProtocol.Follow());
    }
}
