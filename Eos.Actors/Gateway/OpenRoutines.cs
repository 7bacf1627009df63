using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Scheduling;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>Opening for writing: a place is chosen, the directory stores the open, the client is sent to the head filesystem with a capability.</summary>
public sealed class OpenWriteRoutine(OpenWrite request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.IsRoot || request.Path.EndsWith('/'))
        {
            Refuse(Errno.IsADirectory, $"{request.Path}: is a directory");
            yield break;
        }
        if (request.Size > Facts.Settings.MaxFileSize)
        {
            Refuse(Errno.FileTooLarge, $"{path}: {request.Size} bytes, {Facts.Settings.MaxFileSize} are allowed");
            yield break;
        }
        var wanted = new PlacementRequest(Facts.Settings.Space, Facts.Settings.Replicas, request.Size ?? 0, Facts.Turn);
        var (chosen, refusal) = Placement.Choose(wanted, ViewRules.Candidates(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter));
        if (refusal is not null)
        {
            Refuse(refusal with { Text = $"{path}: {refusal.Text}" });
            yield break;
        }

        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        var layout = LayoutId.Of(Facts.Settings.Layout, Facts.Settings.Replicas, request.Checksum ?? Facts.Settings.Checksum);
        var plan = new DirectoryProtocol.OpenPlan(new FileId(Number), layout, chosen, request.Size);
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Question.Of(new DirectoryProtocol.OpenFile(d, Call, path.Name, request.Overwrite, plan)), q => asked = q))
            yield return step;

        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.FileOpened opened) Answer = Send(path, opened);
        else Refuse(asked?.Answer, path);
    }

    private IFinal Send(EosPath path, DirectoryProtocol.FileOpened opened)
    {
        var plan = opened.Open.Plan;
        if (!Facts.View().Filesystems.TryGetValue(plan.Locations[0], out var head))
            return new Refused(Op, Errno.NetworkUnreachable, $"{path}: filesystem {plan.Locations[0]} is not known any more");
        var capability = new Capability(
            CapabilityOperation.Write,
            opened.Open.Id,
            plan.File,
            opened.Directory,
            path.ToString(),
            plan.Locations,
            new CapabilityContent(plan.Layout, new Checksum(plan.Layout.Checksum, ""), plan.Size, 0, Facts.Settings.MaxFileSize, plan.Size ?? 0),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife));
        return new Redirect(
            Op, head.Report.Identity.Host, head.Report.Identity.Port, path.ToString(), Facts.Sign(capability), plan.File, opened.Open.Id, 0);
    }
}

/// <summary>Opening for reading: the right to read is the directory's; the first replica that is online serves.</summary>
public sealed class OpenReadRoutine(OpenRead request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.IsRoot)
        {
            Refuse(Errno.IsADirectory, "/: is a directory");
            yield break;
        }
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name), q => asked = q)) yield return step;

        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is not DirectoryProtocol.Found found) Refuse(asked?.Answer, path);
        else if (!May(found.Self, Who, Need.Enter | Need.Read)) Refuse(Errno.AccessDenied, $"{path}: no permission to read in the directory");
        else if (found.Entry is ChildEntry) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else if (found.Entry is FileEntry file) Answer = Send(path, found.Directory, file.File);
        else Refuse(Errno.NoEntry, $"{path}: no such file or directory");
    }

    private IFinal Send(EosPath path, DirectoryId directory, FileRecord file)
    {
        var online = ViewRules.Filesystems(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter)
            .Where(f => file.Content.Locations.Contains(f.Id) && ViewRules.IsReadable(f))
            .ToImmutableDictionary(f => f.Id);
        var order = file.Content.Locations.Where(online.ContainsKey).ToImmutableArray();
        if (file.Content.Locations.IsEmpty) return new Refused(Op, Errno.NoDevice, $"{path}: has no replica");
        if (order.IsEmpty) return new Refused(Op, Errno.NetworkUnreachable, $"{path}: all replicas are offline");

        var capability = new Capability(
            CapabilityOperation.Read,
            file.Open,
            file.Id,
            directory,
            path.ToString(),
            order,
            new CapabilityContent(file.Content.Layout, file.Content.Checksum, file.Content.Size, 0, Facts.Settings.MaxFileSize, 0),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife));
        var head = online[order[0]].Report.Identity;
        return new Redirect(Op, head.Host, head.Port, path.ToString(), Facts.Sign(capability), file.Id, file.Open, file.Content.Size);
    }
}
