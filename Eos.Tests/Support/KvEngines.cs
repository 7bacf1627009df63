using System.Collections.Concurrent;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support;

/// <summary>What an engine tells its member, written down.</summary>
internal sealed class EngineEar : IStateMachineOwner
{
    private readonly ConcurrentQueue<SnapshotInfo> _kept = [];
    private readonly ConcurrentQueue<Exception?> _disk = [];
    private readonly ConcurrentQueue<Exception?> _snapshots = [];
    private ulong _applied;

    public LogIndex AppliedUpTo => new(Volatile.Read(ref _applied));
    public IReadOnlyCollection<SnapshotInfo> KeptOnes => _kept;
    public IReadOnlyCollection<Exception?> DiskSaid => _disk;
    public IReadOnlyCollection<Exception?> SnapshotsSaid => _snapshots;
    public Exception? Failure { get; private set; }

    public void Applied(LogIndex upTo) => Volatile.Write(ref _applied, upTo.Value);
    public void Kept(SnapshotInfo snapshot) => _kept.Enqueue(snapshot);
    public void Disk(Exception? trouble) => _disk.Enqueue(trouble);
    public void Failed(Exception why) => Failure = why;
    public void Snapshots(Exception? trouble) => _snapshots.Enqueue(trouble);

    public Task Reaches(ulong index) => Eventually.Is(() => Task.FromResult(Failure is { } e ? throw e : AppliedUpTo.Value), a => a >= index, $"applied up to {index}");
}

/// <summary>A log for one engine: batches follow each other, their entries are commands in words.</summary>
internal sealed class EngineFeed(IStateMachine engine, ulong after = 0)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LogIndex _last = new(after);

    public LogIndex Last => _last;

    /// <summary>One batch as another member would send it, an entry for each command.</summary>
    public void Foreign(params string[] commands) => engine.Apply(Batch(Entries(commands)), null);

    /// <summary>One batch that was proposed here; each entry's fate.</summary>
    public async Task<KvFate[]> Own(params string[] commands)
    {
        var fates = commands.Select(_ => new TaskCompletionSource<KvFate>(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        var own = Entries(commands).Select((e, i) => new KvSubmission(e, fates[i].SetResult)).ToArray();
        engine.Apply(Batch(own), own);
        return await Task.WhenAll(fates.Select(f => f.Task)).WaitAsync(Patience);
    }

    public void Marker() => engine.Apply(Next(1, BatchKind.Marker, default, null), null);

    public void Members(Membership membership) => engine.Apply(Next(1, BatchKind.Membership, default, membership), null);

    public async Task<string> Ask(string command, LogIndex? at = null)
    {
        var fate = new TaskCompletionSource<KvFate>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Read(at ?? _last, Time(_last), [new KvReading(new UserReads([KvBench.Words(command)]), fate.SetResult)], () => true, _ => fate.SetException(new InvalidOperationException("stale")));
        return ((Replies)(await fate.Task.WaitAsync(Patience)).Outcome!).Values.Single().ToString();
    }

    public static IEntry[] Entries(params string[] commands) => [.. commands.Select(c => KvBench.Together(c))];

    public static TimeSpan Time(LogIndex index) => TimeSpan.FromMilliseconds(index.Value);

    private LogBatch Batch(IEntry[] entries) => Batch([.. entries.Select(e => new KvSubmission(e, _ => { }))]);

    private LogBatch Batch(IReadOnlyList<ISubmission> submissions) => Next((uint)submissions.Count, BatchKind.Commands, EntryFrames.Write(submissions), null);

    private LogBatch Next(uint count, BatchKind kind, ReadOnlyMemory<byte> payload, Membership? membership)
    {
        var batch = new LogBatch(new Term(1), _last.Next, count, Time(_last.Next), kind, payload, membership);
        _last = batch.Last;
        return batch;
    }
}
