using Akka.Actor;
using Akka.Event;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;

namespace Eos.Views;

/// <summary>Folds reports and the configuration, hands whole views to its readers and passes orders to filesystems. Path: <see cref="ViewProtocol.Path"/>.</summary>
public sealed class ViewActor : ReceiveActor, IWithTimers
{
    private readonly Dictionary<FsId, IActorRef> _servers = [];
    private readonly HashSet<IActorRef> _readers = [];
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly TimeSpan _publishInterval;
    private readonly IActorRef _instance;
    private ViewState _state = ViewState.Empty;
    private ulong _published;

    /// <param name="instance">Tells the configuration; nobody: there is none.</param>
    public ViewActor(ViewSettings settings, IClock clock, IActorRef instance)
    {
        (_publishInterval, _instance) = (settings.PublishInterval, instance);
        Receive<FstProtocol.FsReport>(_ => !IsOfCluster(Sender), _ => Context.GetLogger().Warning("a report of a filesystem came from {0}: not believed", Sender));
        Receive<FstProtocol.FsReport>(report =>
        {
            var next = _state.Apply(report, clock.Now);
            if (ReferenceEquals(next, _state)) return;
            var isNew = !_state.Reported.ContainsKey(report.Identity.Id);
            _state = next;
            _servers[report.Identity.Id] = Sender;
            if (!isNew) return;
            Context.GetLogger().Info("filesystem {0} is known from now on", report.Identity);
            PublishNow();
        });
        Receive<InstanceProtocol.Published>(p =>
        {
            _state = _state.Apply(ViewConfiguration.Of(p.State));
            PublishNow();
        });
        Receive<ViewProtocol.Subscribe>(_ =>
        {
            if (_readers.Add(Sender)) Context.Watch(Sender);
            Sender.Tell(new ViewProtocol.Published(_state));
        });
        Receive<Terminated>(gone => _readers.Remove(gone.ActorRef));
        Receive<ViewProtocol.Deliver>(order =>
        {
            if (_servers.TryGetValue(order.Order.Fs, out var server)) server.Tell(order.Order, order.Sender);
            if (order.Order is FstProtocol.DropReplicas drop && IsOut(drop.Fs))
                order.Sender.Tell(new FstProtocol.ReplicaDropped(drop.Directory, _ops.Next(), drop.Fs, drop.Files)); // nobody else will ever say so
        });
        Receive<FstProtocol.Noted>(_ => { });
        Receive<Akka.Cluster.Tools.PublishSubscribe.SubscribeAck>(_ => { });
        Receive<ViewProtocol.Publish>(_ =>
        {
            if (_published != _state.Version) PublishNow();
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ViewSettings settings, IClock clock, IActorRef instance) => Akka.Actor.Props.Create(() => new ViewActor(settings, clock, instance));

    protected override void PreStart()
    {
        _instance.Tell(new InstanceProtocol.Subscribe());
        Timers.StartPeriodicTimer("publish", new ViewProtocol.Publish(), _publishInterval);
    }

    /// <summary>
    /// Clients may publish to any topic, but what they publish is sent by their tunnel below `/system`, or by nobody; filesystems are actors below `/user`.
    /// </summary>
    private static bool IsOfCluster(IActorRef sender) => sender.Path.Elements is ["user", ..];

    /// <summary>`fs rm` has taken it out.</summary>
    private bool IsOut(FsId fs) => _state.Configuration.Filesystems.TryGetValue(fs, out var configured) && configured.IsUnregistered;

    private void PublishNow()
    {
        _published = _state.Version;
        foreach (var reader in _readers) reader.Tell(new ViewProtocol.Published(_state));
    }
}
