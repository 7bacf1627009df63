using System.Globalization;
using System.Text;
using Akka.Actor;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Host.Resp;

/// <summary>What the administration of a member must know of its node.</summary>
/// <param name="Folder">Holds the member's files.</param>
/// <param name="Monitors">How many clients watch.</param>
internal sealed record NodeFacts(string Folder, DateTime Started, Func<int> Monitors);

/// <summary>The commands about the group and its members, asked of this node's member.</summary>
/// <param name="state">The member's state: its files are looked after here.</param>
internal sealed class RaftAdmin(IActorRef member, KvEngine state, NodeFacts facts, IClock clock)
{
    private const int ScanCount = 100;
    private const ulong FetchBytes = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Instant _started = clock.Now;

    public Task<Reply> RunAsync(Request r, CancellationToken cancel) => r.Text(0).ToLowerInvariant().Replace('_', '-') switch
    {
        "raft-info" when r.Count == 2 => r.Is(1, "leader") ? LeaderAsync(cancel) : Task.FromResult<Reply>(new Reply.ErrorReply(RespErrors.Syntax)),
        "raft-info" => InfoAsync(leaderOnly: false, cancel),
        "raft-leader-info" => InfoAsync(leaderOnly: true, cancel),
        "raft-add-observer" => ChangeAsync(RaftProtocol.Change.AddObserver, r, cancel),
        "raft-promote-observer" => ChangeAsync(RaftProtocol.Change.Promote, r, cancel),
        "raft-demote-to-observer" => ChangeAsync(RaftProtocol.Change.Demote, r, cancel),
        "raft-remove-member" => ChangeAsync(RaftProtocol.Change.Remove, r, cancel),
        "raft-attempt-coup" => CoupAsync(cancel),
        "raft-fetch" => FetchAsync(r, cancel),
        "raft-fetch-last" => FetchLastAsync(r, cancel),
        "raft-journal-scan" => ScanAsync(r, cancel),
        "raft-set-fsync-policy" => Task.FromResult(r.Is(1, "always") ? Reply.Ok : Reply.Err("every entry is synced before it is acknowledged: the only policy is 'always'")),
        "quarkdb-version" => VersionAsync(cancel),
        "quarkdb-info" => NodeAsync(cancel),
        "quarkdb-health" => HealthAsync(cancel),
        "quarkdb-checkpoint" or "raft-checkpoint" => CheckpointAsync(r, cancel),
        "quarkdb-verify-checksum" => VerifyAsync(cancel),
        "quarkdb-manual-compaction" => CompactAsync(cancel),
        _ => Task.FromResult(Reply.Err("internal dispatching error")),
    };

    private Task<MemberStatus> StatusAsync(CancellationToken cancel) => member.Ask<MemberStatus>(new DescribeMember(), Patience, cancel);

    private async Task<Reply> InfoAsync(bool leaderOnly, CancellationToken cancel)
    {
        var status = await StatusAsync(cancel).ConfigureAwait(false);
        if (leaderOnly && !status.Leadership.Serves) return new Reply.ErrorReply(GroupView.Redirect(status.Leadership.LeaderEndpoints.Redis is { Length: > 0 } redis && status.Leadership.Role != RoleKind.Leader ? redis : null));
        return RaftReports.Info(status, RaftReports.Worst(Look(status)));
    }

    private async Task<Reply> LeaderAsync(CancellationToken cancel) =>
        (await StatusAsync(cancel).ConfigureAwait(false)).Leadership.Leader is { } leader ? Reply.Bulk(leader.Value) : Reply.Bulk("");

    private async Task<Reply> VersionAsync(CancellationToken cancel) => Reply.Bulk((await StatusAsync(cancel).ConfigureAwait(false)).Identity.Version);

    private async Task<Reply> NodeAsync(CancellationToken cancel)
    {
        var status = await StatusAsync(cancel).ConfigureAwait(false);
        var figures = await Upkeep<StateFigures>(state.Describe, cancel).ConfigureAwait(false);
        return RaftReports.Node(status, figures, RaftReports.Worst(Look(status)), facts, clock.Now - _started);
    }

    private async Task<Reply> HealthAsync(CancellationToken cancel)
    {
        var status = await StatusAsync(cancel).ConfigureAwait(false);
        return RaftReports.Health(status, Look(status));
    }

    private IReadOnlyList<HealthLine> Look(MemberStatus status)
    {
        try
        {
            var drive = new DriveInfo(facts.Folder);
            return RaftReports.Look(status, drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [.. RaftReports.Look(status, 0, 0), new HealthLine(NodeHealth.Red, "DISK", e.Message)];
        }
    }

    private async Task<Reply> ChangeAsync(RaftProtocol.Change change, Request r, CancellationToken cancel)
    {
        var name = r.Text(1);
        if (name.LastIndexOf(':') is not (> 0 and var at) || !ushort.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return Reply.Err($"cannot parse server: {name}");
        return await AnswerAsync(new ChangeMember(change, new MemberId(name)), Reply.Ok, cancel).ConfigureAwait(false);
    }

    private Task<Reply> CoupAsync(CancellationToken cancel) => AnswerAsync(new Coup(), Reply.Simple("vive la revolution"), cancel);

    private async Task<Reply> AnswerAsync(object question, Reply done, CancellationToken cancel)
    {
        switch (await member.Ask<object>(question, Patience, cancel).ConfigureAwait(false))
        {
            case Done: return done;
            case NotDone { Unknown: true }: return new Reply.ErrorReply(RespErrors.Unavailable);
            case NotDone no: return Reply.Err(no.Why == "not leading" ? "not a leader" : no.Why); // as administrators' tools know it
            case var other: throw new InvalidOperationException($"the member answered {other.GetType().Name}");
        }
    }

    private async Task<Reply> FetchAsync(Request r, CancellationToken cancel)
    {
        if (!r.TryInteger(1, out var index) || index < 0 || !IsRaw(r, 2, out var raw)) return Reply.Err("could not parse index");
        await foreach (var row in RowsAsync(new LogIndex((ulong)index), raw, cancel).ConfigureAwait(false)) return row.Index.Value == (ulong)index ? row.Fetched() : Reply.Nil;
        return Reply.Nil;
    }

    private async Task<Reply> FetchLastAsync(Request r, CancellationToken cancel)
    {
        if (!r.TryInteger(1, out var count) || count is < 1 or > 100_000 || !IsRaw(r, 2, out var raw)) return Reply.Err("could not parse number of entries");
        var log = (await StatusAsync(cancel).ConfigureAwait(false)).Log;
        var from = log.LogSize.Value > (ulong)count ? LogIndex.Max(log.LogStart, new LogIndex(log.LogSize.Value - (ulong)count)) : log.LogStart;
        var (rows, size) = (new Queue<Reply>(), 0L);
        await foreach (var row in RowsAsync(from, raw, cancel).ConfigureAwait(false))
        {
            var fetched = row.Fetched();
            rows.Enqueue(fetched);
            size += fetched.Size;
            while (size > KvLimits.MaxPage && rows.Count > 1) size -= rows.Dequeue().Size;
        }
        return Reply.Array(rows);
    }

    private static bool IsRaw(Request r, int word, out bool raw)
    {
        raw = r.Count > word;
        return !raw || r.Is(word, "raw");
    }

    private async Task<Reply> ScanAsync(Request r, CancellationToken cancel)
    {
        var (count, pattern, from) = ((long)ScanCount, (ReadOnlyMemory<byte>?)null, 0UL);
        if (!r[1].SequenceEqual("0"u8) && !(r[1].StartsWith("next:"u8) && ulong.TryParse(Encoding.ASCII.GetString(r[1][5..]), out from))) return Reply.Err("invalid cursor");
        for (var i = 2; i < r.Count; i += 2)
        {
            if (i + 1 == r.Count) return new Reply.ErrorReply(RespErrors.Syntax);
            if (r.Is(i, "count") && r.TryInteger(i + 1, out count) && count is >= 1 and <= 100_000) continue;
            if (!r.Is(i, "match")) return new Reply.ErrorReply(RespErrors.Syntax);
            pattern = r.Words[i + 1];
        }
        var start = (await StatusAsync(cancel).ConfigureAwait(false)).Log.LogStart;
        var (rows, size) = (new List<Reply>(), 0L);
        await foreach (var row in RowsAsync(LogIndex.Max(start, new LogIndex(from)), raw: false, cancel).ConfigureAwait(false))
        {
            if (count-- == 0 || size > KvLimits.MaxPage) return Reply.Array(Reply.Bulk($"next:{row.Index}"), Reply.Array(rows));
            if (pattern is not null && !row.Fits(pattern.Value.Span)) continue;
            rows.Add(row.Scanned());
            size += rows[^1].Size;
        }
        return Reply.Array(Reply.Bulk("0"), Reply.Array(rows));
    }

    /// <summary>Entries from an index to the end of the log as it is when it is reached.</summary>
    private async IAsyncEnumerable<LogRow> RowsAsync(LogIndex from, bool raw, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            var found = await member.Ask<Entries>(new FetchEntries(from, FetchBytes), Patience, cancel).ConfigureAwait(false);
            if (found.Batches.IsEmpty) yield break;
            foreach (var row in found.Batches.SelectMany(b => LogReports.Rows(b, raw)))
                if (row.Index >= from) yield return row;
            from = found.Batches[^1].Last.Next;
        }
    }

    private async Task<Reply> CheckpointAsync(Request r, CancellationToken cancel)
    {
        var folder = r.Text(1);
        if (!Path.IsPathRooted(folder)) return Reply.Err($"the folder of a checkpoint is named from the root: {folder}");
        var trouble = await Upkeep<string?>(done => state.Checkpoint(folder, (_, trouble) => done(trouble)), cancel).ConfigureAwait(false);
        return trouble is null ? Reply.Ok : Reply.Err(trouble);
    }

    private async Task<Reply> VerifyAsync(CancellationToken cancel)
    {
        var verdict = await Upkeep<StateVerdict>(state.Verify, cancel).ConfigureAwait(false);
        return RaftReports.Lines([$"state-machine: {verdict.Trouble ?? "OK"}"]);
    }

    private async Task<Reply> CompactAsync(CancellationToken cancel)
    {
        var trouble = await Upkeep<string?>(state.Compact, cancel).ConfigureAwait(false);
        return trouble is null ? Reply.Ok : Reply.Err(trouble);
    }

    /// <summary>Work on the state's file, however long it takes; it goes on when the client is gone.</summary>
    private static Task<T> Upkeep<T>(Action<Action<T>> begin, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        begin(result => done.TrySetResult(result));
        return done.Task.WaitAsync(cancel);
    }
}
