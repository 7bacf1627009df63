using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `rm -r`: files and directories go side by side, a directory after what is in it. What can't be removed is told, and stays with all above it; the rest goes on.
/// Only the topmost removal carries the request's operation id, the others are safe to repeat.
/// </summary>
public sealed class RemoveTreeRoutine(RemoveTree request, VirtualIdentity who, RoutineFacts facts) : DirectoryRemoval(request.Head, who, facts), ITreeVisitor
{
    private readonly Weave _weave = new();
    private TreeReport _report = null!;
    private DirectoryRecord _above = null!;
    private ChildEntry _top = null!;

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
            case DirectoryProtocol.Found { Entry: FileEntry } found:
                var removal = Question.Of(new DirectoryProtocol.RemoveFile(found.Directory, Call, path.Name));
                foreach (var step in Ask(removal)) yield return step;
                if (removal.Answer is DirectoryProtocol.Done)
                {
                    _report.Files++;
                    Answer = _report.Done;
                }
                else Refuse(removal.Answer, path);
                break;
            case DirectoryProtocol.Found { Entry: ChildEntry child } found:
                (_above, _top) = (found.Self, child);
                foreach (var step in new TreeWalk(_weave, this, Caller, Facts).Run([new TreeNode(path.ToString(), 0, child.Id, null, null)])) yield return step;
                foreach (var step in _report.Send()) yield return step;
                Answer = _report.Done;
                break;
            case DirectoryProtocol.Found: Refuse(Errno.NoEntry, $"{path}: no such file or directory"); break;
            case var other: Refuse(other, path); break;
        }
    }

    TreeStep ITreeVisitor.Plan(TreeNode directory) => TreeStep.Descend;

    void ITreeVisitor.Enter(TreeNode directory) => Begin(directory);

    void ITreeVisitor.File(TreeNode directory, FileEntry file)
    {
        directory.Pending++;
        _weave.Begin(RemoveFile(directory, file.Name));
    }

    void ITreeVisitor.Leave(TreeNode directory) => _weave.Begin(RemoveDirectory(directory));

    void ITreeVisitor.Fail(TreeNode directory, Refusal why)
    {
        directory.HasFailed = true;
        _report.Fail(directory.Path, why.Why, $"{directory.Path}: {why.Text}");
    }

    IEnumerable<Step>? ITreeVisitor.Pause() => _weave.Open < Facts.Settings.WalkWidth ? _report.Due() : Wait();

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
