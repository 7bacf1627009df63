using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Scheduling;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`ln` and `file symlink`.</summary>
public sealed class MakeLinkRoutine(MakeLink request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        var target = request.Target;
        if (EntryNumber.IsOne(target))
        {
            if (Parse(target) is not { } found) yield break;
            target = found.ToString();
        }
        if (path.IsRoot)
        {
            Refuse(Errno.Exists, "/: file exists");
            yield break;
        }
        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        var file = new FileId(Number);
        foreach (var step in Change(path.Parent, new Place(), path, d => Question.Of(new DirectoryProtocol.MakeLink(d, Call, path.Name, file, target, request.Replace))))
            yield return step;
    }
}

/// <summary>`touch`. Symbolic links are followed.</summary>
public sealed class TouchRoutine(TouchFile request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path) yield break;
        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        foreach (var step in TouchAt(path, new Place(), new FileId(Number))) yield return step;
    }

    private IEnumerable<Step> TouchAt(EosPath path, Place place, FileId file)
    {
        foreach (var step in Know(path.Parent, place)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }
        var (choice, bad) = LayoutPolicy.Of(new LayoutQuestion(
            Facts.Settings.Usual, RequestOptions.None, place.Record!.Attributes, ViewRules.SpaceFacts(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter), Who.IsSudoer));
        if (bad is not null)
        {
            Refuse(bad, path);
            yield break;
        }
        foreach (var step in AskQuotaForNew(place, path, choice.Space)) yield return step;
        if (place.Refusal is { } exceeded)
        {
            Refuse(exceeded, path);
            yield break;
        }
        var layout = (request.Placed ? choice : choice with { Type = LayoutType.Plain, Stripes = 1 }).Layout;
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Question.Of(new DirectoryProtocol.TouchFile(d, Call, path.Name, file, layout, request.Truncate)), q => asked = q))
            yield return step;

        if (place.Refusal is null && asked?.Answer is DirectoryProtocol.LinkMet met) Follow(place, path.Name, met.Target);
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else if (asked?.Answer is not DirectoryProtocol.LinkMet) Refuse(asked?.Answer, path);
        else if (place.Path.IsRoot) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else foreach (var step in TouchAt(place.Path, place, file)) yield return step;
    }

    /// <summary>A file that is there is touched without quota.</summary>
    private IEnumerable<Step> AskQuotaForNew(Place place, EosPath path, string space)
    {
        foreach (var step in AskQuota(place, space, 0, path.Name, false, _ => { })) yield return step;
        if (place is not { Refusal: { } exceeded, Directory: { } directory }) yield break;
        var look = Look(directory, path.Name);
        foreach (var step in Ask(look)) yield return step;
        place.Refusal = look.Answer is DirectoryProtocol.Found { Entry: not null } ? null : exceeded;
    }
}

/// <summary>`file tag`.</summary>
public sealed class TagPlaceRoutine(TagPlace request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path) yield break;
        foreach (var step in Change(path.Parent, new Place(), path, d => Question.Of(new DirectoryProtocol.TagPlace(d, Call, path.Name, request.Fs, request.Tag)))) yield return step;
    }
}
