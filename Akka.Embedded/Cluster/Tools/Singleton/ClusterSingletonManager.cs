using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs one actor on the oldest node of a role. Start one manager with the same name on every node of the role.
/// <code>
///   Younger --oldest now--> Becoming --all earlier hosts done--> (Acquiring lease) --> Oldest
///   Oldest --exiting--> WasOldest --asked, or nobody is left--> Stopping --singleton ended--> End
/// </code>
/// </summary>
public sealed partial class ClusterSingletonManager : ReceiveActor, IWithTimers
{
    private readonly Props singletonProps;
    private readonly object terminationMessage;
    private readonly ClusterSingletonManagerSettings settings;
    private readonly Cluster cluster;
    private readonly ILoggingAdapter log;
    private readonly TimeSpan removalMargin;
    private readonly int maxRetries;
    private readonly Dictionary<UniqueAddress, Member> earlierHosts = [];
    private readonly HashSet<IActorRef> askers = [];
    private readonly TaskCompletionSource<Done> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MembersByAge members;
    private Phase phase = Phase.Younger;
    private IActorRef? singleton;
    private int retries;

    public ClusterSingletonManager(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        this.singletonProps = singletonProps;
        this.terminationMessage = terminationMessage;
        this.settings = settings;
        cluster = Cluster.Get(Context.System);
        log = Context.GetLogger();
        members = MembersByAge.Of(settings.Role);
        removalMargin = settings.RemovalMargin > TimeSpan.Zero ? settings.RemovalMargin : cluster.DowningProvider.DownRemovalMargin;
        maxRetries = Math.Max(settings.MinRetries, (int)(removalMargin / settings.HandOverRetryInterval) + 3);
        if (settings.Role != null && !cluster.SelfRoles.Contains(settings.Role))
            throw new ArgumentException($"this node has not the role [{settings.Role}] of the singleton", nameof(settings));
        ReceiveAny(OnMessage);
    }

    private enum Phase { Younger, Becoming, Acquiring, Oldest, WasOldest, Stopping, End }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    /// <summary>Keys and defaults of <c>akka.cluster.singleton</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterSingletonManager>("cluster-tools.reference.conf");

    /// <summary>A manager that stops the singleton by PoisonPill.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) => Props(singletonProps, PoisonPill.Instance, settings);

    /// <summary>A manager that stops the singleton by a message of its own, which must end it.</summary>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings) =>
        Akka.Actor.Props.Create(() => new ClusterSingletonManager(singletonProps, terminationMessage, settings));

    protected override void PreStart()
    {
        if (cluster.IsTerminated) throw new ActorInitializationException("the cluster node must not be terminated");
        cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        var (self, done) = (Self, ended.Task);
        CoordinatedShutdown.Get(Context.System).AddTask(
            CoordinatedShutdown.PhaseClusterExiting, $"singleton-exiting-{Self.Path.Name}", () =>
            {
                if (cluster.IsTerminated || cluster.SelfMember.Status == MemberStatus.Down) return Task.FromResult(Done.Instance);
                self.Tell(new Exit());
                return done;
            });
    }

    protected override void PostStop()
    {
        cluster.Unsubscribe(Self);
        ReleaseLease();
        ended.TrySetResult(Done.Instance);
    }

    private void OnMessage(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState m: OnClusterState(m); break;
            case ClusterEvent.IMemberEvent m: OnMemberEvent(m); break;
            case MarginOver m: EarlierHostIsDone(m.Node); break;
            case AskAgain: AskEarlierHosts(); break;
            case HandOverToMe: OnHandOverToMe(); break;
            case HandOverInProgress: retries = 0; break;
            case HandOverDone: OnHandOverDone(Sender.Path.Address); break;
            case LeaseAnswer m: OnLeaseAnswer(m); break;
            case AcquireAgain: Acquire(); break;
            case LeaseLost m: OnLeaseLost(m.Reason); break;
            case Terminated m when m.ActorRef.Equals(singleton): OnSingletonEnded(); break;
            case Exit: OnExit(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnClusterState(ClusterEvent.CurrentClusterState state)
    {
        members = members.Apply(state);
        foreach (var m in state.Members.Where(m => m.Status is MemberStatus.Exiting or MemberStatus.Down && !IsSelf(m) && members.Matches(m)))
            earlierHosts[m.UniqueAddress] = m;
        Look();
    }

    private void OnMemberEvent(ClusterEvent.IMemberEvent change)
    {
        var member = change.Member;
        var counted = members.Contains(member.UniqueAddress) || earlierHosts.ContainsKey(member.UniqueAddress);
        members = members.Apply((ClusterEvent.IClusterDomainEvent)change);
        if (IsSelf(member))
        {
            if (change is ClusterEvent.MemberDowned or ClusterEvent.MemberRemoved) StopSingleton();
            else if (change is ClusterEvent.MemberUp) members = members.Apply(cluster.State);
        }
        else if (counted && change is ClusterEvent.MemberExited) earlierHosts[member.UniqueAddress] = member;
        else if (counted && change is ClusterEvent.MemberRemoved) OnRemoved(member);
        Look();
    }

    /// <summary>A node that is removed without a hand-over may run the singleton for the removal margin.</summary>
    private void OnRemoved(Member member)
    {
        if (removalMargin <= TimeSpan.Zero) earlierHosts.Remove(member.UniqueAddress);
        else
        {
            earlierHosts[member.UniqueAddress] = member;
            Timers.StartSingleTimer(member.UniqueAddress, new MarginOver(member.UniqueAddress), removalMargin);
        }
    }

    /// <summary>Moves on to what the members' ages say.</summary>
    private void Look()
    {
        var oldest = members.Oldest is { } m && IsSelf(m);
        switch (phase)
        {
            case Phase.Younger when oldest:
                phase = Phase.Becoming;
                retries = 0;
                AskEarlierHosts();
                break;
            case Phase.Becoming when oldest && earlierHosts.Count == 0:
                Timers.Cancel(AskAgain.Instance);
                BecomeOldest();
                break;
            case Phase.Becoming or Phase.Acquiring when !oldest:
                End();
                break;
            case Phase.Oldest when !oldest:
                phase = Phase.WasOldest;
                log.Info("Singleton {0}: this node is exiting and hands over to {1}", Self.Path, members.Oldest?.Address.ToString() ?? "nobody");
                if (members.Oldest == null) StopSingleton();
                break;
            case Phase.WasOldest when members.Oldest == null:
                StopSingleton();
                break;
        }
    }

    private void AskEarlierHosts()
    {
        if (phase != Phase.Becoming) return;
        if (earlierHosts.Count == 0)
        {
            Look();
            return;
        }

        if (++retries > maxRetries) throw new ClusterSingletonManagerIsStuckException($"{Self.Path}: hand-over from {string.Join(", ", earlierHosts.Keys)} was not answered");
        foreach (var host in earlierHosts.Values)
            Context.ActorSelection(new RootActorPath(host.Address) / Self.Path.Elements).Tell(new HandOverToMe());
        Timers.StartSingleTimer(AskAgain.Instance, AskAgain.Instance, settings.HandOverRetryInterval);
    }

    private void OnHandOverDone(Address from)
    {
        foreach (var host in earlierHosts.Keys.Where(h => h.Address.Equals(from)).ToList()) EarlierHostIsDone(host);
    }

    private void EarlierHostIsDone(UniqueAddress node)
    {
        earlierHosts.Remove(node);
        Timers.Cancel(node);
        Look();
    }

    private void OnHandOverToMe()
    {
        switch (phase)
        {
            case Phase.End or Phase.Younger or Phase.Becoming:
                Sender.Tell(new HandOverDone());
                break;
            case Phase.Acquiring:
                Sender.Tell(new HandOverDone());
                End();
                break;
            default:
                askers.Add(Sender);
                Sender.Tell(new HandOverInProgress());
                StopSingleton();
                break;
        }
    }

    private void OnExit()
    {
        if (phase is Phase.Younger or Phase.Becoming or Phase.Acquiring || members.OldestFirst.All(IsSelf)) StopSingleton();
    }

    private void StopSingleton()
    {
        if (phase is Phase.Stopping or Phase.End) return;
        phase = Phase.Stopping;
        if (singleton == null) End();
        else singleton.Tell(terminationMessage);
    }

    private void OnSingletonEnded()
    {
        singleton = null;
        if (phase == Phase.Stopping) End();
        else if (phase == Phase.Acquiring) Acquire();
        else log.Info("Singleton {0} has ended by itself", Self.Path);
    }

    private void StartSingleton()
    {
        phase = Phase.Oldest;
        log.Info("Singleton {0} starts on {1}", Self.Path, cluster.SelfAddress);
        singleton = Context.Watch(Context.ActorOf(singletonProps, settings.SingletonName));
    }

    private void End()
    {
        phase = Phase.End;
        ReleaseLease();
        foreach (var asker in askers) asker.Tell(new HandOverDone());
        ended.TrySetResult(Done.Instance);
    }

    private bool IsSelf(Member member) => member.UniqueAddress.Equals(cluster.SelfUniqueAddress);

    private sealed record MarginOver(UniqueAddress Node) : INoSerializationVerificationNeeded;

    private sealed record Exit : INoSerializationVerificationNeeded;

    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }
}
