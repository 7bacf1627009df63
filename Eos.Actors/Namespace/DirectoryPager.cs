using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Eos.Journal;
using static Eos.Kv.SystemProtocol;

namespace Eos.Namespace;

/// <summary>
/// Which pages of one directory are in memory. Decisions and folds are pure, so they are simply tried: one that touches a page that is away has this read it, and is tried again when
/// <see cref="Read"/> comes. Belongs to the directory's actor, which is told what was read.
/// </summary>
internal sealed class DirectoryPager(string id, IPageStore store, IActorRef self, long mostClean)
{
    /// <summary>Pages that are read for messages that wait, ahead of their turn.</summary>
    private const int MostAhead = 64;

    /// <summary>Pages that a search has in memory at a time.</summary>
    private const int MostSearched = 16;

    private readonly HashSet<EntryPage> _coming = [];
    private readonly Queue<EntryPage> _clean = [];
    private long _cleanWeight;
    private EntrySearch? _searching;
    private SearchResult? _found;

    /// <summary>These pages were read.</summary>
    internal sealed record Read(ImmutableArray<EntryPage> Pages, ImmutableArray<PageRow> Rows) : INoSerializationVerificationNeeded;

    /// <summary>A search was done.</summary>
    internal sealed record Found(SearchResult Answer) : INoSerializationVerificationNeeded;

    /// <summary>The store has not given what it must have: the directory can't go on.</summary>
    internal sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>The state, with what was searched for the message whose turn it is.</summary>
    public DirectoryState Prepared(DirectoryState state) => _found is null ? state : state with { Entries = state.Entries.With(_found) };

    /// <summary>Whether the work could be done; if not, what it needs is under way.</summary>
    public bool Try<T>(Func<T> work, [MaybeNullWhen(false)] out T result)
    {
        try
        {
            result = work();
            return true;
        }
        catch (PagesAwayException away)
        {
            result = default;
            if (away.Search is { } search) Search(search, away.Pages);
            else Fetch(away.Pages);
            return false;
        }
    }

    /// <summary>Begins to read what the work will need when its turn comes.</summary>
    public void Foresee<T>(Func<T> work)
    {
        if (_coming.Count >= MostAhead) return;
        try
        {
            work();
        }
        catch (PagesAwayException away)
        {
            Fetch(away.Pages.Where(_ => away.Search is null));
        }
    }

    /// <summary>Begins to read these pages, if they are away.</summary>
    public void Fetch(IEnumerable<EntryPage> pages)
    {
        ImmutableArray<EntryPage> wanted = [.. pages.Where(p => !p.IsHere && _coming.Add(p))];
        if (wanted.IsEmpty) return;
        store.ReadAsync(id, [.. wanted.Select(p => p.Key)])
            .PipeTo(self, ActorRefs.NoSender, rows => new Read(wanted, rows), cause => new Failed(cause));
    }

    /// <summary>Takes what was read into memory.</summary>
    public void Take(Read read)
    {
        foreach (var (page, row) in read.Pages.Zip(read.Rows))
        {
            _coming.Remove(page);
            if (page.IsHere) continue;
            page.Fill(Records(row));
            IsClean(page);
        }
    }

    public void Take(Found found) => (_searching, _found) = (null, found.Answer);

    /// <summary>The page is stored, so its records may leave memory.</summary>
    public void IsClean(EntryPage page)
    {
        _clean.Enqueue(page);
        _cleanWeight += page.Weight;
    }

    /// <summary>A message has had its turn: what was searched for it is forgotten, and pages that nobody touched for a while are let go.</summary>
    public void TurnEnded()
    {
        _found = null;
        for (var looked = 2 * _clean.Count; _cleanWeight > mostClean && looked > 0; looked--)
        {
            var page = _clean.Dequeue();
            if (page.WasTouched)
            {
                page.Rest();
                _clean.Enqueue(page);
                continue;
            }
            page.LetGo();
            _cleanWeight -= page.Weight;
        }
    }

    private void Search(EntrySearch search, ImmutableArray<EntryPage> pages)
    {
        if (_searching is not null) return;
        _searching = search;
        SearchAsync(search, [.. pages.Select(p => (p, p.Held))])
            .PipeTo(self, ActorRefs.NoSender, result => new Found(result), cause => new Failed(cause));
    }

    private async Task<SearchResult> SearchAsync(EntrySearch search, ImmutableArray<(EntryPage Page, ImmutableArray<byte[]> Here)> pages)
    {
        var found = ImmutableArray.CreateBuilder<DirectoryEntry>();
        foreach (var some in pages.Chunk(MostSearched))
        {
            var rows = await store.ReadAsync(id, [.. some.Where(p => p.Here.IsDefault).Select(p => p.Page.Key)]).ConfigureAwait(false);
            var next = 0;
            foreach (var (_, here) in some) found.AddRange(search.In(here.IsDefault ? Records(rows[next++]) : here));
        }
        return new SearchResult(search, found.ToImmutable());
    }

    private ImmutableArray<byte[]> Records(PageRow row) => row.Bytes.IsEmpty
        ? throw new InvalidDataException($"{id}: page {row.Key:x} is not in the store")
        : PageStore.Decode(row.Bytes);
}
