using System.Collections.Immutable;
using System.Threading.Channels;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support;

/// <summary>Logs and batches for tests, and calls that wait for the callback.</summary>
internal static class RaftLogs
{
    public static readonly RaftLogIdentity Owner = new("cluster", new MemberId("a:7777"));

    public static readonly RaftLogSettings Knobs = new(TimeSpan.FromMilliseconds(20), 256 << 10, TimeSpan.FromMilliseconds(50), 1 << 30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static RaftLog Open(string file, bool create = true, Action<Exception?>? health = null) =>
        RaftLog.Open(file, Owner, create, Knobs, health ?? (e => { if (e is not null) throw new InvalidOperationException("the log says it fails", e); }));

    public static LogBatch Batch(ulong term, ulong first, uint count = 1, int bytes = 20) =>
        new(new Term(term), new LogIndex(first), count, TimeSpan.FromTicks((long)first * 10), BatchKind.Commands, Payload(first, bytes), null);

    public static LogBatch Change(ulong term, ulong first, params string[] voters) => new(
        new Term(term), new LogIndex(first), 1, TimeSpan.FromTicks((long)first * 10), BatchKind.Membership, default, Membership.Of(voters.Select(v => new MemberId(v))) with { Epoch = first });

    public static byte[] Payload(ulong index, int bytes)
    {
        var payload = new byte[bytes];
        new Random((int)index).NextBytes(payload);
        return payload;
    }

    public static Persist Persist(ulong term, string? vote, ulong? truncate, params LogBatch[] batches) =>
        new(new Term(term), vote is null ? null : new MemberId(vote), truncate is { } t ? new LogIndex(t) : null, [.. batches]);

    public static Task<LogPosition> StoreAsync(this RaftLog log, Persist what) => Callback<LogPosition>(done => log.Store(what, done));

    public static Task<RaftLogSlice> ReadAsync(this RaftLog log, ulong from, ulong maxBytes = ulong.MaxValue) =>
        Callback<RaftLogSlice>(found => log.Read(new LogIndex(from), maxBytes, found));

    public static Task<LogPosition> StartAfterAsync(this RaftLog log, LogPosition position, TimeSpan time) =>
        Callback<LogPosition>(done => log.StartAfter(position, time, done));

    private static Task<T> Callback<T>(Action<Action<T>> call)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        call(answer.SetResult);
        return answer.Task.WaitAsync(Patience);
    }
}

/// <summary>A process that appends to a log without end and says <c>ACK index</c> for what is stored; it ends when standard input closes.</summary>
internal static class RaftLogWriter
{
    private const int Ahead = 50;

    public static async Task Run(string file)
    {
        using var log = RaftLogs.Open(file);
        using var room = new SemaphoreSlim(Ahead);
        var stored = Channel.CreateUnbounded<ulong>();
        var says = Task.Run(async () =>
        {
            await foreach (var index in stored.Reader.ReadAllAsync()) Console.WriteLine($"ACK {index}");
        });
        var ended = Task.Run(() => Console.In.ReadLine());
        for (var next = log.Contents.View.Last.Index.Value + 1; !ended.IsCompleted; next++)
        {
            await room.WaitAsync();
            var index = next;
            log.Store(RaftLogs.Persist(1, null, null, RaftLogs.Batch(1, index, bytes: 300)), _ => { stored.Writer.TryWrite(index); room.Release(); });
        }
        stored.Writer.Complete();
        await says;
    }
}
