using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// A change of what entries are, in a whole tree: of each directory after what is in it, so that it can be read until then, and side by side. What may not be changed is told,
/// the rest goes on. Safe to repeat.
/// </summary>
public sealed class OwnershipTree(IOwnershipRequest request, OwnershipCommands.Make make, RoutineFacts facts, Func<DirectoryProtocol.Call> call) : ITreeVisitor
{
    private readonly Weave _weave = new();
    private TreeReport? _report;

    /// <inheritdoc cref="TreeWalk.Learn"/>
    public Func<DirectoryRecord, IEnumerable<Step>?> Learn { get; init; } = _ => null;

    public TreeDone Done => Report.Done;

    private TreeReport Report => _report ??= new TreeReport(request.Head.Op, _weave, facts);

    /// <summary>A directory and all below.</summary>
    public IEnumerable<Step> Run(string path, DirectoryId directory)
    {
        foreach (var step in new TreeWalk(_weave, this, () => call().Caller, facts) { Learn = Learn }.Run([new TreeNode(path, 0, directory, null, null)])) yield return step;
        foreach (var step in Report.Send()) yield return step;
    }

    /// <summary>A file alone.</summary>
    public IEnumerable<Step> Run(DirectoryId parent, FileEntry file)
    {
        _weave.Begin(Change(parent, file.Name, request.Path));
        foreach (var step in _weave.UntilDone()) yield return step;
        foreach (var step in Report.Send()) yield return step;
    }

    public TreeStep Plan(TreeNode directory) => TreeStep.Descend;

    public void Enter(TreeNode directory)
    {
    }

    /// <summary>Only owners are changed of files, and of links only if they themselves are meant.</summary>
    public void File(TreeNode directory, FileEntry file)
    {
        if (request is ChangeOwner && (request.OfLink || !file.File.IsLink)) _weave.Begin(Change(directory.Id, file.Name, directory.PathOf(file.Name)));
    }

    public void Leave(TreeNode directory) => _weave.Begin(Change(directory.Id, "", directory.Path));

    public void Fail(TreeNode directory, Refusal why) => Report.Fail(directory.Path, why.Why, $"{directory.Path}: {why.Text}");

    public IEnumerable<Step>? Pause() => _weave.Open < facts.Settings.WalkWidth ? Report.Due() : Wait();

    private IEnumerable<Step> Wait()
    {
        foreach (var step in _weave.Until(() => _weave.Open < facts.Settings.WalkWidth)) yield return step;
        if (Report.Due() is { } due)
            foreach (var step in due) yield return step;
    }

    private IEnumerable<Step> Change(DirectoryId directory, string name, string path)
    {
        var question = Question.Of(make(directory, call(), name));
        yield return new Step.AskAll([question]);
        if (name.Length == 0) facts.Cache.Forget(directory);
        switch (question.Answer)
        {
            case DirectoryProtocol.Done when name.Length == 0: Report.Directories++; break;
            case DirectoryProtocol.Done: Report.Files++; break;
            case DirectoryProtocol.Refused { Why: not (Errno.NoEntry or Errno.NoData) } refused: Report.Fail(path, refused.Why, $"{path}: {refused.Text}"); break;
        }
    }
}
