using Eos.Identity;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`attr set` and `attr rm`, of directories.</summary>
public sealed class AttributesRoutine(ChangeAttributes request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        var place = new Place();
        foreach (var step in Change(path, place, path, d => Question.Of(new DirectoryProtocol.SetAttributes(d, Call, "", request.Set, request.Removed.Length == 0 ? [] : [request.Removed], request.OnlyNew))))
            yield return step;
        if (place.Directory is { } directory) Facts.Cache.Forget(directory);
    }
}
