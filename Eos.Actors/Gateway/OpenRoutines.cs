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
        var place = new Place();
        foreach (var step in Know(path.Parent, place)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }
        var (choice, chosen, refusal) = Choose(place.Record!);
        if (refusal is not null)
        {
            if (choice.Stripes > 1 && Facts.IsLearning && refusal.Why is Errno.NoSpace or Errno.NoNetwork) Answer = new Unknown(Op, $"{path}: {refusal.Text} yet");
            else Refuse(refusal with { Text = $"{path}: {refusal.Text}" });
            yield break;
        }

        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        var plan = new DirectoryProtocol.OpenPlan(new FileId(Number), choice.Layout, chosen, request.Size);
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Question.Of(new DirectoryProtocol.OpenFile(d, Call, path.Name, request.Overwrite, plan)), q => asked = q))
            yield return step;

        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.FileOpened opened) Answer = Send(path, opened);
        else Refuse(asked?.Answer, path);
    }

    /// <summary>How the directory wants its files stored, and filesystems for it.</summary>
    private (LayoutChoice Choice, ImmutableArray<FsId> Chosen, Refusal? Refusal) Choose(DirectoryRecord directory)
    {
        var (choice, bad) = LayoutPolicy.Of(Facts.Settings.Usual, request.Checksum, directory.Attributes);
        if (bad is not null) return (choice, [], bad);
        var wanted = new PlacementRequest(choice.Space, choice.Stripes, request.Size ?? 0, Facts.Turn) { Excluded = request.Excluded };
        var (chosen, refusal) = Placement.Choose(wanted, ViewRules.Candidates(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter));
        return (choice, chosen, refusal);
    }

    private IFinal Send(EosPath path, DirectoryProtocol.FileOpened opened)
    {
        var plan = opened.Open.Plan;
        var places = ViewRules.Places(Facts.View(), plan.Locations);
        if (places.Length < plan.Locations.Length)
            return new Refused(Op, Errno.NetworkUnreachable, $"{path}: a filesystem that was chosen is not known any more");
        var capability = new Capability(
            CapabilityOperation.Write,
            opened.Open.Id,
            plan.File,
            opened.Directory,
            path.ToString(),
            places,
            new CapabilityContent(plan.Layout, new Checksum(plan.Layout.Checksum, ""), plan.Size, 0, Facts.Settings.MaxFileSize, plan.Size ?? 0),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife));
        return new Redirect(Op, places[0].Host, places[0].Port, path.ToString(), Facts.Sign(capability), plan.File, opened.Open.Id, 0)
        {
            Locations = plan.Locations,
        };
    }
}

/// <summary>Opening for reading: the right to read is the directory's; the nearest replica that is online serves, the others stand behind it.</summary>
public sealed class OpenReadRoutine(OpenRead request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path) yield break;
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name), q => asked = q)) yield return step;

        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is not DirectoryProtocol.Found found) Refuse(asked?.Answer, path);
        else if (AccessRules.Check(Caller, found.Self, Intent.Read, found.Entry) is { } denied) Refuse(denied, path);
        else if (found.Entry is ChildEntry) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else if (found.Entry is FileEntry file) Answer = Send(path, found.Directory, file.File);
        else Refuse(Errno.NoEntry, $"{path}: no such file or directory");
    }

    private IFinal Send(EosPath path, DirectoryId directory, FileRecord file)
    {
        var holders = ViewRules.Holders(Facts.View(), file.Content.Locations, Facts.Now, Facts.Settings.OfflineAfter).Where(h => !request.Excluded.Contains(h.Fs));
        var places = ViewRules.Places(Facts.View(), Access.Order(holders, Facts.Settings.Geotag, Facts.Turn));
        if (file.Content.Locations.IsEmpty) return new Refused(Op, Errno.NoDevice, $"{path}: has no replica");
        if (places.IsEmpty && Facts.IsLearning && file.Content.Locations.Any(fs => !request.Excluded.Contains(fs) && !Facts.View().Filesystems.ContainsKey(fs)))
            return new Unknown(Op, $"{path}: the filesystems that have it are not known yet");
        if (places.IsEmpty)
            return new Refused(Op, Errno.NetworkUnreachable, $"{path}: all replicas are offline" + (request.Excluded.IsEmpty ? "" : " or excluded"));

        var capability = new Capability(
            CapabilityOperation.Read,
            file.Open,
            file.Id,
            directory,
            path.ToString(),
            places,
            new CapabilityContent(file.Content.Layout, file.Content.Checksum, file.Content.Size, 0, Facts.Settings.MaxFileSize, 0),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife));
        return new Redirect(Op, places[0].Host, places[0].Port, path.ToString(), Facts.Sign(capability), file.Id, file.Open, file.Content.Size)
        {
            Locations = capability.Locations,
        };
    }
}
