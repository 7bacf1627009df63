using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Tools.Client;

/// <summary>
/// Speaks to services of a cluster without being a member of it. It keeps a connection to one receptionist, looks for another when that
/// one falls silent, and holds messages meanwhile. What is under way when a connection breaks may be lost; a caller repeats.
/// </summary>
public sealed partial class ClusterClient : ActorBase, IWithTimers
{
    private readonly ClusterClientSettings settings;
    private readonly ILoggingAdapter log;
    private readonly Queue<(object Message, IActorRef Sender)> waiting = [];
    private readonly HashSet<IActorRef> subscribers = [];
    private ImmutableHashSet<ActorPath> contacts;
    private IActorRef? receptionist;
    private long heard;

    public ClusterClient(ClusterClientSettings settings)
    {
        if (settings.InitialContacts.Count == 0) throw new ArgumentException("a client needs at least one contact", nameof(settings));
        this.settings = settings;
        contacts = [.. settings.InitialContacts];
        log = Context.GetLogger();
        Self.Tell(Tick.Begin);
    }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    /// <summary>A client; start one for each cluster.</summary>
    public static Props Props(ClusterClientSettings settings) => Akka.Actor.Props.Create(() => new ClusterClient(settings)).WithDeploy(Deploy.Local);

    private void Begin()
    {
        Timers.StartPeriodicTimer(Tick.Heartbeat, Tick.Heartbeat, settings.HeartbeatInterval);
        Timers.StartPeriodicTimer(Tick.Refresh, Tick.Refresh, settings.RefreshContactsInterval);
        Establish();
    }

    protected override void PostStop()
    {
        while (waiting.TryDequeue(out var m)) Drop(m.Message, m.Sender);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Send or SendToAll or Publish: Pass(message); break;
            case Contacts m: OnContacts(m); break;
            case HeartbeatRsp: if (Sender.Equals(receptionist)) heard = Stopwatch.GetTimestamp(); break;
            case ReceptionistShutdown: if (Sender.Equals(receptionist)) Lost("shuts down"); break;
            case Tick.Begin: Begin(); break;
            case Tick.Establish: if (receptionist == null) Ask(); break;
            case Tick.Heartbeat: OnHeartbeat(); break;
            case Tick.Refresh: receptionist?.Tell(new GetContacts()); break;
            case Tick.GiveUp: GiveUp(); break;
            case SubscribeContactPoints:
                subscribers.Add(Context.Watch(Sender));
                Sender.Tell(new ContactPoints(contacts));
                break;
            case UnsubscribeContactPoints: subscribers.Remove(Context.Unwatch(Sender)); break;
            case GetContactPoints: Sender.Tell(new ContactPoints(contacts)); break;
            case Terminated m: subscribers.Remove(m.ActorRef); break;
            default: return false;
        }
        return true;
    }

    private void Establish()
    {
        Timers.StartPeriodicTimer(Tick.Establish, Tick.Establish, settings.EstablishingGetContactsInterval);
        if (settings.ReconnectTimeout is { } limit) Timers.StartSingleTimer(Tick.GiveUp, Tick.GiveUp, limit);
        Ask();
    }

    /// <summary>Asks all contacts, those of the configuration always among them: the cluster may have moved while we were away.</summary>
    private void Ask()
    {
        foreach (var contact in contacts.Union(settings.InitialContacts)) Context.ActorSelection(contact).Tell(new GetContacts());
    }

    private void OnContacts(Contacts m)
    {
        var now = m.Paths.Select(ActorPath.Parse).ToImmutableHashSet();
        if (!now.IsEmpty) ContactsAre(now);
        if (receptionist != null) return;
        receptionist = Sender;
        heard = Stopwatch.GetTimestamp();
        Timers.Cancel(Tick.Establish);
        Timers.Cancel(Tick.GiveUp);
        log.Info("Connected to receptionist {0}", receptionist.Path);
        while (waiting.TryDequeue(out var w)) receptionist.Tell(w.Message, w.Sender);
    }

    private void ContactsAre(ImmutableHashSet<ActorPath> now)
    {
        foreach (var subscriber in subscribers)
        {
            foreach (var added in now.Except(contacts)) subscriber.Tell(new ContactPointAdded(added));
            foreach (var removed in contacts.Except(now)) subscriber.Tell(new ContactPointRemoved(removed));
        }
        contacts = now;
    }

    private void OnHeartbeat()
    {
        if (receptionist == null) return;
        if (Stopwatch.GetElapsedTime(heard) > settings.HeartbeatInterval + settings.AcceptableHeartbeatPause) Lost("is silent");
        else receptionist.Tell(new Heartbeat());
    }

    private void Lost(string why)
    {
        log.Info("Receptionist {0} {1}; looking for another", receptionist!.Path, why);
        receptionist = null;
        Establish();
    }

    private void GiveUp()
    {
        if (receptionist != null) return;
        log.Warning("No receptionist answered within {0}; the client stops", settings.ReconnectTimeout!);
        Context.Stop(Self);
    }

    private void Pass(object message)
    {
        if (receptionist != null)
        {
            receptionist.Forward(message);
            return;
        }

        waiting.Enqueue((message, Sender));
        if (waiting.Count > settings.BufferSize && waiting.TryDequeue(out var m)) Drop(m.Message, m.Sender);
    }

    private void Drop(object message, IActorRef sender) => Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);

    private enum Tick { Begin, Establish, Heartbeat, Refresh, GiveUp }
}
