using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// A decision or a fold touched pages that are not in memory. Both are pure: whoever asked reads the pages, or does the search, and asks again. No error, and never seen outside
/// the directory's actor.
/// </summary>
/// <param name="pages">Pages to read into memory.</param>
/// <param name="search">Entries to find by number.</param>
public sealed class PagesAwayException(ImmutableArray<EntryPage> pages, EntrySearch? search) : Exception("pages that are not in memory were touched")
{
    public ImmutableArray<EntryPage> Pages => pages;

    public EntrySearch? Search => search;
}

/// <summary>Entries that are wanted by number: which names they have is found page by page, without keeping the pages.</summary>
public sealed record EntrySearch(ImmutableHashSet<FileId> Files, ImmutableHashSet<DirectoryId> Children)
{
    public static readonly EntrySearch Nothing = new([], []);

    public bool MayBeIn(PageHead page) => Files.Any(f => page.Files.Has(f.Value)) || Children.Any(c => page.Children.Has(c.Value));

    /// <summary>What of it is among these records.</summary>
    public IEnumerable<DirectoryEntry> In(ImmutableArray<byte[]> records) => records.Select(EntryRecord.Read).Where(e => e switch
    {
        FileEntry f => Files.Contains(f.File.Id),
        ChildEntry c => Children.Contains(c.Id),
        _ => false,
    });
}

/// <summary>All that a search was for and that is there, in the order of names.</summary>
public sealed record SearchResult(EntrySearch Search, ImmutableArray<DirectoryEntry> Entries);
