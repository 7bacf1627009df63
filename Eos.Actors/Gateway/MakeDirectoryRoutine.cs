using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`mkdir` and `mkdir -p`: the parent's entry is the moment it happens, then the child is begun.</summary>
public sealed class MakeDirectoryRoutine(MakeDirectory request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.IsRoot)
        {
            if (request.Parents) Answer = new Done(Op);
            else Refuse(Errno.Exists, "/: file exists");
            yield break;
        }
        for (var depth = request.Parents ? 1 : path.Names.Length; depth <= path.Names.Length; depth++)
        {
            var target = depth == path.Names.Length ? path : Prefix(path, depth);
            foreach (var step in MakeOne(target, isLast: depth == path.Names.Length)) yield return step;
            if (Answer is Refused) yield break;
        }
    }

    private IEnumerable<Step> MakeOne(EosPath path, bool isLast)
    {
        var place = new Place();
        if (request.Parents)
        {
            var existing = new Place();
            foreach (var step in Resolve(path, existing)) yield return step;
            if (existing.Directory is not null)
            {
                Answer = new Done(Op);
                yield break;
            }
            if (existing.Refusal!.Why != Errno.NoEntry)
            {
                Refuse(existing.Refusal);
                yield break;
            }
        }

        yield return new Step.TakeNumber(IdProtocol.Counter.Directory);
        var child = new DirectoryId(Number);
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, MakeChild, q => asked = q)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }

        switch (asked?.Answer)
        {
            case DirectoryProtocol.ChildMade made:
                Learn(made.Directory, new ChildEntry(path.Name, made.Seed));
                foreach (var step in Ask(Question.Of(new DirectoryProtocol.Begin(made.Seed.Id, FreshCall, made.Seed)))) yield return step;
                Answer = new Done(Op);
                break;
            case DirectoryProtocol.Refused { Why: Errno.Exists } when request.Parents: // somebody else was faster
                Answer = new Done(Op);
                break;
            case var other:
                Refuse(other, path);
                break;
        }

        Question MakeChild(DirectoryId parent) =>
            Question.Of(new DirectoryProtocol.MakeChild(parent, Call, path.Name, child, isLast ? request.Mode : null));
    }

    private static EosPath Prefix(EosPath path, int depth)
    {
        while (path.Names.Length > depth) path = path.Parent;
        return path;
    }
}
