using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>
/// One on each node: keeps the local receivers and the cluster's registry of who has receivers for what, and passes messages on,
/// at most once. Subscriptions of other nodes become known shortly after their acknowledgement.
/// </summary>
public sealed partial class DistributedPubSubMediator : ReceiveActor, IWithTimers
{
    private readonly DistributedPubSubSettings settings;
    private readonly Cluster cluster;
    private readonly ILoggingAdapter log;
    private readonly LocalReceivers local = new();
    private readonly Dictionary<UniqueAddress, IActorRef> others = [];
    private readonly UniqueAddress self;
    private Registry registry = Registry.Empty;
    private Dictionary<string, Key[]>? groupsOf;
    private long pushed;
    private bool pushing;
    private int turn;

    public DistributedPubSubMediator(DistributedPubSubSettings settings)
    {
        this.settings = settings;
        cluster = Cluster.Get(Context.System);
        if (settings.Role != null && !cluster.SelfRoles.Contains(settings.Role))
            throw new ArgumentException($"this node has not the role [{settings.Role}] of the mediator", nameof(settings));
        self = cluster.SelfUniqueAddress;
        log = Context.GetLogger();
        ReceiveAny(OnMessage);
    }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    public static Props Props(DistributedPubSubSettings settings) => Akka.Actor.Props.Create(() => new DistributedPubSubMediator(settings));

    protected override void PreStart()
    {
        if (cluster.IsTerminated) throw new ActorInitializationException("the cluster node must not be terminated");
        cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Timers.StartPeriodicTimer("gossip", GossipTick.Instance, settings.GossipInterval);
    }

    protected override void PostStop() => cluster.Unsubscribe(Self);

    private void OnMessage(object message)
    {
        switch (message)
        {
            case Publish m: OnPublish(m); break;
            case Send m: OnSend(m); break;
            case SendToAll m: OnSendToAll(m); break;
            case Deliver m: OnDeliver(m.Key, m.ToAll, m.Message); break;
            case Subscribe m: OnSubscribe(m); break;
            case Unsubscribe m: OnUnsubscribe(m); break;
            case Put m: OnPut(m.Ref); break;
            case Remove m: Changed(local.RemoveKey(Key.Path(m.Path), out var ended), ended); break;
            case Terminated m: Changed(local.RemoveActor(m.ActorRef), []); break;
            case GetTopics: Sender.Tell(new CurrentTopics(registry.Keys.Where(k => k.Kind != KeyKind.Path).Select(k => k.Name).ToImmutableHashSet())); break;
            case RegistryStatus m: OnStatus(m); break;
            case RegistryDelta m: Become(registry.Merge(m.Buckets, n => n.Equals(self) || others.ContainsKey(n))); break;
            case Push: OnPush(); break;
            case GossipTick: OnGossip(); break;
            case ClusterEvent.CurrentClusterState m: foreach (var member in m.Members) OnMember(member); break;
            case ClusterEvent.IMemberEvent m: OnMember(m.Member); break;
            default: Unhandled(message); break;
        }
    }

    private void OnPublish(Publish m)
    {
        if (!m.SendOneMessageToEachGroup)
        {
            ToOwners(Key.Of(m.Topic, null), m.Message, exceptSelf: false, m);
            return;
        }

        groupsOf ??= registry.Keys.Where(k => k.Kind == KeyKind.Group).GroupBy(k => k.Name).ToDictionary(g => g.Key, g => g.ToArray());
        if (!groupsOf.TryGetValue(m.Topic, out var groups)) NoReceiver(m);
        else
            foreach (var group in groups) ToOneOwner(group, m.Message, preferSelf: false, m);
    }

    private void OnSend(Send m) => ToOneOwner(Key.Path(m.Path), m.Message, m.LocalAffinity, m);

    private void OnSendToAll(SendToAll m) => ToOwners(Key.Path(m.Path), m.Message, m.ExcludeSelf, m);

    private void ToOwners(Key key, object message, bool exceptSelf, object whole)
    {
        var any = false;
        foreach (var owner in registry.OwnersOf(key))
        {
            if (exceptSelf && owner.Equals(self)) continue;
            any = true;
            ToOwner(owner, key, toAll: true, message);
        }
        if (!any) NoReceiver(whole);
    }

    private void ToOneOwner(Key key, object message, bool preferSelf, object whole)
    {
        var owners = registry.OwnersOf(key).ToList();
        if (owners.Count == 0) NoReceiver(whole);
        else ToOwner(preferSelf && owners.Contains(self) ? self : owners[Pick(owners.Count)], key, toAll: false, message);
    }

    private void ToOwner(UniqueAddress owner, Key key, bool toAll, object message)
    {
        if (owner.Equals(self)) OnDeliver(key, toAll, message);
        else if (others.TryGetValue(owner, out var mediator)) mediator.Forward(new Deliver(key, toAll, message));
    }

    private void OnDeliver(Key key, bool toAll, object message)
    {
        var receivers = local.Of(key);
        if (receivers.Count == 0) Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
        else if (!toAll) receivers[Pick(receivers.Count)].Forward(message);
        else
            foreach (var receiver in receivers) receiver.Forward(message);
    }

    private void NoReceiver(object message)
    {
        if (settings.SendToDeadLettersWhenNoSubscribers) Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
    }

    private int Pick(int count) => settings.RoundRobin ? (int)((uint)turn++ % (uint)count) : Random.Shared.Next(count);

    private void OnSubscribe(Subscribe m)
    {
        Context.Watch(m.Ref);
        Changed(local.Add(Key.Of(m.Topic, m.Group), m.Ref), []);
        Sender.Tell(new SubscribeAck(m));
    }

    private void OnUnsubscribe(Unsubscribe m)
    {
        Changed(local.Remove(Key.Of(m.Topic, m.Group), m.Ref, out var ended), ended);
        Sender.Tell(new UnsubscribeAck(m));
    }

    private void OnPut(IActorRef actor)
    {
        if (actor.Path.Address.HasGlobalScope)
        {
            log.Warning("An actor of another node can't be registered here: {0}", actor.Path);
            return;
        }

        var key = Key.Path(actor.Path.ToStringWithoutAddress());
        Changed(local.RemoveKey(key, out var ended), ended);
        Context.Watch(actor);
        Changed(local.Add(key, actor), []);
    }
}
