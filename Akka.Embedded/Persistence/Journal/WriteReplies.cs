namespace Akka.Persistence.Journal;

/// <summary>The answers to one WriteMessages, event by event and then for the whole: the actor has stopped, or handled all, before it may write again.</summary>
internal static class WriteReplies
{
    /// <param name="request">Who asked.</param>
    /// <param name="envelopes">What was asked, in order.</param>
    /// <param name="refusals">One entry per atomic write, null where stored; null for none refused.</param>
    /// <param name="failure">Why nothing is known of any of them.</param>
    public static void Send(WriteMessages request, IReadOnlyList<IPersistentEnvelope> envelopes, IReadOnlyList<Exception?>? refusals, Exception? failure)
    {
        var (actor, id) = (request.PersistentActor, request.ActorInstanceId);
        if (refusals is { Count: 0 }) refusals = null;
        var writes = 0;
        foreach (var envelope in envelopes)
        {
            if (envelope is not AtomicWrite write)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, id), envelope.Sender);
                continue;
            }
            var refusal = refusals?[writes];
            writes++;
            foreach (var e in write.Events)
            {
                object reply = failure is not null ? new WriteMessageFailure(e, failure, id)
                    : refusal is not null ? new WriteMessageRejected(e, refusal, id)
                    : new WriteMessageSuccess(e, id);
                actor.Tell(reply, e.Sender);
            }
        }
        actor.Tell(failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(failure, writes), Akka.Actor.ActorRefs.NoSender);
    }
}
