using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Hands committed batches to the state machine, in order and each once: from the log's tail, or from its disk after a restart. Not further
/// ahead of the state than it may be, and not while a snapshot takes the state's place.</summary>
internal sealed class Applier(RaftNodeFiles files, Proposals proposals, QdbLimits limits)
{
    private const ulong Piece = 1 << 20;

    private readonly Queue<(LogIndex Last, long Bytes)> _ahead = new();
    private LogIndex _handed = files.Start.AppliedUpTo;
    private LogIndex _told = files.Start.CommitTold;
    private long _bytes;
    private bool _reading;
    private SnapshotChunk? _installing;

    public void Commit(LogIndex upTo) => _told = LogIndex.Max(_told, upTo);

    public void Applied(LogIndex upTo)
    {
        while (_ahead.TryPeek(out var first) && first.Last <= upTo) _bytes -= _ahead.Dequeue().Bytes;
    }

    /// <summary>Hands on what may go.</summary>
    public void Go(LogView log)
    {
        while (_handed < _told && !_reading && _installing is null && _bytes < limits.ApplyAhead)
        {
            if (log.After(_handed, Piece) is { } batches)
            {
                foreach (var batch in batches) Hand(batch);
                continue;
            }
            _reading = true;
            files.Log.Read(_handed.Next, Piece, slice => files.Upcalls.Say(new Upcalls.ReadBack(slice)));
        }
    }

    public void ReadBack(RaftLogSlice slice)
    {
        _reading = false;
        foreach (var batch in slice.Batches)
            if (batch.Last > _handed) Hand(batch);
    }

    private void Hand(LogBatch batch)
    {
        if (batch.Last > _told) return;
        if (batch.First != _handed.Next) throw new InvalidOperationException($"entry {_handed.Next} is committed and not in the log, which goes on at {batch.First}");
        _handed = batch.Last;
        _ahead.Enqueue((batch.Last, batch.Payload.Length));
        _bytes += batch.Payload.Length;
        files.Machine.Apply(batch, proposals.Committed(batch));
    }

    /// <summary>A piece of a snapshot. Before the last one goes to the state, the log knows what is about to happen.</summary>
    public void Keep(MemberId from, SnapshotChunk chunk)
    {
        if (_installing is not null || chunk.Snapshot.Position.Index <= _handed) return;
        if (!IsLast(chunk))
        {
            Import(from, chunk);
            return;
        }
        _installing = chunk;
        files.Log.Expect(chunk.Snapshot.Position, _ => files.Upcalls.Say(new Upcalls.Expected(from, chunk)));
    }

    public void Import(MemberId from, SnapshotChunk chunk) =>
        files.Machine.Import(chunk, (received, installed) => files.Upcalls.Say(new Upcalls.Kept(from, chunk, received, installed)));

    /// <summary>The state has said what became of a piece. True: its snapshot is the state now, and the log follows.</summary>
    public bool Kept(SnapshotChunk chunk, bool installed)
    {
        if (ReferenceEquals(_installing, chunk)) _installing = null;
        if (!installed) return false;
        var snapshot = chunk.Snapshot;
        files.Log.StartAfter(snapshot.Position, snapshot.LogTime, _ => { });
        _handed = LogIndex.Max(_handed, snapshot.Position.Index);
        _told = LogIndex.Max(_told, snapshot.Position.Index);
        proposals.Overtaken(snapshot.Position.Index);
        return true;
    }

    private static bool IsLast(SnapshotChunk chunk) => chunk.Offset + (ulong)chunk.Bytes.Length >= chunk.Snapshot.Size;
}
