using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Eos.Journal;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>Where sleeping directories are stored.</summary>
/// <param name="Patience">One that is not read by then is not known.</param>
public sealed record SleepStores(IActorRef Snapshots, IEventReader Events, IPageStore Pages, TimeSpan Patience);

/// <summary>Directories of this node that are awake, with their actors. Thread-safe.</summary>
public sealed class AwakeDirectories
{
    private readonly ConcurrentDictionary<DirectoryId, IActorRef> _actors = [];

    public int Count => _actors.Count;

    public bool Has(DirectoryId directory) => _actors.ContainsKey(directory);

    /// <summary>In order of their numbers.</summary>
    public ImmutableArray<DirectoryId> All => [.. _actors.Keys.OrderBy(d => d.Value)];

    internal void Add(DirectoryId directory, IActorRef actor) => _actors[directory] = actor;

    internal void Remove(DirectoryId directory, IActorRef actor) => _actors.TryRemove(KeyValuePair.Create(directory, actor));
}

/// <summary>
/// Reads directories of one shard that sleep: an entity of that shard beside them, so that it lives where they live. One that is awake is asked itself. What is read of the others is
/// manifest, events behind it, and the pages that the question touches: all that was stored, and nobody was told more.
/// </summary>
public sealed class SleepReader : ReceiveActor
{
    /// <summary>Begins the entity id; the shard follows.</summary>
    public const char Mark = '~';

    /// <summary>Directories of the shard that are read at a time; others wait.</summary>
    private const int MostAtOnce = 8;

    /// <summary>How often one that changes while it is read is read anew.</summary>
    private const int MostTries = 5;

    private readonly DirectoryParts _parts;
    private readonly SleepStores _stores;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Queue<(Peek Question, IActorRef Asker)> _waiting = new();
    private int _reading;

    public SleepReader(DirectoryParts parts, SleepStores stores)
    {
        (_parts, _stores) = (parts, stores);
        Receive<Peek>(question =>
        {
            if (_parts.Awake.Has(question.Directory)) _parts.Directories().Forward(question.Question);
            else _waiting.Enqueue((question, Sender));
            GoOn();
        });
        Receive<Said>(said =>
        {
            _reading--;
            if (said.Reply is Unknown) _parts.Directories().Tell(said.Question.Question, ActorRefs.NoSender); // something is coming: awake it finds out what became of it
            said.Asker.Tell(_parts.Holds() ? said.Reply : new Unknown(said.Question.Directory, said.Question.Op));
            GoOn();
        });
        Receive<Failed>(failed =>
        {
            _reading--;
            _log.Warning("directory {0} can't be read in its sleep: {1}", failed.Question.Directory, failed.Cause.Message);
            failed.Asker.Tell(new Unknown(failed.Question.Directory, failed.Question.Op));
            GoOn();
        });
        Receive<Stop>(_ => Context.Stop(Self));
    }

    private sealed record Said(Peek Question, IActorRef Asker, object Reply) : INoSerializationVerificationNeeded;

    private sealed record Failed(Peek Question, IActorRef Asker, Exception Cause) : INoSerializationVerificationNeeded;

    public static Props Props(DirectoryParts parts, SleepStores stores) => Akka.Actor.Props.Create(() => new SleepReader(parts, stores));

    public static string NameOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"{Mark}{shard}");

    private void GoOn()
    {
        while (_reading < MostAtOnce && _waiting.TryDequeue(out var next))
        {
            _reading++;
            var (question, asker) = next;
            AnswerAsync(question).WaitAsync(_stores.Patience).PipeTo(Self, ActorRefs.NoSender, reply => new Said(question, asker, reply), cause => new Failed(question, asker, cause));
        }
    }

    private async Task<object> AnswerAsync(Peek question)
    {
        var id = DirectorySharding.PersistenceIdOf(question.Directory);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var (state, number) = await ManifestAsync(id).ConfigureAwait(false);
            if (await _stores.Events.ReadAsync(id, number).ConfigureAwait(false) is not { } events) continue;
            var facts = new Facts(_parts.Clock.Now, _parts.Settings);
            var whole = true;
            foreach (var e in events)
            {
                var before = state;
                if (await TryAsync(id, () => before.Apply((IEvent)e)).ConfigureAwait(false) is { } after) state = after;
                else whole = false;
                if (!whole) break;
            }
            if (whole && await TryAsync(id, () => DirectoryRules.Decide(state, question.Question, facts).Reply!).ConfigureAwait(false) is { } reply) return reply;
        }
        return new Unknown(question.Directory, question.Op);
    }

    private async Task<(DirectoryState State, long Number)> ManifestAsync(string id)
    {
        var answer = await _stores.Snapshots.Ask<object>(new LoadSnapshot(id, SnapshotSelectionCriteria.Latest, long.MaxValue)).ConfigureAwait(false);
        return answer switch
        {
            LoadSnapshotResult { Snapshot: { } found } => ((DirectoryState)found.Snapshot, found.Metadata.SequenceNr),
            LoadSnapshotResult => (DirectoryState.Unborn, 0),
            LoadSnapshotFailed failure => throw failure.Cause,
            _ => throw new InvalidOperationException($"{id}: the snapshot store answered {answer.GetType().Name}"),
        };
    }

    /// <summary>The outcome of the work, with the pages that it touches read for it; null when one is gone, because the directory has woken and changed.</summary>
    private async Task<T?> TryAsync<T>(string id, Func<T> work) where T : class
    {
        while (true)
        {
            ImmutableArray<EntryPage> away;
            try
            {
                return work();
            }
            catch (PagesAwayException e)
            {
                away = [.. e.Pages.Where(p => !p.IsHere)];
            }
            var rows = await _stores.Pages.ReadAsync(id, [.. away.Select(p => p.Key)]).ConfigureAwait(false);
            foreach (var (page, row) in away.Zip(rows))
            {
                if (row.Bytes.IsEmpty) return null;
                page.Fill(PageStore.Decode(row.Bytes));
            }
        }
    }
}
