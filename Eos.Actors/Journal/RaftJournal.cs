using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Journal;

/// <summary>
/// The journal `eos.persistence.journal.raft`. What is asked of one persistence id happens in order, one thing at a time; ids don't wait for each other, and
/// what waits goes to the group together. A recovery begins by claiming the id: from then on nobody else's writes are taken. A write whose outcome is unknown is repeated until it is
/// known; it fails only when this node has no right to the id any more.
/// </summary>
public sealed class RaftJournal : WriteJournalBase
{
    /// <summary>Its name as a plugin.</summary>
    public const string Id = "eos.persistence.journal.raft";

    private readonly KvGroup _group;
    private readonly JournalSettings _settings;
    private readonly EventBytes _bytes;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    public RaftJournal(Config config)
    {
        var system = (ExtendedActorSystem)Context.System;
        _group = KvGroup.Get(system);
        _settings = JournalSettings.From(new Settings(system.Settings.Config, "eos.journal"));
        _bytes = new EventBytes(system, _settings.MostBytes);
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WriteMessages m:
                Write(m);
                return true;
            case ReplayMessages m:
                Begin(m.PersistenceId, () => ReplayAsync(m));
                return true;
            case DeleteMessagesTo m:
                Begin(m.PersistenceId, () => DeleteAsync(m));
                return true;
            case Ended m:
                Next(m.Lane);
                return true;
            default:
                return false;
        }
    }

    private void Write(WriteMessages request)
    {
        var envelopes = request.Messages as IReadOnlyList<IPersistentEnvelope> ?? [.. request.Messages];
        if (envelopes.OfType<AtomicWrite>().FirstOrDefault() is { } first) Begin(first.PersistenceId, () => WriteAsync(first.PersistenceId, request, envelopes));
        else WriteReplies.Send(request, envelopes, [], 0, null);
    }

    private void Begin(string id, Func<Task> work)
    {
        if (_lanes.TryGetValue(id, out var busy))
        {
            busy.Waiting.Enqueue(work);
            return;
        }
        var lane = new Lane(id);
        _lanes.Add(id, lane);
        Run(lane, work);
    }

    private void Next(Lane lane)
    {
        if (lane.Waiting.TryDequeue(out var work)) Run(lane, work);
        else if (_lanes.GetValueOrDefault(lane.Id) == lane) _lanes.Remove(lane.Id);
    }

    private void Run(Lane lane, Func<Task> work)
    {
        var self = Self;
        work().ContinueWith(
            done =>
            {
                if (done.Exception is { } fault) _log.Error(fault, "{0}: work on the journal failed", lane.Id);
                self.Tell(new Ended(lane), ActorRefs.NoSender);
            },
            TaskContinuationOptions.ExecuteSynchronously);
    }

    private async Task WriteAsync(string id, WriteMessages request, IReadOnlyList<IPersistentEnvelope> envelopes)
    {
        var writes = envelopes.OfType<AtomicWrite>().Select(w => _bytes.Of(w, write => PreparePersistentBatch([write]).Single())).ToList();
        var storable = WritePlan.Storable(writes);
        var (stored, failure) = (0, (Exception?)null);
        try
        {
            foreach (var range in WritePlan.Entries(writes, storable, _settings.EntryBytes))
            {
                await AppendAsync(id, writes, range).ConfigureAwait(false);
                stored = range.End.Value;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        if (failure is null && stored < writes.Count && writes[stored].Rejection is null)
            failure = new StaleWriterException($"{id}: the numbers of the events from {writes[stored].First} on do not follow each other");
        WriteReplies.Send(request, envelopes, writes, stored, failure);
    }

    private async Task AppendAsync(string id, List<WriteBytes> writes, Range range)
    {
        var fence = await FenceOfAsync(id).ConfigureAwait(false);
        var some = writes.GetRange(range.Start.Value, range.End.Value - range.Start.Value);
        var answer = await _group.Client.DoAsync(
            new AppendJournal(id, fence, some[0].First - 1, [.. some.SelectMany(w => w.Events)], [.. some.SelectMany(w => w.Index)])).ConfigureAwait(false);
        if (answer is not Done) throw CauseOf(id, answer);
    }

    private async Task ReplayAsync(ReplayMessages m)
    {
        try
        {
            var highest = await ClaimAsync(m.PersistenceId).ConfigureAwait(false);
            var (next, last, left) = (m.FromSequenceNr, Math.Min(m.ToSequenceNr, highest), m.Max);
            while (next <= last && left > 0)
            {
                var page = await LookAsync<JournalEvents>(m.PersistenceId, new ReadJournal(m.PersistenceId, next, last, _settings.PageBytes)).ConfigureAwait(false);
                foreach (var e in page.Events)
                {
                    if (e.SequenceNr > next && next > 1) throw new StaleWriterException($"{m.PersistenceId}: events {next} to {e.SequenceNr - 1} were deleted while their snapshot was read");
                    if (left-- > 0) Deliver(_bytes.Read(m.PersistenceId, e), m.PersistentActor);
                    next = e.SequenceNr + 1;
                }
                if (!page.More) break;
            }
            m.PersistentActor.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
        }
        catch (Exception failure)
        {
            m.PersistentActor.Tell(new ReplayMessagesFailure(failure), ActorRefs.NoSender);
        }
    }

    private async Task<long> ClaimAsync(string id)
    {
        var fence = await FenceOfAsync(id).ConfigureAwait(false);
        return await _group.Client.DoAsync(new ClaimJournal(id, fence), _settings.Patience).ConfigureAwait(false) switch
        {
            Claimed claimed => claimed.HighestSequenceNr,
            var other => throw CauseOf(id, other),
        };
    }

    private async Task DeleteAsync(DeleteMessagesTo m)
    {
        object reply;
        try
        {
            var fence = await FenceOfAsync(m.PersistenceId).ConfigureAwait(false);
            var answer = await _group.Client.DoAsync(new TrimJournal(m.PersistenceId, fence, m.ToSequenceNr), _settings.Patience).ConfigureAwait(false);
            reply = answer is Done ? new DeleteMessagesSuccess(m.ToSequenceNr) : new DeleteMessagesFailure(CauseOf(m.PersistenceId, answer), m.ToSequenceNr);
        }
        catch (Exception failure)
        {
            reply = new DeleteMessagesFailure(failure, m.ToSequenceNr);
        }
        m.PersistentActor.Tell(reply, ActorRefs.NoSender);
    }

    private async Task<T> LookAsync<T>(string id, Kv.KvProtocol.IQuestion question) where T : class =>
        await _group.Client.LookAsync(question, _settings.Patience).ConfigureAwait(false) is var answer && answer is T found ? found : throw CauseOf(id, answer);

    private ValueTask<Fence> FenceOfAsync(string id) => _group.FenceOfAsync(id, _settings.Patience);

    internal static Exception CauseOf(string id, IAnswer answer) => answer switch
    {
        Refused { Why: Errno.Stale } x => new StaleWriterException($"{id}: {x.Text}"),
        Refused x => new InvalidOperationException($"{id}: {x.Why.Text()}: {x.Text}"),
        KvClient.Unknown x => new UnknownOutcomeException($"{id}: {x.Why}"),
        _ => new InvalidOperationException($"{id}: the group answered {answer.GetType().Name}"),
    };

    private void Deliver(IPersistentRepresentation e, IActorRef target)
    {
        foreach (var adapted in AdaptFromJournal(e)) target.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender);
    }

    /// <summary>What is to be done for one id, in order; exists while there is something.</summary>
    private sealed class Lane(string id)
    {
        public string Id => id;

        public Queue<Func<Task>> Waiting { get; } = new();
    }

    private sealed record Ended(Lane Lane) : INoSerializationVerificationNeeded;
}
