using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Submissions of this member on their way: waiting for the next batch, or in the log and waiting for the commit. Each is answered once.</summary>
internal sealed class Proposals(QdbLimits limits)
{
    private sealed record Own(LogIndex First, LogIndex Last, Term Term, IReadOnlyList<ISubmission> Submissions);

    private readonly Queue<ISubmission> _waiting = new();
    private readonly Dictionary<ulong, IReadOnlyList<ISubmission>> _proposed = [];
    private readonly LinkedList<Own> _own = [];
    private int _count;
    private long _bytes;

    /// <summary>Without an outcome yet.</summary>
    public int Count => _count;

    public bool AnyWaiting => _waiting.Count > 0;

    public void Add(ISubmission submission)
    {
        var size = submission.Entry.Length;
        if (size > limits.MaxEntry) submission.Refused(null, $"an entry of {size} bytes is larger than eos.qdb.max-entry, {limits.MaxEntry} bytes");
        else if (_count >= limits.MaxWaiting || _bytes + size > limits.MaxWaitingSize)
            submission.Refused(null, $"too many writes wait here already: {_count} entries, {_bytes} bytes (eos.qdb.max-waiting)");
        else
        {
            _waiting.Enqueue(submission);
            _count++;
            _bytes += size;
        }
    }

    /// <summary>The next batch, under that tag.</summary>
    public IReadOnlyList<ISubmission> Take(ulong tag)
    {
        var batch = new List<ISubmission>();
        var size = 0L;
        while (_waiting.TryPeek(out var next))
        {
            size += EntryFrames.SizeOf(next.Entry.Length);
            if (batch.Count > 0 && size > limits.BatchSize) break;
            batch.Add(_waiting.Dequeue());
        }
        _proposed.Add(tag, batch);
        return batch;
    }

    /// <summary>Batches that are in the log above an index.</summary>
    public int Above(LogIndex index)
    {
        var count = 0;
        for (var at = _own.Last; at is not null && at.Value.Last > index; at = at.Previous) count++;
        return count;
    }

    public void Accepted(Accepted where, Term term)
    {
        if (_proposed.Remove(where.Tag, out var batch)) _own.AddLast(new Own(where.First, where.Last, term, batch));
    }

    public bool NotTaken(NotTaken no)
    {
        if (!_proposed.Remove(no.Tag, out var batch)) return false;
        foreach (var s in Settled(batch)) s.Refused(no.Leader, no.Why);
        return true;
    }

    /// <summary>The submissions of a batch that is about to be applied, if they were made here. Their outcome is the state's from here on.</summary>
    public IReadOnlyList<ISubmission>? Committed(LogBatch batch)
    {
        while (_own.First is { } oldest && oldest.Value.First <= batch.Last)
        {
            _own.RemoveFirst();
            var own = oldest.Value;
            if (own.First == batch.First && own.Term == batch.Term) return Settled(own.Submissions);
            foreach (var s in Settled(own.Submissions)) s.Unknown("another leader's entry is in its place");
        }
        return null;
    }

    /// <summary>What a snapshot has overtaken: whether it happened is in the state, what came of it nobody says any more.</summary>
    public void Overtaken(LogIndex upTo) => Forget(o => o.First <= upTo, "a snapshot took the place of the log");

    public void Lost(LogIndex above, string why) => Forget(o => o.Last > above, why);

    /// <summary>The member ends.</summary>
    public void Close(string why)
    {
        while (_waiting.TryDequeue(out var s)) s.Refused(null, why);
        foreach (var s in _proposed.Values.SelectMany(b => b)) s.Refused(null, why);
        _proposed.Clear();
        Forget(_ => true, why);
        _count = 0;
        _bytes = 0;
    }

    private void Forget(Func<Own, bool> which, string why)
    {
        for (var at = _own.First; at is not null;)
        {
            var next = at.Next;
            if (which(at.Value))
            {
                _own.Remove(at);
                foreach (var s in Settled(at.Value.Submissions)) s.Unknown(why);
            }
            at = next;
        }
    }

    private IReadOnlyList<ISubmission> Settled(IReadOnlyList<ISubmission> batch)
    {
        _count -= batch.Count;
        for (var i = 0; i < batch.Count; i++) _bytes -= batch[i].Entry.Length;
        return batch;
    }
}
