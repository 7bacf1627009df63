using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>One command to one directory, reported by lines.</summary>
public sealed class QuotaOrderRoutine(
    Administer request, VirtualIdentity who, string path, Func<DirectoryId, DirectoryProtocol.Call, DirectoryProtocol.ICommand> order, Func<string, IEnumerable<string>> lines, RoutineFacts facts)
    : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(path) is not { } parsed) yield break;
        foreach (var step in Change(parsed, new Place(), parsed, d => Question.Of(order(d, Call)))) yield return step;
        if (Answer is Done) Answer = new Report(Op, [], [.. lines(PathMap.Ended(parsed.ToString()))]);
    }
}

/// <summary>Lets all directories of a tree count their entries anew, the deepest first.</summary>
/// <param name="depth">So many levels below the first; 0: all.</param>
public sealed class RecountRoutine(Administer request, VirtualIdentity who, string path, ulong depth, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(path) is not { } parsed) yield break;
        var place = new Place();
        foreach (var step in Know(parsed, place)) yield return step;
        if (place.Directory is not { } top)
        {
            Refuse(place.Refusal!);
            yield break;
        }
        var levels = new List<List<DirectoryId>> { new() { top } };
        while (levels[^1].Count > 0 && (depth == 0 || (ulong)levels.Count <= depth))
        {
            var below = new List<DirectoryId>();
            foreach (var some in levels[^1].Chunk(Facts.Settings.WalkWidth)) foreach (var step in Children(some, below)) yield return step;
            levels.Add(below);
        }
        for (var level = levels.Count - 1; level >= 0; level--)
        {
            foreach (var some in levels[level].Chunk(Facts.Settings.WalkWidth))
                yield return new Step.AskAll([.. some.Select(d => Question.Of(new QuotaProtocol.RecountTotals(d, FreshCall)))]);
        }
        Answer = new Report(Op, [], []);
    }

    /// <summary>Sub-directories of some directories, page by page.</summary>
    private IEnumerable<Step> Children(IEnumerable<DirectoryId> directories, List<DirectoryId> found)
    {
        var open = directories.Select(d => (Directory: d, After: "")).ToList();
        while (open.Count > 0)
        {
            var asked = open.Select(o => Question.Of(new DirectoryProtocol.ReadPage(o.Directory, Facts.NewOp(), o.After, EntryPages.MaxEntries))).ToList();
            yield return new Step.AskAll([.. asked]);
            open = [];
            foreach (var page in asked.Select(q => q.Answer).OfType<DirectoryProtocol.Page>())
            {
                found.AddRange(page.Entries.OfType<ChildEntry>().Select(c => c.Id));
                if (page.More) open.Add((page.Directory, page.Entries[^1].Name));
            }
        }
    }
}
