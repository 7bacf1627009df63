using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using static Eos.Namespace.IdProtocol;

namespace Eos.Namespace;

/// <summary>Gives away blocks of numbers: one actor of the cluster, entity `ids` of the shard type `ids`. A block is given when it is stored as given.</summary>
public sealed class IdAllocator : ReceivePersistentActor
{
    /// <summary>Shard type, entity and persistence id: never changes.</summary>
    public const string Name = "ids";

    private const long SnapshotEvery = 100;

    private IdState _state = IdState.Empty;

    public IdAllocator()
    {
        Recover<SnapshotOffer>(offer => _state = (IdState)offer.Snapshot);
        Recover<BlockGranted>(e => _state = _state.Apply(e));

        Command<TakeBlock>(c =>
        {
            var first = _state.Next[c.Counter];
            var granted = new BlockGranted(c.Counter, first + c.Count);
            _state = _state.Apply(granted);
            var asker = Sender;
            PersistAsync(granted, _ =>
            {
                asker.Tell(new BlockTaken(c.Counter, first, c.Count, c.Op));
                if (LastSequenceNr % SnapshotEvery == 0) SaveSnapshot(_state);
            });
        });
        Command<Reserve>(c =>
        {
            var (asker, answer) = (Sender, new Reserved(c.Counter, c.UpTo, c.Op));
            if (_state.Next[c.Counter] > c.UpTo)
            {
                DeferAsync(answer, asker.Tell);
                return;
            }
            var granted = new BlockGranted(c.Counter, c.UpTo + 1);
            _state = _state.Apply(granted);
            PersistAsync(granted, _ => asker.Tell(answer));
        });
        Command<DirectoryProtocol.Stop>(stop => DeferAsync(stop, _ => Context.Stop(Self)));
        Command<SaveSnapshotSuccess>(s => DeleteMessages(s.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(f => Log.Warning("snapshot of the numbers not saved: {0}", f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => Log.Warning("old events of the numbers not deleted: {0}", f.Cause.Message));
    }

    public override string PersistenceId => Name;

    public static Props Props() => Akka.Actor.Props.Create(() => new IdAllocator());

    /// <summary>A number that was not stored as given would be given twice.</summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) => Context.Stop(Self);

    /// <summary>A restart would reuse the numbers of events that are under way.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        base.PreRestart(reason, message);
        Context.Stop(Self);
    }
}
