using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Eos.Kernel;
using static Eos.Namespace.MoverProtocol;

namespace Eos.Namespace;

/// <summary>Moves directories into other directories, one after the other: one actor of the cluster, entity `mover` of the shard type `mover`.</summary>
public sealed class Mover : ReceivePersistentActor, IWithTimers
{
    /// <summary>Shard type, entity and persistence id: never changes.</summary>
    public const string Name = "mover";

    private const long SnapshotEvery = 100;

    private readonly IActorRef _directories;
    private readonly TimeSpan _retry;
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Queue<MoveDirectory> _waiting = new();
    private readonly Dictionary<OpId, IActorRef> _askers = [];
    private MoverState _state = MoverState.Idle;
    private MoverRules? _rules;
    private IEnumerator<MoverQuestion>? _questions;

    /// <param name="retry">An unanswered question is asked again after this time.</param>
    public Mover(IActorRef directories, TimeSpan retry)
    {
        (_directories, _retry) = (directories, retry);

        Recover<SnapshotOffer>(offer => _state = (MoverState)offer.Snapshot);
        Recover<IEvent>(e => _state = _state.Apply(e));
        Recover<RecoveryCompleted>(_ => Begin());

        Command<MoveDirectory>(Hear);
        Command<DirectoryProtocol.IReply>(Take);
        Command<Repeat>(_ => Ask());
        Command<DirectoryProtocol.Stop>(stop => DeferAsync(stop, _ => Context.Stop(Self)));
        Command<SaveSnapshotSuccess>(s => DeleteMessages(s.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(f => Log.Warning("snapshot of the mover not saved: {0}", f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => Log.Warning("old events of the mover not deleted: {0}", f.Cause.Message));
    }

    public override string PersistenceId => Name;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef directories, TimeSpan retry) => Akka.Actor.Props.Create(() => new Mover(directories, retry));

    /// <summary>What was not stored may be done twice at once.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Stop(Self);

    /// <summary>A restart would reuse the numbers of events that are under way.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        base.PreRestart(reason, message);
        Context.Stop(Self);
    }

    private void Hear(MoveDirectory order)
    {
        if (_state.Of(order.Call.Op) is { } earlier)
        {
            Sender.Tell(earlier);
            return;
        }
        var isNew = _state.Current?.Call.Op != order.Call.Op && !_askers.ContainsKey(order.Call.Op);
        _askers[order.Call.Op] = Sender;
        if (!isNew) return;
        _waiting.Enqueue(order);
        Next();
    }

    private void Next()
    {
        if (_state.Current is not null || !_waiting.TryDequeue(out var order)) return;
        var begun = _state.Next(order);
        _state = _state.Apply(begun);
        Persist(begun, _ => Begin());
    }

    private void Begin()
    {
        if (_state.Current is not { } order) return;
        _rules = new MoverRules(order, _ops.Next);
        _questions = _rules.Run().GetEnumerator();
        Advance();
    }

    private void Advance()
    {
        if (_questions!.MoveNext())
        {
            Ask();
            return;
        }
        Timers.Cancel("repeat");
        _questions.Dispose();
        _questions = null;
        var end = _rules!.End;
        _state = _state.Apply(end);
        Persist(end, _ =>
        {
            if (_askers.Remove(end.Op, out var asker)) asker.Tell(MoverState.ReplyOf(end));
            if (LastSequenceNr % SnapshotEvery == 0) SaveSnapshot(_state);
            Next();
        });
    }

    private void Ask()
    {
        if (_questions?.Current is not { } question) return;
        _directories.Tell(question.Message);
        Timers.StartSingleTimer("repeat", new Repeat(), _retry);
    }

    /// <summary>Unknown is no answer: the question is asked again.</summary>
    private void Take(DirectoryProtocol.IReply reply)
    {
        if (_questions?.Current is not { Answer: null } question || reply is DirectoryProtocol.Unknown) return;
        if (reply.Directory != question.Message.Directory || reply.Op != question.Op) return;
        question.Answer = reply;
        Advance();
    }

    /// <summary>Ask again for what was not answered. Never leaves the process.</summary>
    private sealed record Repeat;
}
