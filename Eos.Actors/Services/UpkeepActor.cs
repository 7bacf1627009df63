using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;
using static Eos.Services.UpkeepProtocol;

namespace Eos.Services;

/// <summary>What the upkeep of a node is given.</summary>
/// <param name="Place">`host:port` of the node.</param>
/// <param name="Nodes">Where the living nodes of the cluster are, this one too.</param>
/// <param name="Master">This node's master actor; nobody where it has none.</param>
/// <param name="LeadsAlone">The instance has no master: this node does what is the master's.</param>
/// <param name="FindLong">Directories that have many events since their last snapshot, behind that place; null: they can't be found now.</param>
/// <param name="Directories">Where messages for directories go.</param>
/// <param name="Compact">Compacts the files of this node's member of the group and tells, on any thread, how many bytes they had and have, and what was wrong; null: there is no member here.</param>
public sealed record UpkeepParts(
    string Place, Func<ImmutableArray<Address>> Nodes, IActorRef Master, bool LeadsAlone, Func<string, Task<LongJournals?>> FindLong, IActorRef Directories, Action<Action<ulong, ulong, string>>? Compact, UpkeepSettings Settings, IClock Clock);

/// <summary>Leads the compaction where the master is, and does what concerns this node. Path: `/user/upkeep`.</summary>
public sealed class UpkeepActor : ReceiveActor, IWithTimers
{
    private readonly UpkeepParts _parts;
    private readonly Queue<Address> _left = new();
    private CompactionState _state = CompactionState.Start;
    private IActorRef _walk = ActorRefs.Nobody;
    private (ulong Before, ulong After, ImmutableArray<string> Troubles) _run = (0, 0, []);

    public UpkeepActor(UpkeepParts parts)
    {
        _parts = parts;
        _state = _state with { IsMaster = parts.LeadsAlone };
        Receive<MasterProtocol.Standing>(s =>
        {
            _state = _state with { IsMaster = s.IsMaster };
            if (!s.IsMaster) BreakOff();
        });
        Receive<Set>(wish =>
        {
            _state = CompactionRules.Set(_state, wish, Now);
            if (!wish.On) BreakOff();
            Begin();
            Tell();
        });
        Receive<Ask>(_ => Tell());
        Receive<Tick>(_ => Begin());
        Receive<CondenseWalk.Walked>(Condensed);
        Receive<Compact>(_ => CompactHere());
        Receive<Settled>(_ => Next());
        Receive<Compacted>(Hear);
        Receive<NotInTime>(_ => Hear(new Compacted("a node", 0, 0, "it has not compacted its files in time")));
        Receive<Forget>(m =>
        {
            Directories(m.Directory.Value == 0 ? "*" : m.Directory.ToString()).Tell(new DirectoryProtocol.Sleep());
            Pass(m);
        });
        Receive<Remember>(Pass);
        Receive<ReadUsers>(Pass);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _parts.Clock.Now - Instant.Epoch;

    public static Props Props(UpkeepParts parts) => Akka.Actor.Props.Create(() => new UpkeepActor(parts));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.FromSeconds(1));
        _parts.Master.Tell(new MasterProtocol.Follow());
    }

    private static ActorSelection Directories(string id) => Context.ActorSelection($"/system/sharding/{DirectorySharding.TypeName}/*/{id}");

    private void Pass(IToGateway message)
    {
        Context.System.EventStream.Publish(message);
        Sender.Tell(new Done(_parts.Place));
    }

    private void Tell() => Sender.Tell(new UpkeepProtocol.Status(_parts.Place, _state.IsMaster, _state.Text(Now)));

    /// <summary>First the directories, whose events lie with every member; then the members, one after the other, so that the others serve meanwhile.</summary>
    private void Begin()
    {
        (_state, var begins) = CompactionRules.Tick(_state, Now);
        if (!begins) return;
        Context.GetLogger().Info("compaction begins");
        _run = (0, 0, []);
        _walk = Context.ActorOf(CondenseWalk.Props(_parts.FindLong, _parts.Directories, _parts.Settings));
    }

    private void Condensed(CondenseWalk.Walked walked)
    {
        if (!Sender.Equals(_walk)) return;
        _walk = ActorRefs.Nobody;
        Context.GetLogger().Info("{0} directories were told to store their state, {1} of them have not answered", walked.Told, walked.Lost);
        if (walked.Trouble.Length > 0) _run = _run with { Troubles = _run.Troubles.Add(walked.Trouble) };
        foreach (var node in _parts.Nodes()) _left.Enqueue(node);
        Timers.StartSingleTimer("step", new Settled(), _parts.Settings.Settle);
    }

    /// <summary>No further directory and no further node; a node that is at it comes to its end.</summary>
    private void BreakOff()
    {
        if (!_state.IsRunning) return;
        _left.Clear();
        if (_walk.IsNobody()) return;
        Context.Stop(_walk);
        _walk = ActorRefs.Nobody;
        Next();
    }

    private void Next()
    {
        if (_left.TryDequeue(out var node))
        {
            At(node).Tell(new Compact());
            Timers.StartSingleTimer("step", new NotInTime(), _parts.Settings.NodeTimeout);
            return;
        }
        Timers.Cancel("step");
        _state = CompactionRules.Ended(_state, _run.Before, _run.After, string.Join("; ", _run.Troubles), Now);
        if (_run.Troubles.IsEmpty) Context.GetLogger().Info("compaction has ended: {0} bytes became {1}", _run.Before, _run.After);
        else Context.GetLogger().Error("compaction has failed: {0}", _state.Trouble);
    }

    private void Hear(Compacted done)
    {
        if (!_state.IsRunning) return;
        _run = (_run.Before + done.Before, _run.After + done.After, done.Trouble.Length > 0 ? _run.Troubles.Add($"{done.Node}: {done.Trouble}") : _run.Troubles);
        Next();
    }

    private void CompactHere()
    {
        var (asker, place) = (Sender, _parts.Place);
        if (_parts.Compact is { } compact) compact((before, after, trouble) => asker.Tell(new Compacted(place, before, after, trouble)));
        else asker.Tell(new Compacted(place, 0, 0, ""));
    }

    private static ActorSelection At(Address node) => Context.ActorSelection(new RootActorPath(node) / "user" / Name);

    private sealed record Tick;
    private sealed record Settled;
    private sealed record NotInTime;
}
