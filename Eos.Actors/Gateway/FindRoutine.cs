using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`find`: what does not fit is not sent.</summary>
public sealed class FindRoutine(Find request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        var (rules, refusal) = FindRules.Of(request.Query);
        if (rules is null) Refuse(refusal!);
        if (rules is null || Parse(request.Path) is not { } path) yield break;
        foreach (var step in Find(path, wakes: false)) yield return step;

        var weave = new Weave();
        var report = new TreeReport(Op, weave, Facts);
        var limits = FindLimits.Of(AccessBook.Of(Facts.Instance()), Who, Facts.Users(), Facts.Settings);
        var visitor = new Visitor(request.Query, rules, report, Facts, limits);
        if (File is { } file)
        {
            if (request.After.Length == 0) visitor.Add(path.ToString(), file.Parent, file.File);
        }
        else if (Directory is { } directory)
        {
            var way = new List<TreeNode>();
            var top = new TreeNode(path.ToString(), 0, directory.Record.Id, null, null) { WasTold = request.After.Length > 0 };
            foreach (var step in Seek(top, way)) yield return step;
            foreach (var step in new TreeWalk(weave, visitor, () => Caller, Facts) { Learn = LearnLink }.Run(way))
            {
                yield return step;
                if (visitor.IsOver) break;
            }
        }
        else yield break; // refused
        foreach (var step in report.Send()) yield return step;
        if (visitor.IsOver) Refuse(Errno.TooBig, $"{path}: more than may be found at once: {limits.Files} files, {limits.Directories} directories");
        else Answer = report.Done;
    }

    /// <summary>The directories in which a walk goes on that was cut off: all names up to the last one that was told are passed over.</summary>
    private IEnumerable<Step> Seek(TreeNode top, List<TreeNode> way)
    {
        way.Add(top);
        if (request.After.Length <= top.Path.Length) yield break;
        var node = top;
        foreach (var name in request.After[top.Path.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var look = Look(node.Id, name);
            yield return new Step.AskAll([look]);
            node.Cursor = name;
            if (look.Answer is not DirectoryProtocol.Found { Entry: ChildEntry child }) yield break;
            way.Add(node = new TreeNode(node.PathOf(name), node.Depth + 1, child.Id, node, child) { WasTold = true });
        }
    }

    private sealed class Visitor(FindQuery query, FindRules rules, TreeReport report, RoutineFacts facts, FindLimits limits) : ITreeVisitor
    {
        /// <summary>More was found than may be.</summary>
        public bool IsOver => limits.AreOver(report.Files, report.Directories);

        public TreeStep Plan(TreeNode directory) => rules.Plan(directory.Entry?.Name ?? "", directory.Depth);

        public void Enter(TreeNode directory)
        {
            report.At = directory.Path;
            if (IsOver || directory.Self is not { } self || !rules.Fits(directory.Entry?.Name ?? EosPath.Parse(directory.Path).Path!.Name, self)) return;
            report.Directories++;
            if (query.Detail == FindDetail.Counts) return;
            var row = new TreeRow(directory.Path, EntryKind.Directory, "");
            report.Add(query.Detail == FindDetail.Paths ? row : row with { Directory = self, Counts = directory.Counts, Tree = directory.Tree });
        }

        public void File(TreeNode directory, FileEntry file)
        {
            if (query.MaxDepth is { } deepest && directory.Depth >= deepest) return;
            Add(directory.PathOf(file.Name), directory.Id, file);
        }

        public void Add(string path, DirectoryId parent, FileEntry file)
        {
            report.At = path;
            if (IsOver || !rules.Fits(file.Name, file.File, facts.View())) return;
            report.Files++;
            if (query.Detail == FindDetail.Counts) return;
            var row = new TreeRow(path, file.File.IsLink ? EntryKind.Link : EntryKind.File, file.File.Link);
            report.Add(query.Detail == FindDetail.Paths ? row : row with { File = file.File, Parent = parent, Unlinked = file.Unlinked });
        }

        public void Leave(TreeNode directory)
        {
        }

        public void Fail(TreeNode directory, Refusal why) => report.Fail(directory.Path, why.Why, "no permissions to read directory " + directory.Path);

        public IEnumerable<Step>? Pause() => report.Due();
    }
}
