using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `rm -r`: files and directories go side by side, a directory after what is in it. What can't be removed is told, and stays with all above it; the rest goes on.
/// Only the topmost removal carries the request's operation id, the others are safe to repeat. Where the recycle bin takes what is removed, the whole tree goes there as one.
/// </summary>
public sealed class RemoveTreeRoutine(RemoveTree request, VirtualIdentity who, RoutineFacts facts) : RecycleRoutine(request.Head, who, facts), ITreeVisitor
{
    private readonly Weave _weave = new();
    private TreeReport _report = null!;
    private DirectoryRecord _above = null!;
    private ChildEntry _top = null!;
    private bool _isRecycled;

    /// <summary>The top as it was asked for, and without symbolic links.</summary>
    private (string Shown, EosPath Real) _names = ("", EosPath.Root);

    private readonly Queue<TreeNode> _toRecycle = new();

    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.Names.Length < 3)
        {
            Refuse(Errno.NotPermitted, $"{path}: too close to the root to be removed with all below");
            yield break;
        }
        _report = new TreeReport(Op, _weave, Facts);
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, Op), q => asked = q)) yield return step;

        switch (asked?.Answer)
        {
            case var _ when place.Refusal is not null: Refuse(place.Refusal); break;
            case DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }: Answer = _report.Done; break;
            case DirectoryProtocol.Found { Entry: FileEntry }:
                var removal = new RemoveFileRoutine(new RemoveFile(request.Head, path.ToString()) { IsForced = request.IsForced }, Who, Facts);
                foreach (var step in Within(removal)) yield return step;
                _report.Files++;
                Answer = removal.Answer is Done ? _report.Done : removal.Answer;
                break;
            case DirectoryProtocol.Found { Entry: ChildEntry child } found:
                foreach (var step in Recycle(place.Path.Child(path.Name), found, child)) yield return step;
                if (_isRecycled || Answer is Refused) break;
                (_above, _top, _names) = (found.Self, child, (path.ToString(), place.Path.Child(path.Name)));
                foreach (var step in new TreeWalk(_weave, this, () => Caller, Facts) { Learn = LearnLink }.Run([new TreeNode(path.ToString(), 0, child.Id, null, null)])) yield return step;
                foreach (var step in _report.Send()) yield return step;
                Answer = _report.Done;
                break;
            case DirectoryProtocol.Found: Refuse(Errno.NoEntry, $"{path}: no such file or directory"); break;
            case var other: Refuse(other, path); break;
        }
    }

    /// <summary>Leaves <see cref="Routine.Answer"/> alone if the bin does not take it: neither the directory nor the one above it says so.</summary>
    private IEnumerable<Step> Recycle(EosPath path, DirectoryProtocol.Found found, ChildEntry child)
    {
        if (request.IsForced)
        {
            if (!Who.IsRoot) Refuse(Errno.NotPermitted, $"{path}: only root passes by the recycle bin");
            yield break;
        }
        if (!Policy.Enabled || RecycleBin.IsInside(path, Bin)) yield break;
        Learn(found.Directory, child);
        var look = Look(child.Id, "");
        foreach (var step in Ask(look)) yield return step;
        if (look.Answer is not DirectoryProtocol.Found self) yield break;
        var (takes, wrong) = RecycleBin.Takes(Policy, Bin, path, self.Self);
        if (!takes && wrong is null) (takes, wrong) = RecycleBin.Takes(Policy, Bin, path, found.Self);
        if (wrong is not null) Refuse(wrong, path);
        if (!takes || wrong is not null) yield break;
        _isRecycled = true;
        var key = default(RecycleKey);
        foreach (var step in RecycleTree(path, found, child, self, self.Self.Owner, Call, k => key = k)) yield return step;
        if (Answer is Done) Answer = new TreeDone(Op, 0, 1, 0, Errno.None) { RestoreKey = key.ToString() };
    }

    TreeStep ITreeVisitor.Plan(TreeNode directory) => TreeStep.Descend;

    /// <summary>A directory below the top that has its own word about the bin goes there as a tree of its own.</summary>
    void ITreeVisitor.Enter(TreeNode directory)
    {
        Begin(directory);
        if (request.IsForced || directory.Parent is null) return;
        var (takes, wrong) = RecycleBin.Takes(Policy, Bin, RealPathOf(directory), directory.Self!);
        directory.IsClosed = takes || wrong is not null;
        if (takes) _toRecycle.Enqueue(directory);
        if (wrong is null) return;
        Fail(directory, wrong with { Text = $"{directory.Path}: {wrong.Text}" });
        End(directory);
    }

    void ITreeVisitor.File(TreeNode directory, FileEntry file)
    {
        directory.Pending++;
        _weave.Begin(RemoveFile(directory, file.Name));
    }

    void ITreeVisitor.Leave(TreeNode directory)
    {
        if (!directory.IsClosed) _weave.Begin(RemoveDirectory(directory));
    }

    void ITreeVisitor.Fail(TreeNode directory, Refusal why)
    {
        directory.HasFailed = true;
        _report.Fail(directory.Path, why.Why, $"{directory.Path}: {why.Text}");
    }

    IEnumerable<Step>? ITreeVisitor.Pause() => _toRecycle.Count > 0 ? RecycleBelow() : _weave.Open < Facts.Settings.WalkWidth ? _report.Due() : Wait();

    /// <summary>Trees below the top go to the bin one after the other, when nothing else is under way.</summary>
    private IEnumerable<Step> RecycleBelow()
    {
        foreach (var step in _weave.Until(() => _weave.Open == 0)) yield return step;
        while (_toRecycle.TryDequeue(out var directory))
        {
            var (above, entry) = (directory.Parent!, directory.Entry!);
            var found = new DirectoryProtocol.Found(above.Id, default, above.Self!, default, entry, null);
            var self = new DirectoryProtocol.Found(directory.Id, default, directory.Self!, directory.Counts, null, null) { Tree = directory.Tree };
            Learn(above.Id, entry);
            foreach (var step in RecycleTree(RealPathOf(directory), found, entry, self, directory.Self!.Owner, FreshCall, _ => _report.Directories++)) yield return step;
            if (Answer is Refused refused) Fail(directory, new Refusal(refused.Why, refused.Text));
            else if (Answer is not Done) Fail(directory, new Refusal(Errno.TryAgain, $"{directory.Path}: the recycle bin does not answer"));
            End(directory);
        }
    }

    private EosPath RealPathOf(TreeNode directory) =>
        directory.Path[_names.Shown.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(_names.Real, (path, name) => path.Child(name));

    private IEnumerable<Step> Wait()
    {
        foreach (var step in _weave.Until(() => _weave.Open < Facts.Settings.WalkWidth)) yield return step;
        if (_report.Due() is { } due)
            foreach (var step in due) yield return step;
    }

    /// <summary>Whoever is above waits for it.</summary>
    private static void Begin(TreeNode directory)
    {
        if (directory.Parent is { } parent) parent.Pending++;
    }

    private static void End(TreeNode directory)
    {
        if (directory.Parent is not { } parent) return;
        parent.Pending--;
        parent.HasFailed |= directory.HasFailed;
    }

    private IEnumerable<Step> RemoveFile(TreeNode directory, string name)
    {
        var question = Question.Of(new DirectoryProtocol.RemoveFile(directory.Id, FreshCall, name));
        yield return new Step.AskAll([question]);
        directory.Pending--;
        if (question.Answer is DirectoryProtocol.Done) _report.Files++;
        else if (question.Answer is DirectoryProtocol.Refused { Why: not Errno.NoEntry }) Fail(directory, RefusalOf(question.Answer, directory.PathOf(name)));
    }

    private IEnumerable<Step> RemoveDirectory(TreeNode directory)
    {
        yield return new Step.Await(() => directory.Pending == 0);
        if (!directory.HasFailed)
        {
            var (above, entry, call) = directory is { Parent.Self: { } self, Entry: { } child } ? (self, child, FreshCall) : (_above, _top, Call);
            foreach (var step in Remove(directory.Path, above, entry, call, refusal =>
            {
                if (refusal is null) _report.Directories++;
                else if (refusal.Why != Errno.NoEntry) Fail(directory, refusal);
            })) yield return step;
        }
        End(directory);
    }

    private void Fail(TreeNode directory, Refusal refusal)
    {
        directory.HasFailed = true;
        _report.Fail(directory.Path, refusal.Why, refusal.Text);
    }
}
