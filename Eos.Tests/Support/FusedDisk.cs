using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;
using Eos.Journal;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>
/// Events, manifests and pages of directories in memory, as bytes, with a fuse: after so many operations it burns, and from then on nothing is done and nothing answered, as when a process
/// dies. Whether the operation at which it burns still happens is chance.
/// </summary>
public sealed class FusedDisk(Random random)
{
    private static readonly ConditionalWeakTable<ActorSystem, FusedDisk> Disks = [];
    private readonly Lock _gate = new();
    private int _left = int.MaxValue;
    private TaskCompletionSource _burnt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static readonly Config Config = """
        akka.persistence.journal.plugin = test.fused-journal
        akka.persistence.snapshot-store.plugin = test.fused-snapshots
        test.fused-journal { class = "Eos.Tests.Support.FusedJournal, Eos.Tests", plugin-dispatcher = "akka.actor.default-dispatcher" }
        test.fused-snapshots { class = "Eos.Tests.Support.FusedSnapshots, Eos.Tests", plugin-dispatcher = "akka.actor.default-dispatcher" }
        test.fused-snapshots.circuit-breaker { max-failures = 1000000, call-timeout = 1h, reset-timeout = 1s }
        """;

    public SortedDictionary<long, object> Events { get; } = [];
    public long Highest { get; set; }
    public SortedDictionary<long, object> Manifests { get; } = [];
    public SortedDictionary<ulong, ReadOnlyMemory<byte>> Pages { get; } = [];

    /// <summary>Done when the fuse burns.</summary>
    public Task Burnt => _burnt.Task;

    public static FusedDisk Of(ActorSystem system) => Disks.TryGetValue(system, out var disk) ? disk : throw new InvalidOperationException("no disk");

    /// <summary>Is from now on what the plugins of the system use.</summary>
    public void In(ActorSystem system) => Disks.AddOrUpdate(system, this);

    /// <summary>The process starts again, to die after so many operations.</summary>
    public void Restart(int operations)
    {
        lock (_gate) (_left, _burnt) = (operations, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Does it, and says whether it may be answered.</summary>
    public bool Do(Action operation)
    {
        lock (_gate)
        {
            if (_left <= 0) return false;
            var last = --_left == 0;
            if (!last || random.Next(2) == 0) operation();
            if (last) _burnt.TrySetResult();
            return !last;
        }
    }

    /// <summary>Pages that manifests name, and those that are there.</summary>
    public (ImmutableHashSet<ulong> Named, ImmutableHashSet<ulong> Stored) Snapshot()
    {
        lock (_gate)
        {
            var named = Manifests.Values.Cast<Eos.Namespace.DirectoryState>().SelectMany(m => m.Pages).Select(p => p.Key).Where(k => k != 0);
            return ([.. named], [.. Pages.Keys]);
        }
    }

    /// <summary>The task of something that was done, or of what will never be.</summary>
    public Task<T> Done<T>(bool answered, T result) => answered ? Task.FromResult(result) : new TaskCompletionSource<T>().Task;

    public static object Recoded(object message)
    {
        var manifest = Eos.Manifests.Of(message.GetType())!;
        return manifest.Decode(manifest.Encode(message));
    }
}

/// <summary>Events on the fused disk.</summary>
public sealed class FusedJournal : WriteJournalBase
{
    protected override bool Receive(object message)
    {
        var disk = FusedDisk.Of(Context.System);
        switch (message)
        {
            case WriteMessages m:
                if (m.Messages.All(envelope => Write(disk, m, envelope))) m.PersistentActor.Tell(WriteMessagesSuccessful.Instance);
                return true;
            case ReplayMessages m:
                List<Persistent> events = [];
                if (!disk.Do(() => events.AddRange(disk.Events.Where(e => e.Key >= m.FromSequenceNr && e.Key <= m.ToSequenceNr).Select(e => new Persistent(FusedDisk.Recoded(e.Value), e.Key, m.PersistenceId))))) return true;
                if (events.Count > 0 && events[0].SequenceNr != m.FromSequenceNr) throw new InvalidOperationException("events that are needed were deleted");
                foreach (var e in events) m.PersistentActor.Tell(new ReplayedMessage(e));
                m.PersistentActor.Tell(new RecoverySuccess(disk.Highest));
                return true;
            case DeleteMessagesTo m:
                if (disk.Do(() => { foreach (var number in disk.Events.Keys.Where(n => n <= m.ToSequenceNr).ToList()) disk.Events.Remove(number); }))
                    m.PersistentActor.Tell(new DeleteMessagesSuccess(m.ToSequenceNr));
                return true;
            default:
                return false;
        }
    }

    private static bool Write(FusedDisk disk, WriteMessages m, IPersistentEnvelope envelope)
    {
        if (envelope is not AtomicWrite write)
        {
            m.PersistentActor.Tell(new LoopMessageSuccess(envelope.Payload, m.ActorInstanceId), envelope.Sender);
            return true;
        }
        var events = ((IEnumerable<IPersistentRepresentation>)write.Payload).ToList();
        if (!disk.Do(() => { foreach (var e in events) disk.Events.Add(disk.Highest = e.SequenceNr, e.Payload); })) return false;
        foreach (var e in events) m.PersistentActor.Tell(new WriteMessageSuccess(e, m.ActorInstanceId), e.Sender);
        return true;
    }
}

/// <summary>Manifests on the fused disk.</summary>
public sealed class FusedSnapshots : SnapshotStore
{
    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        SelectedSnapshot? found = null;
        var disk = FusedDisk.Of(Context.System);
        var done = disk.Do(() => found = disk.Manifests.Count == 0 ? null
            : new SelectedSnapshot(new SnapshotMetadata(persistenceId, disk.Manifests.Keys.Max()), FusedDisk.Recoded(disk.Manifests[disk.Manifests.Keys.Max()])));
        return disk.Done(done, found!);
    }

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var disk = FusedDisk.Of(Context.System);
        return disk.Done(disk.Do(() => disk.Manifests[metadata.SequenceNr] = FusedDisk.Recoded(snapshot)), 0);
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata) => throw new NotSupportedException();

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var disk = FusedDisk.Of(Context.System);
        return disk.Done(disk.Do(() => { foreach (var number in disk.Manifests.Keys.Where(n => n <= criteria.MaxSequenceNr).ToList()) disk.Manifests.Remove(number); }), 0);
    }
}

/// <summary>Pages on the fused disk; each is an operation of its own.</summary>
public sealed class FusedPages(ActorSystem system) : IPageStore
{
    public int Reads { get; private set; }

    public Task PutAsync(string persistenceId, ImmutableArray<PageRow> pages)
    {
        var disk = FusedDisk.Of(system);
        return disk.Done(pages.All(page => disk.Do(() => disk.Pages.Add(page.Key, page.Bytes.ToArray()))), 0);
    }

    public Task<ImmutableArray<PageRow>> ReadAsync(string persistenceId, ImmutableArray<ulong> keys)
    {
        Reads += keys.Length;
        var (disk, rows) = (FusedDisk.Of(system), ImmutableArray<PageRow>.Empty);
        var done = disk.Do(() => rows = [.. keys.Select(k => new PageRow(k, disk.Pages.GetValueOrDefault(k)))]);
        return disk.Done(done, rows);
    }

    public Task DropAsync(string persistenceId, ImmutableArray<ulong> keys)
    {
        var disk = FusedDisk.Of(system);
        return disk.Done(keys.All(key => disk.Do(() => disk.Pages.Remove(key))), 0);
    }

    public Task<ImmutableArray<ulong>> ListAsync(string persistenceId)
    {
        var (disk, keys) = (FusedDisk.Of(system), ImmutableArray<ulong>.Empty);
        return disk.Done(disk.Do(() => keys = [.. disk.Pages.Keys]), keys);
    }
}
