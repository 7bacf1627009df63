using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;

namespace Akka.Cluster.Tools.Client;

using Akka.Cluster.Tools.PublishSubscribe;

/// <summary>Takes messages of clients in and passes them to registered services by way of the mediator; answers come back through tunnels.</summary>
public sealed class ClusterReceptionist : ActorBase, IWithTimers
{
    private readonly IActorRef mediator;
    private readonly ClusterReceptionistSettings settings;
    private readonly Cluster cluster;
    private readonly Dictionary<IActorRef, long> clients = [];
    private readonly HashSet<IActorRef> subscribers = [];
    private ImmutableSortedSet<Address> nodes = ImmutableSortedSet.Create(Member.AddressOrdering);
    private bool closing;

    public ClusterReceptionist(IActorRef pubSubMediator, ClusterReceptionistSettings settings)
    {
        mediator = pubSubMediator;
        this.settings = settings;
        cluster = Cluster.Get(Context.System);
        if (settings.Role != null && !cluster.SelfRoles.Contains(settings.Role))
            throw new ArgumentException($"this node has not the role [{settings.Role}] of the receptionist", nameof(settings));
    }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    public static Props Props(IActorRef pubSubMediator, ClusterReceptionistSettings settings) =>
        Akka.Actor.Props.Create(() => new ClusterReceptionist(pubSubMediator, settings)).WithDeploy(Deploy.Local);

    protected override void PreStart()
    {
        if (cluster.IsTerminated) throw new ActorInitializationException("the cluster node must not be terminated");
        cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        ((IWithTimers)this).Timers.StartPeriodicTimer("check", CheckClients.Instance, settings.FailureDetectionInterval);
    }

    protected override void PostStop()
    {
        cluster.Unsubscribe(Self);
        Close();
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ClusterClient.Send m: ToMediator(new Send(m.Path, m.Message, m.LocalAffinity)); break;
            case ClusterClient.SendToAll m: ToMediator(new SendToAll(m.Path, m.Message)); break;
            case ClusterClient.Publish m: ToMediator(new Publish(m.Topic, m.Message)); break;
            case Heartbeat: OnHeartbeat(); break;
            case GetContacts: OnGetContacts(); break;
            case CheckClients: OnCheck(); break;
            case ClusterEvent.CurrentClusterState m: foreach (var member in m.Members) OnMember(member); break;
            case ClusterEvent.IMemberEvent m: OnMember(m.Member); break;
            case SubscribeClusterClients:
                subscribers.Add(Context.Watch(Sender));
                Sender.Tell(new ClusterClients(clients.Keys.ToImmutableHashSet()));
                break;
            case UnsubscribeClusterClients: subscribers.Remove(Context.Unwatch(Sender)); break;
            case GetClusterClients: Sender.Tell(new ClusterClients(clients.Keys.ToImmutableHashSet())); break;
            case Terminated m: subscribers.Remove(m.ActorRef); break;
            default: return false;
        }
        return true;
    }

    private void ToMediator(object message)
    {
        if (Sender.IsNobody() || Sender.Equals(Context.System.DeadLetters))
        {
            mediator.Tell(message, ActorRefs.NoSender);
            return;
        }

        var name = Uri.EscapeDataString(Sender.Path.ToSerializationFormat());
        var tunnel = Context.Child(name);
        if (tunnel.IsNobody()) tunnel = Context.ActorOf(ResponseTunnel.Props(Sender, settings.ResponseTunnelReceiveTimeout), name);
        else tunnel.Tell(ResponseTunnel.KeepAlive.Instance);
        mediator.Tell(message, tunnel);
    }

    private void OnHeartbeat()
    {
        if (closing) return;
        Heard(Sender);
        Sender.Tell(new HeartbeatRsp());
    }

    private void OnGetContacts()
    {
        if (closing) return;
        Heard(Sender);
        var all = nodes.IsEmpty ? nodes.Add(cluster.SelfAddress) : nodes;
        var chosen = all.ToList();
        if (settings.NumberOfContacts < all.Count)
        {
            var start = (int)(Hash(Sender.Path) % (uint)all.Count);
            chosen = Enumerable.Range(start, settings.NumberOfContacts).Select(i => all[i % all.Count]).ToList();
        }
        Sender.Tell(new Contacts(chosen.Select(a => (new RootActorPath(a) / Self.Path.Elements).ToString()).ToImmutableList()));
    }

    private static uint Hash(ActorPath path) => path.ToString().Aggregate(2166136261u, (h, c) => (h ^ c) * 16777619u);

    private void Heard(IActorRef client)
    {
        var known = clients.ContainsKey(client);
        clients[client] = Stopwatch.GetTimestamp();
        if (known) return;
        foreach (var subscriber in subscribers) subscriber.Tell(new ClusterClientUp(client));
    }

    private void OnCheck()
    {
        var limit = settings.HeartbeatInterval + settings.AcceptableHeartbeatPause;
        foreach (var client in clients.Where(c => Stopwatch.GetElapsedTime(c.Value) > limit).Select(c => c.Key).ToList())
        {
            clients.Remove(client);
            foreach (var subscriber in subscribers) subscriber.Tell(new ClusterClientUnreachable(client));
        }
    }

    private void OnMember(Member member)
    {
        if (settings.Role != null && !member.HasRole(settings.Role)) return;
        if (member.Status is MemberStatus.Up) nodes = nodes.Add(member.Address);
        else if (member.Status is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down or MemberStatus.Removed)
        {
            nodes = nodes.Remove(member.Address);
            if (member.UniqueAddress.Equals(cluster.SelfUniqueAddress) && member.Status != MemberStatus.Leaving) Close();
        }
    }

    /// <summary>Sends the clients elsewhere.</summary>
    private void Close()
    {
        if (closing) return;
        closing = true;
        foreach (var client in clients.Keys) client.Tell(new ReceptionistShutdown());
    }

    private sealed class CheckClients : INoSerializationVerificationNeeded
    {
        public static readonly CheckClients Instance = new();
    }
}
