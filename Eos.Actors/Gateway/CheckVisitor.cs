using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>
/// Looks at every entry of the namespace: what each directory has is counted and compared with what it, and the directories above it, say of it; what its entries are worth in the
/// indexes goes to <paramref name="row"/>.
/// </summary>
public sealed class CheckVisitor(Weave weave, TreeReport report, RoutineFacts facts, Action<DirectoryId, DirectoryEntry> row) : ITreeVisitor
{
    /// <summary>Directories that were asked what they say of their tree, and have not answered.</summary>
    private const int MostOpen = 256;

    private readonly Dictionary<TreeNode, Sums> _open = [];
    private readonly Queue<(Question Question, Action<DirectoryProtocol.IReply> Compare)> _asked = new();

    /// <summary>What was counted in a directory and below it.</summary>
    private sealed class Sums
    {
        public ulong OwnFiles;
        public ulong OwnDirectories;
        public ulong OwnBytes;
        public ulong Files;
        public ulong Directories;
        public ulong Bytes;
        public string Last = "";
        public ImmutableArray<OwnerUsage> Usage = UsageTable.Empty;
    }

    public TreeStep Plan(TreeNode directory) => TreeStep.Descend;

    public void Enter(TreeNode directory)
    {
        _open[directory] = new Sums();
        report.At = directory.Path;
        report.Directories++;
        if (directory.Parent is { } parent && directory.Self is { } self && self.Parent != parent.Id) Differs(directory, $"says that its parent is {self.Parent}, but is in {parent.Id}");
    }

    public void File(TreeNode directory, FileEntry file)
    {
        report.Files++;
        row(directory.Id, file);
        var sums = _open[directory];
        sums.OwnFiles++;
        sums.OwnBytes += file.File.Content.Size;
        sums.Usage = sums.Usage.Plus(file.File.Owner, Usage.Of(file.File));
        Follows(directory, sums, file.Name);
    }

    public void Leave(TreeNode directory)
    {
        if (!_open.Remove(directory, out var sums)) return; // it could not be read
        var own = new DirectoryProtocol.DirectoryCounts(sums.OwnFiles, sums.OwnDirectories, sums.OwnBytes);
        if (directory.Counts != own) Differs(directory, $"says that it has {Text(directory.Counts)}, but has {Text(own)}");
        sums.Files += sums.OwnFiles;
        sums.Directories += sums.OwnDirectories;
        sums.Bytes += sums.OwnBytes;
        var below = new DirectoryProtocol.DirectoryCounts(sums.Files, sums.Directories, sums.Bytes);
        Ask(Question.Of(new DirectoryProtocol.Lookup(directory.Id, facts.NewOp(), "", null)), reply =>
        {
            if (reply is not DirectoryProtocol.Found { Tree: var tree }) return;
            var said = new DirectoryProtocol.DirectoryCounts(tree.Files, tree.Directories, tree.Bytes);
            if (said != below) Differs(directory, $"says that its tree has {Text(said)}, but it has {Text(below)}");
        });
        if (directory.Self is { IsQuotaNode: true }) AskUsage(directory, sums.Usage);
        if (directory.Parent is not { } parent || !_open.TryGetValue(parent, out var above)) return;
        above.Files += sums.Files;
        above.Directories += sums.Directories;
        above.Bytes += sums.Bytes;
        if (directory.Self is { IsQuotaNode: false }) above.Usage = UsageTable.Sum([above.Usage, sums.Usage]);
    }

    public void Fail(TreeNode directory, Refusal why) => Differs(directory, $"can't be read: {why.Text}");

    public IEnumerable<Step>? Pause()
    {
        Compare();
        return _asked.Count < MostOpen ? report.Due() : weave.Until(() => Compare() < MostOpen / 2);
    }

    /// <summary>A sub-directory is met: before the walk goes into it.</summary>
    public void Child(TreeNode directory, ChildEntry child)
    {
        row(directory.Id, child);
        var sums = _open[directory];
        sums.OwnDirectories++;
        Follows(directory, sums, child.Name);
    }

    /// <summary>Waits for what is left to be compared.</summary>
    public IEnumerable<Step> End() => weave.Until(() => Compare() == 0);

    private void AskUsage(TreeNode directory, ImmutableArray<OwnerUsage> counted) =>
        Ask(Question.Of(new QuotaProtocol.ReadQuota(directory.Id, facts.NewOp())), reply =>
        {
            if (reply is not QuotaProtocol.QuotaRead read) return;
            var (said, found) = (Rows(read.Usage), Rows(counted));
            if (!said.SequenceEqual(found)) Differs(directory, $"says that its quota usage is {string.Join(' ', said)}, but it is {string.Join(' ', found)}");
        });

    private static List<string> Rows(ImmutableArray<OwnerUsage> table) =>
        [.. table.Where(u => u.Usage.Files > 0).Select(u => $"{u.Owner.Uid}:{u.Owner.Gid}={u.Usage.Files},{u.Usage.Logical},{u.Usage.Physical}")];

    private void Ask(Question question, Action<DirectoryProtocol.IReply> compare)
    {
        _asked.Enqueue((question, compare));
        weave.Begin(question);
    }

    /// <summary>Takes what was answered; how many are left.</summary>
    private int Compare()
    {
        while (_asked.TryPeek(out var asked) && asked.Question.Answer is { } reply)
        {
            _asked.Dequeue();
            asked.Compare(reply);
        }
        return _asked.Count;
    }

    private void Follows(TreeNode directory, Sums sums, string name)
    {
        if (NameOrder.Instance.Compare(sums.Last, name) >= 0) Differs(directory, $"has '{name}' after '{sums.Last}'");
        sums.Last = name;
    }

    private void Differs(TreeNode directory, string text) => report.Fail(directory.Path, Errno.BadMessage, $"{directory.Path}: {text}");

    private static string Text(DirectoryProtocol.DirectoryCounts c) => $"{c.Files} files, {c.Directories} directories, {c.Bytes} bytes";
}
