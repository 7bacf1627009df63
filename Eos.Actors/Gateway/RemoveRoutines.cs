using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`rm`: one file with its versions; where the recycle bin takes it, it lives on there. Of one that was removed before the replicas are told to go again.</summary>
public sealed class RemoveFileRoutine(RemoveFile request, VirtualIdentity who, RoutineFacts facts) : RecycleRoutine(request.Head, who, facts)
{
    protected override bool TakesDetached => true;

    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path)
        {
            if (Detached is { } removed)
                foreach (var step in Drop(removed.Keeper, removed.File.File.Id)) yield return step;
            yield break;
        }
        var home = new Place();
        foreach (var step in Know(path.Parent, home)) yield return step;
        if (home.Refusal is not null) Refuse(home.Refusal);
        else if (request.IsForced && !Who.IsRoot) Refuse(Errno.NotPermitted, $"{path}: only root passes by the recycle bin");
        if (Answer is Refused) yield break;
        var real = home.Path.Child(path.Name);
        var (takes, wrong) = request.IsForced ? (false, null) : RecycleBin.Takes(Policy, Bin, real, home.Record!);
        if (wrong is not null) Refuse(wrong, path);
        else
            foreach (var step in takes ? Recycle(path, real) : Remove(path)) yield return step;
    }

    private IEnumerable<Step> Drop(DirectoryId keeper, FileId file)
    {
        var question = Question.Of(new DirectoryProtocol.DropDetached(keeper, Call, file, request.IsForced));
        foreach (var step in Ask(question)) yield return step;
        if (question.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(RefusalOf(question.Answer, request.Path));
    }

    /// <summary>Only one that has versions takes more than one question.</summary>
    private IEnumerable<Step> Remove(EosPath path)
    {
        foreach (var step in Change(path.Parent, new Place(), path, Order)) yield return step;
        if (Answer is not Refused { Why: Errno.NotEmpty }) yield break;
        var purge = new PurgeVersionsRoutine(request.Head with { Op = Facts.NewOp() }, path.Parent.Child(HiddenNames.VersionsOf(path.Name)), 0, Who, Facts);
        foreach (var step in Within(purge)) yield return step;
        if (purge.Answer is Refused refused) Refuse(refused.Why, refused.Text);
        else
            foreach (var step in Change(path.Parent, new Place(), path, Order)) yield return step;

        Question Order(DirectoryId d) => Question.Of(new DirectoryProtocol.RemoveFile(d, Call, path.Name) { IsAlone = true });
    }

    private IEnumerable<Step> Recycle(EosPath path, EosPath real)
    {
        var (place, asked) = (new Place(), default(Question));
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, Op), q => asked = q)) yield return step;
        switch (asked?.Answer)
        {
            case var _ when place.Refusal is not null: Refuse(place.Refusal); break;
            case DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }: Answer = new Done(Op); break;
            case DirectoryProtocol.Found { Entry: ChildEntry }: Refuse(Errno.IsADirectory, $"{path}: is a directory"); break;
            case DirectoryProtocol.Found { Entry: FileEntry file } found:
                var (versions, name) = (default(RecycleKey?), HiddenNames.VersionsOf(path.Name));
                var look = Look(found.Directory, name);
                foreach (var step in Ask(look)) yield return step;
                if (look.Answer is DirectoryProtocol.Found { Entry: ChildEntry child })
                {
                    Learn(found.Directory, child);
                    var self = Look(child.Id, "");
                    foreach (var step in Ask(self)) yield return step;
                    if (self.Answer is DirectoryProtocol.Found of)
                        foreach (var step in RecycleTree(real.Parent.Child(name), found, child, of, file.File.Owner, FreshCall, key => versions = key)) yield return step;
                    if (Answer is Refused) yield break;
                }
                foreach (var step in Recycle(real, found, file, Call, versions)) yield return step;
                break;
            case DirectoryProtocol.Found: Refuse(Errno.NoEntry, $"{path}: no such file or directory"); break;
            case var other: Refuse(other, path); break;
        }
    }
}

/// <summary>`rmdir`: seal the child, take its name away, bury it. Cut short anywhere, a repetition or the child itself completes or undoes it.</summary>
public sealed class RemoveDirectoryRoutine(RemoveDirectory request, VirtualIdentity who, RoutineFacts facts) : DirectoryRemoval(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.IsRoot)
        {
            Refuse(Errno.Busy, "/: can't be removed");
            yield break;
        }
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, Op), q => asked = q)) yield return step;

        switch (asked?.Answer)
        {
            case var _ when place.Refusal is not null: Refuse(place.Refusal); break;
            case DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }: Answer = new Done(Op); break;
            case DirectoryProtocol.Found { Entry: null }: Refuse(Errno.NoEntry, $"{path}: no such file or directory"); break;
            case DirectoryProtocol.Found { Entry: FileEntry }: Refuse(Errno.NotADirectory, $"{path}: is not a directory"); break;
            case DirectoryProtocol.Found { Entry: ChildEntry child } found:
                foreach (var step in Remove(path.ToString(), found.Self, child, Call, Decide)) yield return step;
                break;
            case var other: Refuse(other, path); break;
        }
    }
}

/// <summary>The three steps of removing an empty directory.</summary>
public abstract class DirectoryRemoval(Head head, VirtualIdentity who, RoutineFacts facts) : Routine(head, who, facts)
{
    /// <param name="take">Is told how it ended: null for a removal.</param>
    protected IEnumerable<Step> Remove(string path, DirectoryRecord parent, ChildEntry child, DirectoryProtocol.Call call, Action<Refusal?> take)
    {
        if (AccessRules.Check(Caller, parent, Intent.Delete, child) is { } denied)
        {
            take(denied with { Text = $"{path}: {denied.Text}" });
            yield break;
        }
        Learn(parent.Id, child);
        var seal = Question.Of(new DirectoryProtocol.Seal(child.Id, call));
        foreach (var step in Ask(seal)) yield return step;
        if (seal.Answer is not (DirectoryProtocol.Done or DirectoryProtocol.Gone))
        {
            take(RefusalOf(seal.Answer, path));
            yield break;
        }
        var unname = Question.Of(new DirectoryProtocol.RemoveChild(parent.Id, call, child.Name, child.Id));
        foreach (var step in Ask(unname)) yield return step;
        Facts.Cache.Forget(parent.Id, child.Name);
        Facts.Cache.Forget(child.Id);
        if (unname.Answer is not DirectoryProtocol.Done)
        {
            take(RefusalOf(unname.Answer, path));
            yield break;
        }
        foreach (var step in Ask(Question.Of(new DirectoryProtocol.Bury(child.Id, call)))) yield return step;
        take(null);
    }

    /// <summary>The answer that such an end is worth.</summary>
    protected void Decide(Refusal? refusal)
    {
        if (refusal is null) Answer = new Done(Op);
        else Refuse(refusal);
    }
}
