using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>One dated folder of the bin.</summary>
/// <param name="Way">Bin, year, month, day and index.</param>
/// <param name="Above">The directory of the day.</param>
public sealed record RecycleFolder(ImmutableArray<string> Way, DirectoryRecord Above, ChildEntry Entry)
{
    public string Bin => Way[0];

    public DateOnly? Day => RecycleNames.DayOf(Way[1], Way[2], Way[3]);
}

/// <summary>One thing in the bin.</summary>
/// <param name="Bytes">Of a tree: of all below it.</param>
/// <param name="Deleted">In seconds.</param>
public sealed record RecycleItem(RecycleFolder Folder, DirectoryRecord Parent, DirectoryEntry Entry, RecycleKey Key, string Path, Owner Owner, ulong Bytes, long Deleted, string Trace);

/// <summary>Goes through the bin as its keeper, one dated folder after the other, in the order of names.</summary>
/// <param name="bins">Which bins.</param>
/// <param name="date">Year, month, day and index, as many as are wanted.</param>
internal abstract class RecycleWalk(Predicate<string> bins, ImmutableArray<string> date, RoutineFacts facts)
    : RecycleRoutine(new Head(facts.NewOp(), 0, Claim.Nobody), RecycleBin.Keeper, facts)
{
    private const int Depth = 5;

    /// <summary>Enough was seen.</summary>
    protected bool IsDone { get; set; }

    public override IEnumerable<Step> Run()
    {
        var place = new RecyclePlaceRoutine(Bin, Facts);
        foreach (var step in Within(place)) yield return step;
        if (place.Answer is Refused) Answer = place.Answer;
        else if (place.Found is { } found)
            foreach (var step in Descend(found.Directory, [])) yield return step;
        if (Answer is not Refused) Answer = new Done(Op);
    }

    protected abstract IEnumerable<Step> Visit(RecycleFolder folder);

    /// <summary>All entries of a directory, page by page.</summary>
    protected IEnumerable<Step> Read(DirectoryId directory, Func<DirectoryProtocol.Page, IEnumerable<Step>> take)
    {
        for (var (after, more) = ("", true); more && !IsDone;)
        {
            var question = Question.Of(new DirectoryProtocol.ReadPage(directory, Facts.NewOp(), after, EntryPages.MaxEntries));
            foreach (var step in Ask(question)) yield return step;
            if (question.Answer is not DirectoryProtocol.Page { Entries.IsEmpty: false } page) yield break;
            foreach (var step in take(page)) yield return step;
            (after, more) = (page.Entries[^1].Name, page.More);
        }
    }

    /// <summary>What a folder's entries are; names that the bin did not make are passed over.</summary>
    protected IEnumerable<Step> ReadItems(RecycleFolder folder, Action<RecycleItem> take) => Read(folder.Entry.Id, page => ItemsOf(folder, page, take));

    private IEnumerable<Step> ItemsOf(RecycleFolder folder, DirectoryProtocol.Page page, Action<RecycleItem> take)
    {
        var trees = page.Entries.OfType<ChildEntry>().ToDictionary(c => c.Id, c => Look(c.Id, ""));
        foreach (var some in trees.Values.Chunk(Facts.Settings.WalkWidth)) yield return new Step.AskAll([.. some]);
        foreach (var entry in page.Entries)
        {
            if (RecycleNames.Parse(entry.Name) is not { } name) continue;
            var tree = entry is ChildEntry child ? trees[child.Id].Answer as DirectoryProtocol.Found : null;
            var (attributes, owner, bytes, changed) = entry switch
            {
                FileEntry f => (f.File.Attributes, f.File.Owner, f.File.Content.Size, f.File.Times.Changed.Seconds),
                ChildEntry c => (tree?.Self.Attributes ?? c.Seed.Attributes, tree?.Self.Owner ?? c.Seed.Owner, tree?.Tree.Bytes ?? 0, c.Seed.Times.Changed.Seconds),
                _ => throw new InvalidOperationException($"{entry.GetType().Name} can't be in the bin"),
            };
            var trace = attributes.GetValueOrDefault(RecycleNames.TraceKey, "{}");
            var path = attributes.GetValueOrDefault(RecycleNames.PathKey) ?? name.Path ?? entry.Name;
            take(new RecycleItem(folder, page.Self, entry, name.Key, path, owner, bytes, RecycleBin.TimeOf(trace) ?? changed, trace));
        }
    }

    private IEnumerable<Step> Descend(DirectoryId directory, ImmutableArray<string> way) => Read(directory, page => Descend(page, way));

    private IEnumerable<Step> Descend(DirectoryProtocol.Page page, ImmutableArray<string> way)
    {
        foreach (var child in page.Entries.OfType<ChildEntry>())
        {
            if (IsDone) yield break;
            if (way.IsEmpty ? !bins(child.Name) : way.Length <= date.Length && child.Name.TrimStart('0') != date[way.Length - 1].TrimStart('0')) continue;
            Learn(page.Directory, child);
            var here = way.Add(child.Name);
            foreach (var step in here.Length == Depth ? Visit(new RecycleFolder(here, page.Self, child)) : Descend(child.Id, here)) yield return step;
        }
    }
}

/// <summary>`recycle ls`.</summary>
internal sealed class RecycleListing(Predicate<string> bins, ImmutableArray<string> date, RoutineFacts facts) : RecycleWalk(bins, date, facts)
{
    private readonly List<RecycleItem> _items = [];

    public IReadOnlyList<RecycleItem> Items => _items;

    /// <summary>There is more than a listing names.</summary>
    public bool IsCut => IsDone;

    protected override IEnumerable<Step> Visit(RecycleFolder folder) => ReadItems(folder, item =>
    {
        if (_items.Count < RecycleBin.MostListed) _items.Add(item);
        else IsDone = true;
    });
}

/// <summary>Removes for good what fits.</summary>
/// <param name="fits">Asked for each thing.</param>
/// <param name="most">So many bytes are enough; null: all that fits goes.</param>
/// <param name="isDry">Counts, and removes nothing.</param>
internal sealed class RecyclePurge(
    Predicate<string> bins, ImmutableArray<string> date, Func<RecycleItem, bool> fits, ulong? most, bool isDry, RoutineFacts facts) : RecycleWalk(bins, date, facts)
{
    public ulong Trees { get; private set; }
    public ulong Files { get; private set; }
    public ulong Bytes { get; private set; }

    protected override IEnumerable<Step> Visit(RecycleFolder folder)
    {
        var found = new List<RecycleItem>();
        foreach (var step in ReadItems(folder, found.Add)) yield return step;
        foreach (var item in found.Where(fits))
        {
            if (most <= Bytes)
            {
                IsDone = true;
                yield break;
            }
            if (!isDry)
                foreach (var step in item.Entry is ChildEntry tree ? RemoveTree(item.Parent, tree) : RemoveFiles(item.Parent.Id, [item.Entry.Name])) yield return step;
            Bytes += item.Bytes;
            if (item.Key.IsTree) Trees++;
            else Files++;
        }
        if (isDry || folder.Day is not { } day || day >= DateOnly.FromDateTime(Facts.Now.ToDateTimeOffset().UtcDateTime)) yield break;
        foreach (var step in Remove(folder.Entry.Name, folder.Above, folder.Entry, KeeperCall, _ => { })) yield return step; // stays if something is left
    }

    private IEnumerable<Step> RemoveFiles(DirectoryId directory, IEnumerable<string> names)
    {
        foreach (var some in names.Chunk(Facts.Settings.WalkWidth))
            yield return new Step.AskAll([.. some.Select(name => Question.Of(new DirectoryProtocol.RemoveFile(directory, KeeperCall, name)))]);
    }

    /// <summary>Files, then directories, then the tree itself; a look at the beginning finds what is left, so that nothing is passed over.</summary>
    private IEnumerable<Step> RemoveTree(DirectoryRecord above, ChildEntry tree)
    {
        Learn(above.Id, tree);
        foreach (var step in Read(tree.Id, Empty)) yield return step;
        foreach (var step in Remove(tree.Name, above, tree, KeeperCall, _ => { })) yield return step;
    }

    private IEnumerable<Step> Empty(DirectoryProtocol.Page page)
    {
        foreach (var step in RemoveFiles(page.Directory, page.Entries.OfType<FileEntry>().Select(f => f.Name))) yield return step;
        foreach (var child in page.Entries.OfType<ChildEntry>())
            foreach (var step in RemoveTree(page.Self, child)) yield return step;
    }
}
