using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Eos.Tests.Support;

/// <summary>
/// A journal in memory that obeys the events: a write with "fail" in it fails, an atomic write with "reject" is rejected.
/// While held, writes wait. It tells a collector, if given one, of each write and replay.
/// </summary>
public sealed class ScriptedJournal : WriteJournalBase
{
    public const string Id = "test.scripted-journal";

    /// <summary>The same, but who waits for a replay gives up soon.</summary>
    public const string Impatient = "test.impatient-journal";

    public static readonly Config Config = """
        test.scripted-journal {
          class = "Eos.Tests.Support.ScriptedJournal, Eos.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          recovery-event-timeout = 60s
        }
        test.impatient-journal {
          class = "Eos.Tests.Support.ScriptedJournal, Eos.Tests"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          recovery-event-timeout = 300ms
        }
        """;

    /// <summary>Tell of writes and replays; sent back as an acknowledgement.</summary>
    public sealed record Watch(IActorRef Report) : INoSerializationVerificationNeeded;

    /// <summary>From now on writes wait; sent back as an acknowledgement.</summary>
    public sealed record Hold : INoSerializationVerificationNeeded;

    /// <summary>Writes that wait, and those to come, go on.</summary>
    public sealed record Release : INoSerializationVerificationNeeded;

    private readonly Dictionary<string, List<IPersistentRepresentation>> _events = [];
    private readonly Queue<WriteMessages> _held = [];
    private IActorRef? _report;
    private bool _hold;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Watch m:
                _report = m.Report;
                Sender.Tell(m);
                return true;
            case Hold:
                _hold = true;
                Sender.Tell(message);
                return true;
            case Release:
                _hold = false;
                while (_held.TryDequeue(out var held)) Write(held);
                return true;
            case WriteMessages m:
                _report?.Tell($"write of {m.Messages.Count()}");
                if (_hold) _held.Enqueue(m);
                else Write(m);
                return true;
            case ReplayMessages m:
                Replay(m);
                return true;
            case DeleteMessagesTo m:
                m.PersistentActor.Tell(new DeleteMessagesFailure(new IOException("this journal deletes nothing"), m.ToSequenceNr));
                return true;
            default:
                return false;
        }
    }

    private void Write(WriteMessages m)
    {
        var fails = m.Messages.OfType<AtomicWrite>().Any(w => Events(w).Any(e => Says(e, "fail")));
        var failure = new IOException("told to fail");
        foreach (var envelope in m.Messages)
        {
            if (envelope is not AtomicWrite write)
            {
                m.PersistentActor.Tell(new LoopMessageSuccess(envelope.Payload, m.ActorInstanceId), envelope.Sender);
                continue;
            }
            var rejects = Events(write).Any(e => Says(e, "reject"));
            foreach (var e in Events(write))
            {
                if (!fails && !rejects) Stream(e.PersistenceId).Add(e);
                object reply = fails ? new WriteMessageFailure(e, failure, m.ActorInstanceId)
                    : rejects ? new WriteMessageRejected(e, failure, m.ActorInstanceId)
                    : new WriteMessageSuccess(e, m.ActorInstanceId);
                m.PersistentActor.Tell(reply, e.Sender);
            }
        }
        m.PersistentActor.Tell(fails ? new WriteMessagesFailed(failure, m.Messages.Count()) : WriteMessagesSuccessful.Instance);
    }

    private void Replay(ReplayMessages m)
    {
        _report?.Tell($"replay of {m.PersistenceId}");
        if (m.PersistenceId.StartsWith("silent", StringComparison.Ordinal)) return;
        if (m.PersistenceId.StartsWith("broken", StringComparison.Ordinal))
        {
            m.PersistentActor.Tell(new ReplayMessagesFailure(new IOException("told to break")));
            return;
        }
        foreach (var e in Stream(m.PersistenceId).Where(e => e.SequenceNr >= m.FromSequenceNr && e.SequenceNr <= m.ToSequenceNr))
            m.PersistentActor.Tell(new ReplayedMessage(e));
        m.PersistentActor.Tell(new RecoverySuccess(Stream(m.PersistenceId).LastOrDefault()?.SequenceNr ?? 0));
    }

    /// <summary>The event is the word, or the making of a directory of that name.</summary>
    private static bool Says(IPersistentRepresentation e, string word) =>
        e.Payload as string == word || (e.Payload is Eos.Namespace.DirectoryProtocol.ChildAdded child && child.Name == word);

    private static IEnumerable<IPersistentRepresentation> Events(AtomicWrite write) => (IEnumerable<IPersistentRepresentation>)write.Payload;

    private List<IPersistentRepresentation> Stream(string id) => _events.TryGetValue(id, out var known) ? known : _events[id] = [];
}
