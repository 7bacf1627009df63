using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Kv;

/// <summary>
/// Applies to a state whatever its member's log has beyond it, committed or not: no member is left that could say, and what was acknowledged is among it. For a member that does not run.
/// </summary>
internal sealed class OfflineReplay : IStateMachineOwner
{
    private const ulong Piece = 4 << 20;

    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _applied;

    private OfflineReplay()
    {
    }

    /// <exception cref="StateRefused"/>
    /// <exception cref="RaftLogRefused">Torn, corrupt, or not of the same member as the state.</exception>
    public static async Task RunAsync(string state, string log, string cluster, StateSettings settings, RaftLogSettings logSettings)
    {
        var owner = RaftLogFile.OwnerOf(log, logSettings);
        if (owner.Cluster != cluster) throw RaftLogRefused.File(log, $"is of cluster {owner.Cluster}, the state beside it of {cluster}", "");
        var replay = new OfflineReplay();
        LogIndex end;
        using (var source = RaftLog.Open(log, owner, create: false, logSettings, replay.Disk))
        using (var engine = KvEngine.Open(state, cluster, Membership.Of([]), settings, digestInterval: ulong.MaxValue, replay))
        {
            RaftStart.Compare(source.Contents, engine.Opened.Position, Path.GetDirectoryName(log)!);
            end = source.Contents.View.Last.Index;
            for (var next = engine.Opened.Position.Index.Next; next <= end;) next = await replay.ApplyAsync(engine, await replay.ReadAsync(source, next).ConfigureAwait(false)).ConfigureAwait(false);
        }
        using var db = StateDatabase.OpenReader(state, settings, settings.PageCacheBytes);
        if (StateMark.Load(db).Position.Index < end) throw new IOException($"{state} could not be written up to entry {end}");
    }

    public void Applied(LogIndex upTo)
    {
        Volatile.Write(ref _applied, upTo.Value);
        _moved.TrySetResult();
    }

    public void Kept(SnapshotInfo snapshot)
    {
    }

    public void Disk(Exception? trouble)
    {
        if (trouble is not null) _failed.TrySetException(trouble);
    }

    public void Snapshots(Exception? trouble)
    {
    }

    public void Failed(Exception why) => _failed.TrySetException(why);

    private async Task<RaftLogSlice> ReadAsync(RaftLog log, LogIndex from)
    {
        var found = new TaskCompletionSource<RaftLogSlice>(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Read(from, Piece, found.SetResult);
        await Either(found.Task).ConfigureAwait(false);
        return await found.Task.ConfigureAwait(false);
    }

    /// <summary>Returns what comes next once these are applied.</summary>
    private async Task<LogIndex> ApplyAsync(KvEngine engine, RaftLogSlice slice)
    {
        foreach (var batch in slice.Batches) engine.Apply(batch, null);
        var last = slice.Batches[^1].Last;
        while (true)
        {
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Volatile.Read(ref _applied) >= last.Value) return last.Next;
            await Either(_moved.Task).ConfigureAwait(false);
        }
    }

    private async Task Either(Task what) => await await Task.WhenAny(what, _failed.Task).ConfigureAwait(false);
}
