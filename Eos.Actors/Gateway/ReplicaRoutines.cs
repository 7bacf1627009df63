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
        var (plan, refusal) = Adjustment.Plan(wanted, ViewRules.Candidates(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter));
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

        var text = Capability(path, found.Parent, found.File.File, serving);
        yield return new Step.Order([.. asked.Select(fs => new FstProtocol.VerifyReplica(fs, text, Whole: true))]);
        Answer = new Arranged(Op, [.. asked.Select(fs => new ReplicaWork(ReplicaDeed.Verify, fs, null))]);
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
