using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Entries by number. A page knows the least and the greatest number that it has, so that where names come in the order of numbers one page is looked at.</summary>
public sealed partial class EntryPages
{
    public FileEntry? FileOf(FileId file) => FilesOf([file]).FirstOrDefault();

    public ChildEntry? ChildOf(DirectoryId child) =>
        Sought(new EntrySearch([], [child])).OfType<ChildEntry>().FirstOrDefault();

    /// <summary>Those of the files that are here, in the order of names. O(entries) where numbers and names have nothing to do with each other.</summary>
    public ImmutableArray<FileEntry> FilesOf(IEnumerable<FileId> files) =>
        files.ToImmutableHashSet() is { IsEmpty: false } some ? [.. Sought(new EntrySearch(some, [])).OfType<FileEntry>()] : [];

    /// <summary>The same entries, and what a search in them has found.</summary>
    internal EntryPages With(SearchResult? found) => new(_pages, Count, found);

    private IEnumerable<DirectoryEntry> Sought(EntrySearch search)
    {
        if (_found is { } found && search.Files.IsSubsetOf(found.Search.Files) && search.Children.IsSubsetOf(found.Search.Children))
            return found.Entries.Where(e => e is FileEntry f ? search.Files.Contains(f.File.Id) : e is ChildEntry c && search.Children.Contains(c.Id));
        var pages = _pages.Where(p => search.MayBeIn(p.Head)).ToList();
        if (pages.Exists(p => !p.IsHere)) throw new PagesAwayException([.. pages], search);
        return pages.SelectMany(p => search.In(p.Records));
    }
}
