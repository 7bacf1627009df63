using Akka.Actor;
using Akka.Persistence;

namespace Eos.Journal;

/// <summary>Events in the node's own journal, read as a recovery reads them.</summary>
public sealed class LocalEventReader(ActorSystem system, IActorRef journal) : IEventReader
{
    public Task<IReadOnlyList<object>?> ReadAsync(string persistenceId, long after)
    {
        var done = new TaskCompletionSource<IReadOnlyList<object>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = system.ActorOf(Props.Create(() => new Replay(after, done)));
        journal.Tell(new ReplayMessages(after + 1, long.MaxValue, long.MaxValue, persistenceId, reader), reader);
        return done.Task;
    }

    private sealed class Replay : ReceiveActor
    {
        public Replay(long after, TaskCompletionSource<IReadOnlyList<object>?> done)
        {
            var (events, last) = (new List<object>(), after);
            Receive<ReplayedMessage>(m =>
            {
                if (m.Persistent.SequenceNr == last + 1) events.Add(m.Persistent.Payload);
                last = m.Persistent.SequenceNr;
            });
            Receive<RecoverySuccess>(m =>
            {
                done.TrySetResult(events.Count == Math.Max(m.HighestSequenceNr, after) - after ? events : null);
                Context.Stop(Self);
            });
            Receive<ReplayMessagesFailure>(m =>
            {
                done.TrySetException(m.Cause);
                Context.Stop(Self);
            });
        }
    }
}
