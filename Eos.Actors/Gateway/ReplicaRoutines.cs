using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Scheduling;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What the verbs about replicas have in common: the file, as root, and a capability that tells filesystems what its bytes are and where.</summary>
public abstract class ReplicaRoutine(Head head, VirtualIdentity who, RoutineFacts facts) : LookRoutine(head, who, facts)
{
    /// <summary>Sets <see cref="LookRoutine.File"/>, or refuses.</summary>
    protected IEnumerable<Step> FindFile(EosPath path)
    {
        if (!Who.IsRoot)
        {
            Refuse(Errno.NotPermitted, $"{path}: only root arranges replicas");
            yield break;
        }
        foreach (var step in Find(path)) yield return step;
        if (Directory is not null) Refuse(Errno.IsADirectory, $"{path}: is a directory");
    }

    /// <summary>The places of the file that serve now, the best first.</summary>
    protected ImmutableArray<FsId> Serving(FileRecord file) =>
        Access.Order(ViewRules.Holders(Facts.View(), file.Content.Locations, Facts.Now, Facts.Settings.OfflineAfter), Facts.Settings.Geotag, Facts.Turn);

    protected string Capability(EosPath path, DirectoryId parent, FileRecord file, ImmutableArray<FsId> serving) => Facts.Sign(new Capability(
        CapabilityOperation.Read,
        file.Open,
        file.Id,
        parent,
        path.ToString(),
        ViewRules.Places(Facts.View(), serving),
        new CapabilityContent(file.Content.Layout, file.Content.Checksum, file.Content.Size, 0, Facts.Settings.MaxFileSize, 0),
        new CapabilityGrant(file.Owner.Uid, file.Owner.Gid, Facts.Now + Facts.Settings.CapabilityLife)));

    /// <summary>Why the second filesystem can't fetch the file's bytes from the first; null: it can.</summary>
    protected Refusal? WhyNot(FileRecord file, FsId source, FsId target)
    {
        var there = ViewRules.Candidates(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter).FirstOrDefault(c => c.Fs == target);
        return !file.Content.Locations.Contains(source) ? new Refusal(Errno.NoEntry, $"no replica on filesystem {source}")
            : file.Content.Locations.Contains(target) ? new Refusal(Errno.Exists, $"filesystem {target} has a replica")
            : !Serving(file).Contains(source) ? new Refusal(Errno.NetworkUnreachable, $"filesystem {source} does not serve")
            : there is null ? new Refusal(Errno.NoEntry, $"there is no filesystem {target}")
            : !there.Writable ? new Refusal(Errno.ReadOnly, $"filesystem {target} takes nothing now")
            : there.Usable <= file.Content.Size ? new Refusal(Errno.NoSpace, $"filesystem {target} has no room for {file.Content.Size} bytes")
            : null;
    }
}

/// <summary>`file adjustreplica`. Replicas that serve are looked at too: one whose bytes are gone is made anew by its filesystem.</summary>
public sealed class AdjustRoutine(AdjustReplicas request, VirtualIdentity who, RoutineFacts facts) : ReplicaRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in FindFile(path)) yield return step;
        if (File is not { } found) yield break;
        var (file, content) = (found.File.File, found.File.File.Content);
        var serving = Serving(file);
        var wanted = new AdjustmentRequest(content.Locations, serving, content.Layout.Stripes, content.Size, Facts.Turn) { KeepsAll = request.KeepsAll };
        var candidates = ViewRules.Candidates(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter).Select(c => c with { Writable = c.Writable && !request.Excluded.Contains(c.Fs) });
        var (plan, refusal) = Adjustment.Plan(wanted, [.. candidates]);
        if (refusal is not null)
        {
            Refuse(refusal with { Text = $"{path}: {refusal.Text}" });
            yield break;
        }

        var text = Capability(path, found.Parent, file, serving);
        var kept = serving.Except(plan.Drops);
        yield return new Step.Order(
        [
            .. plan.Restorations.Select(r => new FstProtocol.RestoreReplica(r.Target, text, r.Replaces)),
            .. kept.Select(fs => new FstProtocol.VerifyReplica(fs, text, Whole: false)),
        ]);
        yield return new Step.AskAll([.. plan.Drops.Select(fs => Question.Of(new DirectoryProtocol.DropReplica(found.Parent, FreshCall, found.File.Name, fs)))]);
        Answer = new Arranged(
            Op,
            [
                .. plan.Restorations.Select(r => new ReplicaWork(ReplicaDeed.Make, r.Target, serving[0])),
                .. plan.Drops.Select(fs => new ReplicaWork(ReplicaDeed.Drop, fs, null)),
            ]);
    }
}

/// <summary>`file verify`.</summary>
public sealed class VerifyRoutine(VerifyReplicas request, VirtualIdentity who, RoutineFacts facts) : ReplicaRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in FindFile(path)) yield return step;
        if (File is not { } found) yield break;
        var serving = Serving(found.File.File);
        var asked = serving.Where(fs => request.Fs is null || fs == request.Fs).ToImmutableArray();
        if (asked.IsEmpty)
        {
            Refuse(Errno.NoEntry, request.Fs is { } fs ? $"{path}: no replica on filesystem {fs} is online" : $"{path}: no replica is online");
            yield break;
        }

        if (request.Corrects != 0) asked = [asked[0]];   // several could say several things
        var text = Capability(path, found.Parent, found.File.File, serving);
        yield return new Step.Order([.. asked.Select(fs => new FstProtocol.VerifyReplica(fs, text, Whole: !request.Glance) { Corrects = request.Corrects, Rate = request.Rate })]);
        Answer = new Arranged(Op, [.. asked.Select(fs => new ReplicaWork(ReplicaDeed.Verify, fs, null))]);
    }
}

/// <summary>`file replicate` and `file move`: the filesystem that is to have the replica fetches it, and tells the directory.</summary>
public sealed class CopyReplicaRoutine(CopyReplica request, VirtualIdentity who, RoutineFacts facts) : ReplicaRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in FindFile(path)) yield return step;
        if (File is not { } found) yield break;
        var (file, source, target) = (found.File.File, request.Source, request.Target);
        if (WhyNot(file, source, target) is { } refusal)
        {
            Refuse(refusal, path);
            yield break;
        }
        yield return new Step.Order([new FstProtocol.RestoreReplica(target, Capability(path, found.Parent, file, [source]), request.Moves ? source : null)]);
        Answer = new Arranged(Op, [new ReplicaWork(request.Moves ? ReplicaDeed.Move : ReplicaDeed.Make, target, source)]);
    }
}

/// <summary>`file layout`.</summary>
public sealed class LayoutRoutine(ChangeLayout request, VirtualIdentity who, RoutineFacts facts) : ReplicaRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in FindFile(path)) yield return step;
        if (File is not { } found) yield break;
        var (layout, refusal) = Wanted(found.File.File.Content.Layout);
        if (refusal is not null)
        {
            Refuse(refusal, path);
            yield break;
        }
        var question = Question.Of(new DirectoryProtocol.SetLayout(found.Parent, Call, found.File.Name, found.File.File.Id, layout));
        foreach (var step in Ask(question)) yield return step;
        if (question.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(question.Answer, path);
    }

    private (LayoutId Layout, Refusal? Refusal) Wanted(LayoutId now)
    {
        var (type, stripes) = (request.Type?.Type ?? now.Type, request.Stripes ?? request.Type?.Stripes ?? now.Stripes);
        if (type is not (LayoutType.Plain or LayoutType.Replica)) return (now, new Refusal(Errno.NotSupported, $"layout '{(request.Type ?? now).TypeName}' is not supported: plain and replica are"));
        if (stripes is < 1 or > LayoutPolicy.MaxStripes) return (now, new Refusal(Errno.Invalid, $"{stripes} stripes: 1 to {LayoutPolicy.MaxStripes}"));
        return type == LayoutType.Plain && stripes > 1
            ? (now, new Refusal(Errno.Invalid, "a plain file has one stripe"))
            : (LayoutId.Of(type, stripes, request.Checksum ?? now.Checksum, (int)((request.Type ?? now).Value >> 16 & 0xf)), null);
    }
}

/// <summary>`file drop`.</summary>
public sealed class DropReplicaRoutine(DropReplica request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path) yield break;
        foreach (var step in Change(path.Parent, new Place(), path, d => Question.Of(new DirectoryProtocol.DropReplica(d, Call, path.Name, request.Fs)))) yield return step;
    }
}
