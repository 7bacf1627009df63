using Akka.Actor;
using Akka.Persistence;

namespace Eos.Journal;

/// <summary>The answers to one WriteMessages: event by event with the sender of each, then for the whole. The whole comes last: only then the actor writes again.</summary>
internal static class WriteReplies
{
    /// <param name="writes">The atomic writes among the envelopes, in order.</param>
    /// <param name="stored">So many of them are stored.</param>
    /// <param name="failure">Why the others are not, those apart that were rejected.</param>
    public static void Send(WriteMessages request, IReadOnlyList<IPersistentEnvelope> envelopes, IReadOnlyList<WriteBytes> writes, int stored, Exception? failure)
    {
        var (actor, id, number, failed) = (request.PersistentActor, request.ActorInstanceId, 0, 0);
        Exception? before = null;
        foreach (var envelope in envelopes)
        {
            if (envelope is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, id), envelope.Sender);
                continue;
            }
            var isStored = number < stored;
            var rejection = writes[number++].Rejection;
            var cause = failure ?? before;
            if (!isStored && rejection is null) failed++;
            foreach (var e in (IEnumerable<IPersistentRepresentation>)write.Payload)
                actor.Tell(
                    isStored ? new WriteMessageSuccess(e, id)
                    : rejection is not null ? new WriteMessageRejected(e, rejection, id)
                    : new WriteMessageFailure(e, cause!, id),
                    e.Sender);
            before ??= rejection;
        }
        var whole = failure ?? before;
        actor.Tell(failed == 0 ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(whole!, failed), ActorRefs.NoSender);
    }
}
