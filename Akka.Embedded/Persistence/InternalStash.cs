using Akka.Actor;

namespace Akka.Persistence;

/// <summary>Commands that wait while a persistent actor recovers or stores; apart from the stash its author uses.</summary>
internal sealed class InternalStash(ActorCell cell)
{
    private readonly Queue<Envelope> _waiting = [];

    public void Stash() => _waiting.Enqueue(new Envelope(cell.CurrentMessage!, cell.Sender));

    /// <summary>Puts the oldest at the head of the mailbox.</summary>
    public void Unstash()
    {
        if (_waiting.TryDequeue(out var oldest)) cell.PutFirst(oldest);
    }

    public void UnstashAll()
    {
        foreach (var envelope in _waiting.Reverse()) cell.PutFirst(envelope);
        _waiting.Clear();
    }
}
