using System.Collections.Immutable;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>Pages in the replicated group, behind the fence of the journal of their id; some at a time, so that a large snapshot does not fill the log's way before all else.</summary>
public sealed class RaftPageStore(KvGroup group, JournalSettings settings) : IPageStore
{
    /// <summary>Pages asked for at once; the group answers as many as fit into a message.</summary>
    private const int Some = 64;

    private const int KeysPerEntry = 10_000;

    public async Task PutAsync(string persistenceId, ImmutableArray<PageRow> pages)
    {
        var fence = await group.FenceOfAsync(persistenceId, settings.Patience).ConfigureAwait(false);
        foreach (var wave in Batches(pages).Chunk(settings.ChunksInFlight))
            await Task.WhenAll(wave.Select(some => DoneAsync(persistenceId, new PutPages(persistenceId, fence, some)))).ConfigureAwait(false);
    }

    public async Task<ImmutableArray<PageRow>> ReadAsync(string persistenceId, ImmutableArray<ulong> keys)
    {
        var parts = await Task.WhenAll(keys.Chunk(Some).Select(some => ReadSomeAsync(persistenceId, [.. some]))).ConfigureAwait(false);
        return [.. parts.SelectMany(p => p)];
    }

    public async Task DropAsync(string persistenceId, ImmutableArray<ulong> keys)
    {
        var fence = await group.FenceOfAsync(persistenceId, settings.Patience).ConfigureAwait(false);
        foreach (var some in keys.Chunk(KeysPerEntry)) await DoneAsync(persistenceId, new DropPages(persistenceId, fence, [.. some])).ConfigureAwait(false);
    }

    public async Task<ImmutableArray<ulong>> ListAsync(string persistenceId)
    {
        var keys = ImmutableArray.CreateBuilder<ulong>();
        for (var from = 0ul; ;)
        {
            var part = await LookAsync<PageKeys>(persistenceId, new ListPages(persistenceId, from)).ConfigureAwait(false);
            keys.AddRange(part.Keys);
            if (!part.More) return keys.ToImmutable();
            from = part.Keys[^1] + 1;
        }
    }

    private async Task<List<PageRow>> ReadSomeAsync(string id, ImmutableArray<ulong> keys)
    {
        var found = new List<PageRow>();
        while (found.Count < keys.Length)
            found.AddRange((await LookAsync<PagesRead>(id, new ReadPages(id, keys[found.Count..])).ConfigureAwait(false)).Pages);
        return found;
    }

    /// <summary>Runs of pages that together are about as large as a piece of a snapshot.</summary>
    private IEnumerable<ImmutableArray<PageRow>> Batches(ImmutableArray<PageRow> pages)
    {
        var (first, size) = (0, 0);
        for (var i = 0; i < pages.Length; i++)
        {
            if (i > first && size + pages[i].Bytes.Length > settings.ChunkBytes)
            {
                yield return pages[first..i];
                (first, size) = (i, 0);
            }
            size += pages[i].Bytes.Length;
        }
        if (first < pages.Length) yield return pages[first..];
    }

    private async Task DoneAsync(string id, Kv.KvProtocol.IEntry entry)
    {
        var answer = await group.Client.DoAsync(entry, settings.Patience).ConfigureAwait(false);
        if (answer is not Done) throw RaftJournal.CauseOf(id, answer);
    }

    private async Task<T> LookAsync<T>(string id, Kv.KvProtocol.IQuestion question) where T : class =>
        await group.Client.LookAsync(question, settings.Patience).ConfigureAwait(false) is var answer && answer is T found ? found : throw RaftJournal.CauseOf(id, answer);
}
