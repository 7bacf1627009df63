using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`fs clone`: the other filesystem fetches what this one has and it has not. Safe to repeat: `fs compare` says what is left.</summary>
internal sealed class FsCloneRoutine(Administer request, FsId source, FsId target, VirtualIdentity who, RoutineFacts facts) : FsRowsRoutine(request, source, who, facts)
{
    protected override IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast)
    {
        var orders = ImmutableArray.CreateBuilder<FstProtocol.IOrder>();
        foreach (var file in files)
        {
            if (file.Record is not { } record || EosPath.Parse(file.Path).Path is not { } path || record.Content.Locations.Contains(target)) continue;
            if (WhyNot(record, Fs, target) is { } refusal) Lines.Add($"error: {file.Path}: {refusal.Text}");
            else
            {
                orders.Add(new FstProtocol.RestoreReplica(target, Capability(path, file.Parent, record, [Fs]), null));
                Lines.Add($"success: scheduled replication from source fs={Fs} => target fs={target} path={file.Path}");
            }
        }
        if (orders.Count > 0) yield return new Step.Order(orders.ToImmutable());
    }
}

/// <summary>
/// `fs dropfiles`: every replica of the filesystem is given up, as `file drop` does; the last one of a file stays, and is told. Forced: the namespace forgets them at once, also
/// the last ones, and their bytes stay where they are.
/// </summary>
internal sealed class FsDropFilesRoutine(Administer request, FsId fs, bool isForced, VirtualIdentity who, RoutineFacts facts) : FsRowsRoutine(request, fs, who, facts)
{
    protected override IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast)
    {
        var drops = files.Where(f => f.Record is not null).Select(f => (f.Path, Question: Question.Of(Drop(f)))).ToList();
        if (drops.Count > 0) yield return new Step.AskAll([.. drops.Select(d => d.Question)]);
        Lines.AddRange(drops.Select(d => d.Question.Answer is DirectoryProtocol.Done ? $"success: dropped stripe on fs={Fs} path={d.Path}" : $"error: {RefusalOf(d.Question.Answer, d.Path).Text}"));
    }

    private DirectoryProtocol.ICommand Drop(FsFile file) => isForced
        ? new DirectoryProtocol.TagPlace(file.Parent, FreshCall, file.Name, Fs, DirectoryProtocol.PlaceTag.Remove)
        : new DirectoryProtocol.DropReplica(file.Parent, FreshCall, file.Name, Fs);
}

/// <summary>`fs dropghosts`: rows of the index without a file are taken away by the directory whose rows they are; it knows best whether they are ghosts.</summary>
/// <param name="only">Only these files; empty: all.</param>
internal sealed class FsDropGhostsRoutine(Administer request, FsId fs, ImmutableHashSet<FileId> only, VirtualIdentity who, RoutineFacts facts) : FsRowsRoutine(request, fs, who, facts)
{
    protected override IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast)
    {
        var ghosts = files.Where(f => f.Record is null && (only.IsEmpty || only.Contains(f.Id))).GroupBy(f => f.Parent)
            .Select(g => (Files: g.Select(f => f.Id).ToImmutableArray(), Question: Question.Of(new DirectoryProtocol.DropGhosts(g.Key, FreshCall, Fs, [.. g.Select(f => f.Id)])))).ToList();
        if (ghosts.Count > 0) yield return new Step.AskAll([.. ghosts.Select(g => g.Question)]);
        foreach (var (some, question) in ghosts)
            Lines.AddRange(some.Select(f => question.Answer is DirectoryProtocol.Done
                ? $"success: dropped ghost entry fxid={f} from fs={Fs}"
                : $"error: {RefusalOf(question.Answer, $"fxid={f}").Text}"));
    }
}

/// <summary>`fs boot --syncmgm`: the filesystem looks whether it has every replica that the namespace says it has; a missing one is made from others.</summary>
internal sealed class FsResyncRoutine(Administer request, FstProtocol.FsIdentity fs, VirtualIdentity who, RoutineFacts facts) : FsRowsRoutine(request, fs.Id, who, facts)
{
    protected override IEnumerable<Step> Treat(IReadOnlyList<FsFile> files, bool isLast)
    {
        var orders = ImmutableArray.CreateBuilder<FstProtocol.IOrder>();
        if (Request.From == 0)
        {
            orders.Add(new FstProtocol.OrderBoot(Fs));
            Lines.Add(FsBootRoutine.Line(fs));
        }
        foreach (var file in files)
            if (file.Record is { } record && EosPath.Parse(file.Path).Path is { } path)
                orders.Add(new FstProtocol.VerifyReplica(Fs, Capability(path, file.Parent, record, [Fs, .. Serving(record).Remove(Fs)]), Whole: false));
        if (orders.Count > 0) yield return new Step.Order(orders.ToImmutable());
    }
}
