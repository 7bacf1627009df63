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
public sealed class OpenWriteRoutine(OpenWrite request, VirtualIdentity who, RoutineFacts facts) : OpenRoutine(request.Head, who, facts)
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
        var (options, badOption) = RequestOptions.Parse(request.Options);
        if ((badOption ?? Contradiction(options)) is { } contradiction)
        {
            Refuse(contradiction, path);
            yield break;
        }
        var place = new Place();
        foreach (var step in OpenAt(path, place, options)) yield return step;
    }

    /// <summary>Through symbolic links to the file that they lead to; one that is not there is made.</summary>
    private IEnumerable<Step> OpenAt(EosPath path, Place place, RequestOptions options)
    {
        foreach (var step in KnowEffective(path.Parent, place)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }
        var (choice, chosen, refusal) = Choose(place.Record!, options);
        if (refusal is not null)
        {
            if (choice.Stripes > 1 && Facts.IsLearning && refusal.Why is Errno.NoSpace or Errno.NoNetwork) Answer = new Unknown(Op, $"{path}: {refusal.Text} yet");
            else Refuse(refusal with { Text = $"{path}: {refusal.Text}" });
            yield break;
        }

        var (booking, limit) = (Math.Max(request.Size ?? options.TargetSize ?? 0, choice.Booking), default(ulong?));
        var keep = Versions(place.Record!, options);
        foreach (var step in AskQuota(place, choice.Space, choice.Layout.PhysicalOf(booking), path.Name, request.Overwrite && keep <= 0, left => limit = choice.Layout.LogicalOf(left)))
            yield return step;
        if (place.Refusal is { } exceeded)
        {
            Refuse(exceeded, path);
            yield break;
        }

        var versions = default(DirectoryProtocol.VersionPlan);
        if (keep > 0)
        {
            yield return new Step.TakeNumber(IdProtocol.Counter.Directory);
            versions = new DirectoryProtocol.VersionPlan(new DirectoryId(Number), keep);
        }
        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        var plan = new DirectoryProtocol.OpenPlan(new FileId(Number), choice.Layout, chosen, request.Size ?? options.TargetSize)
        {
            Versions = versions,
            Booking = booking,
            Limit = limit,
        };
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Question.Of(new DirectoryProtocol.OpenFile(d, Call, path.Name, request.Overwrite, plan)), q => asked = q))
            yield return step;

        if (place.Refusal is null && asked?.Answer is DirectoryProtocol.LinkMet met) Follow(place, path.Name, met.Target);
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.FileOpened opened) Answer = Send(path, place.Record!, opened, choice, options);
        else if (asked?.Answer is not DirectoryProtocol.LinkMet) Refuse(asked?.Answer, path);
        else if (place.Path.IsRoot) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else foreach (var step in OpenAt(place.Path, place, options)) yield return step;
    }

    private Refusal? Contradiction(RequestOptions options) => options.TargetSize is { } target && request.Size is { } size && target != size
        ? new Refusal(Errno.Invalid, $"{target} bytes were announced by eos.targetsize, {size} come")
        : null;

    private static int Versions(DirectoryRecord directory, RequestOptions options) => options.Versions ?? VersionRules.Wanted(directory.Attributes);

    /// <summary>How client, space and directory want the file stored, and filesystems for it.</summary>
    private (LayoutChoice Choice, ImmutableArray<FsId> Chosen, Refusal? Refusal) Choose(DirectoryRecord directory, RequestOptions options)
    {
        if (request.Checksum is { } type) options = options with { Layout = options.Layout.SetItem("checksum", type.Name()) };
        var (view, now) = (Facts.View(), Facts.Now);
        var question = new LayoutQuestion(Facts.Settings.Usual, options, directory.Attributes, ViewRules.SpaceFacts(view, now, Facts.Settings.OfflineAfter), Who.IsSudoer);
        var (choice, bad) = LayoutPolicy.Of(question);
        if ((bad ?? OtherSum(options, choice)) is { } refusal) return (choice, [], refusal);
        var wanted = new PlacementRequest(choice.Space, choice.Stripes, Math.Max(request.Size ?? 0, choice.Booking), Facts.Turn)
        {
            Excluded = [.. request.Excluded, .. options.Excluded],
            Group = choice.Group,
            Policy = choice.Placement,
        };
        var (chosen, full) = Placement.Choose(wanted, ViewRules.Candidates(view, now, Facts.Settings.OfflineAfter));
        return (choice, chosen, full);
    }

    /// <summary>A checksum that the client says is compared with the file's own: it must be of that type.</summary>
    private static Refusal? OtherSum(RequestOptions options, LayoutChoice choice) =>
        options.ChecksumType is { } type && type != choice.Checksum ? new Refusal(Errno.Invalid, $"checksum type '{type.Name()}' is not the file's, which is {choice.Checksum.Name()}")
        : options.Checksum.Length > 0 && choice.Checksum == ChecksumType.None ? new Refusal(Errno.Invalid, "the file's layout has no checksum")
        : null;

    private IFinal Send(EosPath path, DirectoryRecord directory, DirectoryProtocol.FileOpened opened, LayoutChoice choice, RequestOptions options)
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
            new CapabilityContent(
                plan.Layout,
                new Checksum(plan.Layout.Checksum, options.Checksum),
                plan.Size,
                0,
                Math.Min(Facts.Settings.MaxFileSize, SizeRules.Largest(directory.Attributes)),
                Math.Max(plan.Size ?? 0, choice.Booking)),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife))
        {
            Pace = Pace(choice.Space, directory.Attributes, options, writes: true),
            Modified = options.Modified,
        };
        return new Redirect(Op, places[0].Host, places[0].Port, path.ToString(), Facts.Sign(capability), plan.File, opened.Open.Id, 0)
        {
            Locations = plan.Locations,
        };
    }
}

/// <summary>Opening for reading: the right to read is the directory's; the nearest replica that is online serves, the others stand behind it.</summary>
public sealed class OpenReadRoutine(OpenRead request, VirtualIdentity who, RoutineFacts facts) : OpenRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path) yield break;
        var (options, bad) = RequestOptions.Parse(request.Options);
        if (bad is not null)
        {
            Refuse(bad, path);
            yield break;
        }
        var place = new Place();
        Question? asked = null;
        foreach (var step in LookAt(path, place, follow: true, (q, _) => asked = q)) yield return step;

        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is not DirectoryProtocol.Found found) Refuse(asked?.Answer, path);
        else if (AccessRules.Check(Caller, found.Self, Intent.Read, found.Entry) is { } denied) Refuse(denied, path);
        else if (found.Entry is ChildEntry or FileEntry { File.IsLink: true }) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else if (found.Entry is FileEntry locked && LockRules.Against(locked.File, Who.Uid, Who.App, Facts.Now) is { } held) Refuse(held, path);
        else if (path.MustBeDirectory && found.Entry is not null) Refuse(Errno.NotADirectory, $"{path}: is not a directory");
        else if (found.Entry is FileEntry file)
        {
            Answer = Send(path, found.Self, file.File, options);
            if (Answer is Redirect && NoteAccess(found, file) is { } note) yield return note;
        }
        else Refuse(Errno.NoEntry, $"{path}: no such file or directory");
    }

    /// <summary>Has the time of access written down, where it is wanted and old; not while changes are stalled. Nobody waits for it, and it may be lost.</summary>
    private Step.Send? NoteAccess(DirectoryProtocol.Found found, FileEntry file)
    {
        var attributes = AttributeRules.Effective(Caller, found.Self);
        var space = SpaceAttributes.SpaceOf(attributes) is { Length: > 0 } named ? named : Facts.Settings.Usual.Space;
        var ofSpace = Facts.View().Configuration.SpaceKeys(space).GetValueOrDefault(AccessTimeRules.SpaceKey);
        if (AccessTimeRules.Resolution(attributes, ofSpace) is not { } resolution || !AccessTimeRules.IsDue(file.File, resolution, Facts.Now)) return null;
        var stalls = AccessBook.Of(Facts.Instance()).Stalls;
        if (stalls.ContainsKey("*") || stalls.ContainsKey("w:*")) return null;
        var op = Facts.NewOp();
        return new Step.Send([new Question(new DirectoryProtocol.NoteAccess(found.Directory, op, file.Name, file.File.Id, resolution), op)]);
    }

    private IFinal Send(EosPath path, DirectoryRecord directory, FileRecord file, RequestOptions options)
    {
        ImmutableArray<FsId> excluded = [.. request.Excluded, .. options.Excluded, .. file.Content.Locations.Where(fs => options.Forced is { } only && fs != only)];
        var holders = ViewRules.Holders(Facts.View(), file.Content.Locations, Facts.Now, Facts.Settings.OfflineAfter).Where(h => !excluded.Contains(h.Fs));
        var places = ViewRules.Places(Facts.View(), Access.Order(holders, Facts.Settings.Geotag, Facts.Turn));
        if (file.Content.Locations.IsEmpty) return new Refused(Op, Errno.NoDevice, $"{path}: has no replica");
        if (places.IsEmpty && Facts.IsLearning && file.Content.Locations.Any(fs => !excluded.Contains(fs) && !Facts.View().Filesystems.ContainsKey(fs)))
            return new Unknown(Op, $"{path}: the filesystems that have it are not known yet");
        if (places.IsEmpty)
            return new Refused(Op, Errno.NetworkUnreachable, $"{path}: all replicas are offline" + (excluded.IsEmpty ? "" : " or excluded"));

        var attributes = AttributeRules.Effective(Caller, directory);
        var capability = new Capability(
            CapabilityOperation.Read,
            file.Open,
            file.Id,
            directory.Id,
            path.ToString(),
            places,
            new CapabilityContent(file.Content.Layout, file.Content.Checksum, file.Content.Size, 0, Facts.Settings.MaxFileSize, 0),
            new CapabilityGrant(Who.Uid, Who.Gid, Facts.Now + Facts.Settings.CapabilityLife))
        {
            Pace = Pace(SpaceAttributes.SpaceOf(attributes) is { Length: > 0 } named ? named : options.Space ?? Facts.Settings.Usual.Space, attributes, options, writes: false),
        };
        return new Redirect(Op, places[0].Host, places[0].Port, path.ToString(), Facts.Sign(capability), file.Id, file.Open, file.Content.Size)
        {
            Locations = capability.Locations,
        };
    }
}
