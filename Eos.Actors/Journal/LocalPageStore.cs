using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// Pages in the node's own snapshot store, as snapshots of a derived id whose number is the key: for nodes without a group. Such a store can't list what it has, so pages that a crash
/// left behind before a manifest named them stay there.
/// </summary>
public sealed class LocalPageStore(IActorRef snapshots) : IPageStore
{
    public Task PutAsync(string persistenceId, ImmutableArray<PageRow> pages) => Task.WhenAll(pages.Select(async page =>
    {
        var answer = await snapshots.Ask<object>(new SaveSnapshot(Metadata(persistenceId, page.Key), new StoredPage(page.Bytes))).ConfigureAwait(false);
        if (answer is SaveSnapshotFailure failure) throw failure.Cause;
    }));

    public async Task<ImmutableArray<PageRow>> ReadAsync(string persistenceId, ImmutableArray<ulong> keys) => [.. await Task.WhenAll(keys.Select(async key =>
    {
        var only = new SnapshotSelectionCriteria((long)key, DateTime.MaxValue, (long)key, DateTime.MinValue);
        var answer = await snapshots.Ask<object>(new LoadSnapshot(IdOf(persistenceId), only, (long)key)).ConfigureAwait(false);
        return answer switch
        {
            LoadSnapshotResult { Snapshot.Snapshot: StoredPage page } => new PageRow(key, page.Bytes),
            LoadSnapshotFailed failure => throw failure.Cause,
            _ => new PageRow(key, default),
        };
    })).ConfigureAwait(false)];

    public Task DropAsync(string persistenceId, ImmutableArray<ulong> keys) => Task.WhenAll(keys.Select(async key =>
    {
        var answer = await snapshots.Ask<object>(new DeleteSnapshot(Metadata(persistenceId, key))).ConfigureAwait(false);
        if (answer is DeleteSnapshotFailure failure) throw failure.Cause;
    }));

    public Task<ImmutableArray<ulong>> ListAsync(string persistenceId) => Task.FromResult(ImmutableArray<ulong>.Empty);

    private static string IdOf(string persistenceId) => persistenceId + "-pages";

    private static SnapshotMetadata Metadata(string persistenceId, ulong key) => new(IdOf(persistenceId), (long)key);
}

/// <summary>A page as a snapshot store of Akka keeps it.</summary>
internal sealed record StoredPage(ReadOnlyMemory<byte> Bytes);
