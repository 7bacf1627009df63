using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Eos.Instance;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// A service of the master: has the recycle bin emptied of what is too old, at the intervals of `recycle config`. The work is a request to this node's gateway, which may take
/// any time; an order that is lost is given again.
/// </summary>
public sealed class RecycleCleaner : ReceiveActor, IWithTimers
{
    public const string Name = "recycle-cleaner";

    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Func<bool> _mayAct;
    private readonly IClock _clock;
    private readonly TimeSpan _interval;
    private readonly ICanTell _gateway;
    private CleaningPlan _plan = CleaningPlan.Begin;
    private InstanceState? _instance;
    private (OpId Op, CleaningStep Step)? _asked;

    /// <param name="mayAct">Whether the session of this node holds, asked before each order.</param>
    public RecycleCleaner(IActorRef instance, Func<bool> mayAct, IClock clock, TimeSpan interval)
    {
        (_mayAct, _clock, _interval) = (mayAct, clock, interval);
        _gateway = Context.System.ActorSelection(GatewayProtocol.Path);
        Receive<InstanceProtocol.Published>(p => _instance = p.State);
        Receive<Look>(_ => Go());
        Receive<IFinal>(answer => _asked?.Op == answer.Op, Hear);
        instance.Tell(new InstanceProtocol.Subscribe());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef instance, Func<bool> mayAct, IClock clock, TimeSpan interval) =>
        Akka.Actor.Props.Create(() => new RecycleCleaner(instance, mayAct, clock, interval));

    protected override void PreStart() => Timers.StartPeriodicTimer("look", new Look(), _interval);

    /// <summary>An order without an answer is repeated under its own number.</summary>
    private void Go()
    {
        if (_instance is null || !_mayAct()) return;
        var step = _asked?.Step ?? _plan.Next(RecycleBin.PolicyOf(_instance), _clock.Now);
        if (step == CleaningStep.Nothing) return;
        _asked ??= (_ops.Next(), step);
        var head = new Head(_asked.Value.Op, 0, new Claim(0, 0, "root", "localhost", Name));
        _gateway.Tell(new Administer(head, "recycle", "clean", [], step == CleaningStep.Count ? NoOptions.SetItem("count", "") : NoOptions), Self);
    }

    private void Hear(IFinal answer)
    {
        if (answer is Report report)
        {
            var found = report.Records.SelectMany(r => r.Pairs).Where(p => p.Key is "trees" or "files").Aggregate(0ul, (sum, p) => sum + ulong.Parse(p.Value, CultureInfo.InvariantCulture));
            if (found > 0 && !report.Lines.IsEmpty) Context.GetLogger().Info("recycle bin: {0}", report.Lines[0]);
            _plan = _plan.After(_asked!.Value.Step, found, _clock.Now);
        }
        _asked = null;
    }

    private sealed record Look;
}
