using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Knows up to where a log may be trimmed by the bytes that were stored since: at each snapshot it notes how much had been stored by then.</summary>
internal sealed class LogKeep(long keepBytes)
{
    private const int Notes = 64;

    private readonly Queue<(LogIndex Snapshot, long Stored)> _made = new();
    private long _stored;
    private long _noted = long.MinValue / 2;
    private LogIndex _free;

    public void Store(Persist what)
    {
        foreach (var batch in what.Batches) _stored += batch.Payload.Length;
    }

    /// <summary>A snapshot up to there has been made. Returns up to where at least so many bytes of entries are left when all before goes.</summary>
    public LogIndex Made(LogIndex snapshot)
    {
        if (_stored - _noted >= keepBytes / Notes) _made.Enqueue((snapshot, _noted = _stored));
        while (_made.TryPeek(out var oldest) && _stored - oldest.Stored >= keepBytes) _free = _made.Dequeue().Snapshot;
        return _free;
    }
}
