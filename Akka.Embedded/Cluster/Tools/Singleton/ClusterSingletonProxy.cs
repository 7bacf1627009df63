using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Passes messages on to a singleton, wherever it runs. While its place is unknown messages wait; when too many wait, the oldest
/// go to dead letters. A message that is under way when the singleton moves may be lost.
/// </summary>
public sealed class ClusterSingletonProxy : ReceiveActor, IWithTimers
{
    private readonly string singletonPath;
    private readonly ClusterSingletonProxySettings settings;
    private readonly Cluster cluster;
    private readonly Queue<(object Message, IActorRef Sender)> waiting = [];
    private MembersByAge members;
    private IActorRef? singleton;
    private int question;

    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        singletonPath = $"{singletonManagerPath.TrimEnd('/')}/{settings.SingletonName}";
        this.settings = settings;
        cluster = Cluster.Get(Context.System);
        members = MembersByAge.Of(settings.Role);
        ReceiveAny(OnMessage);
    }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    /// <summary>Keys and defaults of <c>akka.cluster.singleton-proxy</c>.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.FromResource<ClusterSingletonProxy>("cluster-tools.reference.conf");

    /// <summary>A proxy for the singleton of the manager at <paramref name="singletonManagerPath"/>, a path without address.</summary>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings) =>
        Akka.Actor.Props.Create(() => new ClusterSingletonProxy(singletonManagerPath, settings));

    protected override void PreStart() =>
        cluster.Subscribe(Self, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop()
    {
        cluster.Unsubscribe(Self);
        while (waiting.TryDequeue(out var m)) Drop(m.Message, m.Sender);
    }

    private void OnMessage(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState m: MembersAre(members.Apply(m)); break;
            case ClusterEvent.IMemberEvent m: MembersAre(members.Apply((ClusterEvent.IClusterDomainEvent)m)); break;
            case Identification m: if (m.Question == question) Identify(); break;
            case ActorIdentity { MessageId: int id, Subject: { } found } when id == question: Found(found); break;
            case ActorIdentity { MessageId: int }: break;
            case Terminated m when m.ActorRef.Equals(singleton): Search(); break;
            case Terminated: break;
            default: Pass(message); break;
        }
    }

    private void MembersAre(MembersByAge now)
    {
        var before = members.Oldest;
        members = now;
        if (!Equals(before, now.Oldest)) Search();
    }

    private void Search()
    {
        if (singleton != null) Context.Unwatch(singleton);
        singleton = null;
        question++;
        Identify();
    }

    private void Identify()
    {
        if (singleton != null || members.Oldest is not { } oldest) return;
        var address = oldest.Address.Equals(cluster.SelfAddress) ? "" : oldest.Address.ToString();
        Context.ActorSelection(address + singletonPath).Tell(new Identify(question));
        Timers.StartSingleTimer("identify", new Identification(question), settings.SingletonIdentificationInterval);
    }

    private void Found(IActorRef found)
    {
        Timers.Cancel("identify");
        singleton = Context.Watch(found);
        while (waiting.TryDequeue(out var m)) found.Tell(m.Message, m.Sender);
    }

    private void Pass(object message)
    {
        if (singleton != null)
        {
            singleton.Forward(message);
            return;
        }

        waiting.Enqueue((message, Sender));
        if (waiting.Count > settings.BufferSize && waiting.TryDequeue(out var m)) Drop(m.Message, m.Sender);
    }

    private void Drop(object message, IActorRef sender) => Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);

    private sealed record Identification(int Question) : INoSerializationVerificationNeeded;
}
