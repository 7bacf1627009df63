using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>
/// This node's membership of a cluster. One for an actor system whose <c>akka.actor.provider</c> is <c>cluster</c>. Its actors live
/// below /system/cluster: <c>core</c> (gossip, joining, leading), <c>publisher</c> (events), heartbeat sender and receiver, and the
/// downing provider's own.
/// </summary>
public class Cluster : IExtension
{
    private IActorRef _daemon;
    private readonly Lazy<IDowningProvider> _downing;
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClusterEvent.CurrentClusterState _state = new();
    private volatile Member _self;

    internal Cluster(ActorSystemImpl system)
    {
        System = system;
        Settings = new ClusterSettings(system.Settings.Config, system.Name);
        var address = system.Provider.DefaultAddress;
        if (address.HasLocalScope) throw new Akka.Configuration.ConfigurationException("ActorSystem needs akka.actor.provider = cluster to be a member of a cluster");
        SelfUniqueAddress = new UniqueAddress(address, AddressUidExtension.Uid(system));
        SelfRoles = Settings.Roles;
        _self = Member.Of(SelfUniqueAddress, int.MaxValue, MemberStatus.Removed, SelfRoles);
        FailureDetector = new DefaultFailureDetectorRegistry<Address>(
            () => FailureDetectorLoader.Load(Settings.FailureDetectorImplementationClass, Settings.FailureDetectorConfig, system));
        _downing = new Lazy<IDowningProvider>(() => (IDowningProvider)Activator.CreateInstance(Settings.DowningProviderType, system, this)!);
        Log = Logging.GetLogger(system, this);
        _daemon = system.SystemActorOf(ClusterDaemon.Props(this), "cluster");
    }

    /// <summary>The cluster of an actor system.</summary>
    public static Cluster Get(ActorSystem system) => ClusterExtension.Instance.Apply(system);

    /// <summary>The system that is, or can be, a member.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>What is configured.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>Where this node is reached.</summary>
    public Address SelfAddress => SelfUniqueAddress.Address;

    /// <summary>This incarnation of it.</summary>
    public UniqueAddress SelfUniqueAddress { get; }

    /// <summary>The roles of this node.</summary>
    public ImmutableHashSet<string> SelfRoles { get; }

    /// <summary>This node as a member; Removed while it is not one.</summary>
    public Member SelfMember => _self;

    /// <summary>What this node knows of the cluster, at least as new as the last event that a subscriber got.</summary>
    public ClusterEvent.CurrentClusterState State => _state;

    /// <summary>Says whether this node is a full member.</summary>
    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    /// <summary>Says whether this node's part in the cluster is over; only a new actor system can join again.</summary>
    public bool IsTerminated => _terminated.Task.IsCompleted;

    /// <summary>Who decides which unreachable members are downed.</summary>
    public IDowningProvider DowningProvider => _downing.Value;

    /// <summary>Judges the heartbeats of this node's neighbours.</summary>
    public DefaultFailureDetectorRegistry<Address> FailureDetector { get; }

    internal ILoggingAdapter Log { get; }

    internal Task Terminated => _terminated.Task;

    /// <summary>Sends the events of those types, after the state as one <see cref="ClusterEvent.CurrentClusterState"/>.</summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) =>
        Subscribe(subscriber, ClusterEvent.InitialStateAsSnapshot, to);

    /// <summary>Sends the events of those types, after the state in the given form.</summary>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        if (to.Length == 0) throw new ArgumentException("at least one ClusterEvent is required", nameof(to));
        if (Array.Find(to, t => !typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(t)) is { } other)
        {
            throw new ArgumentException($"Subscribe to `IClusterDomainEvent` or subclasses, was [{other.FullName}]", nameof(to));
        }
        _daemon.Tell(new AddSubscriber(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    /// <summary>Ends all subscriptions of the actor.</summary>
    public void Unsubscribe(IActorRef subscriber) => _daemon.Tell(new RemoveSubscriber(subscriber, null), ActorRefs.NoSender);

    /// <summary>Ends one subscription of the actor.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) => _daemon.Tell(new RemoveSubscriber(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends the state once.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => _daemon.Tell(new SendState(receiver), ActorRefs.NoSender);

    /// <summary>Asks the node at the address for admission; its own address founds a cluster.</summary>
    public void Join(Address address) => _daemon.Tell(new JoinTo(Completed(address)), ActorRefs.NoSender);

    /// <summary>The same; the task ends when this node is Up, and fails if it is removed first.</summary>
    public Task JoinAsync(Address address, CancellationToken token = default) => Joined(() => Join(address), token);

    /// <summary>Asks those nodes for admission; if this node is the first of them and none answers, it founds a cluster.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) =>
        _daemon.Tell(new JoinSeedNodes([.. seedNodes.Select(Completed)]), ActorRefs.NoSender);

    /// <summary>The same; the task ends when this node is Up, and fails if it is removed first.</summary>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default) =>
        Joined(() => JoinSeedNodes(seedNodes), token);

    /// <summary>Lets a member leave in good order.</summary>
    public void Leave(Address address) => _daemon.Tell(new Leave(Completed(address)), ActorRefs.NoSender);

    /// <summary>Lets this node leave; the task ends when it is removed.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <summary>Lets this node leave; the task ends when it is removed. Giving up the wait does not stop it from leaving.</summary>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        if (IsTerminated) return Task.CompletedTask;
        var removed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RegisterOnMemberRemoved(() => removed.TrySetResult());
        Leave(SelfAddress);
        return removed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Declares a member dead. The others forget it and refuse its incarnation from then on.</summary>
    public void Down(Address address) => _daemon.Tell(new Down(Completed(address)), ActorRefs.NoSender);

    /// <summary>Runs the callback once, when this node is Up.</summary>
    public void RegisterOnMemberUp(Action callback) => _daemon.Tell(new WhenUp(callback), ActorRefs.NoSender);

    /// <summary>Runs the callback once, when this node is removed or shuts down.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        if (IsTerminated) callback();
        else _terminated.Task.ContinueWith(_ => Run(callback), TaskScheduler.Default);
    }

    /// <summary>The path by which other nodes reach an actor of this one.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef)
    {
        var path = actorRef.Path;
        return path.Address.HasLocalScope ? ActorPath.Parse(path.ToStringWithAddress(SelfAddress)).WithUid(path.Uid) : path;
    }

    /// <summary>What the publisher shows before it sends the events.</summary>
    internal void Show(ClusterEvent.CurrentClusterState state)
    {
        _self = state.Members.FirstOrDefault(m => m.UniqueAddress == SelfUniqueAddress)
            ?? Member.Of(SelfUniqueAddress, int.MaxValue, MemberStatus.Removed, SelfRoles);
        _state = state;
    }

    /// <summary>Ends this node's part, without a farewell.</summary>
    internal void Shutdown() => ((IInternalActorRef)_daemon).Stop();

    /// <summary>The daemon says who it is before it makes its children: they speak to it through this object, and may run before its constructor goes on.</summary>
    internal void HasStarted(IActorRef daemon) => _daemon = daemon;

    internal void HasTerminated() => _terminated.TrySetResult();

    /// <summary>Runs a stranger's callback.</summary>
    internal void Run(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            Log.Error(e, "A callback for a change of this member's status failed");
        }
    }

    private Address Completed(Address address) =>
        address.HasLocalScope && address.System == SelfAddress.System ? SelfAddress : address;

    private async Task Joined(Action join, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        if (IsTerminated) throw new ClusterJoinFailedException("Cluster has already been terminated");
        if (IsUp) return;
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RegisterOnMemberUp(() => up.TrySetResult());
        RegisterOnMemberRemoved(() => up.TrySetException(new ClusterJoinFailedException($"Node has not managed to join the cluster using provided address: {SelfAddress}")));
        join();
        await up.Task.WaitAsync(token).ConfigureAwait(false);
    }
}
