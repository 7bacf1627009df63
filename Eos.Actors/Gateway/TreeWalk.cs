using System.Runtime.InteropServices;
using Akka.Actor;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>What is done with the entries of a tree. The walk goes on when a method returns.</summary>
public interface ITreeVisitor
{
    /// <summary>How a directory at this place is treated; asked before it is read.</summary>
    TreeStep Plan(TreeNode directory);

    /// <summary>A directory has said what it is; what is in it comes next.</summary>
    void Enter(TreeNode directory);

    void File(TreeNode directory, FileEntry file);

    /// <summary>A name of a sub-directory; what becomes of that is <see cref="Plan"/>'s to say.</summary>
    void Child(TreeNode directory, ChildEntry child)
    {
    }

    /// <summary>All that is in it was seen.</summary>
    void Leave(TreeNode directory);

    /// <summary>It can't be read. <see cref="Leave"/> follows.</summary>
    void Fail(TreeNode directory, Refusal why);

    /// <summary>What has to happen before the walk goes on; null: nothing.</summary>
    IEnumerable<Step>? Pause();
}

/// <summary>What a walk does with a directory. Append only.</summary>
public enum TreeStep
{
    /// <summary>Reads it and what is in it.</summary>
    Descend = 0,

    /// <summary>Asks it what it is, no more.</summary>
    Look = 1,

    /// <summary>Does not ask it: what its parent says is enough.</summary>
    Name = 2,

    /// <summary>Passes it over.</summary>
    Skip = 3,
}

/// <summary>
/// A walk over a tree: in the order of names, a directory before what is in it. Pages of directories that come next are asked for ahead, several at once and few of each node, so
/// that the order costs no time; of all others only a name is remembered. So it needs the memory of some pages, however large the tree is.
/// </summary>
public sealed class TreeWalk(Weave weave, ITreeVisitor visitor, Func<Caller> caller, RoutineFacts facts)
{
    /// <summary>Pages in hand or asked for are at most so many times the width.</summary>
    private const int Hoard = 4;

    private readonly List<TreeNode> _nodes = [];
    private readonly Dictionary<DirectoryId, Question> _reads = [];
    private readonly Dictionary<Address, int> _asked = [];

    /// <summary>What has to be learnt before it can be said who may read a directory; null: nothing.</summary>
    public Func<DirectoryRecord, IEnumerable<Step>?> Learn { get; init; } = _ => null;

    /// <summary>Pages that are in memory, or will be.</summary>
    public int Held => _reads.Count + _nodes.Count(n => n.HasPage);

    private TreeNode Top => _nodes[^1];

    /// <summary>Walks what is below the last of these directories, then what is left of those above it.</summary>
    public IEnumerable<Step> Run(IEnumerable<TreeNode> way)
    {
        _nodes.AddRange(way);
        while (_nodes.Count > 0)
        {
            var node = Top;
            if (!node.HasPage)
            {
                foreach (var step in Read(node)) yield return step;
                if (!node.HasPage) _nodes.RemoveAt(_nodes.Count - 1); // it has vanished
            }
            else if (node.Next() is { } entry) Visit(node, entry);
            else if (node.HasMore) node.Release();
            else
            {
                _nodes.RemoveAt(_nodes.Count - 1);
                visitor.Leave(node);
            }
            if (visitor.Pause() is { } pause)
                foreach (var step in pause) yield return step;
        }
        foreach (var step in weave.UntilDone()) yield return step;
    }

    private void Visit(TreeNode node, DirectoryEntry entry)
    {
        if (entry is FileEntry file) visitor.File(node, file);
        else if (entry is ChildEntry child)
        {
            node.Came(child.Id);
            visitor.Child(node, child);
            var below = new TreeNode(node.PathOf(child.Name), node.Depth + 1, child.Id, node, child);
            switch (visitor.Plan(below))
            {
                case TreeStep.Skip: break;
                case TreeStep.Name:
                    below.Self = child.Seed;
                    visitor.Enter(below);
                    break;
                default:
                    _nodes.Add(below);
                    if (_nodes.Count > facts.Settings.WalkWidth) Forget(_nodes[^(facts.Settings.WalkWidth + 1)]);
                    break;
            }
        }
    }

    /// <summary>Far above nothing is kept but the last name.</summary>
    private void Forget(TreeNode node)
    {
        foreach (var child in node.Begun) _reads.Remove(child.Id);
        node.Release();
    }

    /// <summary>The next page of a directory, and ahead those of the directories that come after it.</summary>
    private IEnumerable<Step> Read(TreeNode node)
    {
        var plan = visitor.Plan(node);
        if (!_reads.ContainsKey(node.Id))
        {
            foreach (var step in weave.Until(() => weave.Open < facts.Settings.WalkWidth && Asked(node.Id) < facts.Settings.WalkWidthPerNode)) yield return step;
            Begin(node.Id, node.Cursor, plan);
        }
        ReadAhead();
        var read = _reads[node.Id];
        foreach (var step in weave.Until(() => read.Answer is not null)) yield return step;
        _reads.Remove(node.Id);
        if ((read.Answer as DirectoryProtocol.Page)?.Self is { } record && Learn(record) is { } learn)
        {
            var hasLearnt = false;
            weave.Begin(learn.Concat(Then(() => hasLearnt = true)));
            foreach (var step in weave.Until(() => hasLearnt)) yield return step;
        }
        switch (read.Answer)
        {
            case DirectoryProtocol.Page page: Take(node, page.Self, page, plan); break;
            case DirectoryProtocol.Unborn when node.Entry is { } entry: Take(node, entry.Seed, null, plan); break;
        }
        ReadAhead();
    }

    private static IEnumerable<Step> Then(Action act)
    {
        act();
        yield break;
    }

    private void Take(TreeNode node, DirectoryRecord self, DirectoryProtocol.Page? page, TreeStep plan)
    {
        var isFirst = node.Self is null;
        (node.Self, node.Counts, node.Tree) = (self, page?.Counts ?? default, page?.Tree ?? default);
        if (isFirst && !node.WasTold) visitor.Enter(node);
        if (plan == TreeStep.Look || node.IsClosed) node.TakeNothing();
        else if (AccessRules.Check(caller(), self, Intent.Read) is { } denied)
        {
            node.TakeNothing();
            visitor.Fail(node, denied);
        }
        else if (page is null) node.TakeNothing();
        else node.Take(page);
    }

    /// <summary>Asks for first pages in the order in which they will be needed.</summary>
    private void ReadAhead()
    {
        _asked.Clear();
        foreach (var (directory, read) in _reads)
            if (read.Answer is null) Count(directory);
        var candidates = Hoard * facts.Settings.WalkWidth;
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            var node = _nodes[i];
            for (var c = 0; c < node.Ahead.Count; c++)
            {
                if (weave.Open >= facts.Settings.WalkWidth || candidates-- == 0) return;
                var child = node.Ahead[c];
                if (_asked.GetValueOrDefault(NodeOf(child.Id)) >= facts.Settings.WalkWidthPerNode) continue;
                if (_reads.Count >= Hoard * facts.Settings.WalkWidth && !MakeRoom(node)) return;
                node.Ahead.RemoveAt(c--);
                var plan = visitor.Plan(new TreeNode(node.PathOf(child.Name), node.Depth + 1, child.Id, node, child));
                if (plan is TreeStep.Name or TreeStep.Skip) continue;
                node.Begun.Add(child);
                Count(child.Id);
                Begin(child.Id, "", plan);
            }
        }
    }

    private void Count(DirectoryId directory) => CollectionsMarshal.GetValueRefOrAddDefault(_asked, NodeOf(directory), out _)++;

    private Address NodeOf(DirectoryId directory) => facts.Whereabouts.Of(directory) ?? Address.AllSystems;

    /// <summary>Pages that are asked for of the node of this directory.</summary>
    private int Asked(DirectoryId directory) => _reads.Count(r => r.Value.Answer is null && NodeOf(r.Key) == NodeOf(directory));

    /// <summary>Lets go of a page that is needed later than those of this directory's children: it will be asked for again.</summary>
    private bool MakeRoom(TreeNode forNode)
    {
        foreach (var node in _nodes)
        {
            if (node == forNode) return false;
            if (node.Begun.FindLastIndex(c => _reads[c.Id].Answer is not null) is var at and >= 0)
            {
                _reads.Remove(node.Begun[at].Id);
                node.Ahead.Insert(0, node.Begun[at]);
                node.Begun.RemoveAt(at);
                return true;
            }
        }
        return false;
    }

    private void Begin(DirectoryId directory, string after, TreeStep plan)
    {
        var limit = plan == TreeStep.Look ? 1u : EntryPages.MaxEntries;
        var read = Question.Of(new DirectoryProtocol.Peek(directory, facts.NewOp(), after, limit));
        _reads.Add(directory, read);
        weave.Begin(read);
    }
}
