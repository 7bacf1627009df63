using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`file rename_with_symlink`: two steps, of which a repetition does what is left.</summary>
public sealed class RenameWithLinkRoutine(RenameWithLink request, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(request.Path) is not { } path || Parse(request.Target) is not { } directory) yield break;
        var (source, target, asked) = (new Place(), new Place(), default(Question));
        foreach (var step in LookAt(path, source, follow: false, (q, _) => asked = q, Op)) yield return step;
        if (source.Refusal is null) foreach (var step in Resolve(directory, target)) yield return step;
        if (source.Refusal is null && target.Refusal is null && asked!.Answer is DirectoryProtocol.Found found)
        {
            if (found is { Entry: null, Earlier: null }) Refuse(Errno.NoEntry, $"{path}: no such file or directory");
            else if (found.Entry is ChildEntry) Refuse(Errno.IsADirectory, $"{path}: is a directory");
            else if (source.Directory == target.Directory) Refuse(Errno.Invalid, $"{path}: is in {directory}");
        }
        else if ((source.Refusal ?? target.Refusal) is { } refusal) Refuse(refusal);
        else Refuse(asked?.Answer, path);
        if (Answer is Refused) yield break;

        foreach (var step in MoveEntry(new MoveOrder(path, source.Directory!.Value, path.Name, target.Directory!.Value, path.Name, Overwrite: false), Call)) yield return step;
        if (Answer is not Done) yield break;
        yield return new Step.TakeNumber(IdProtocol.Counter.File);
        var link = new DirectoryProtocol.MakeLink(source.Directory.Value, FreshCall, path.Name, new FileId(Number), $"{target.Path.Child(path.Name)}", Replace: false);
        var made = Question.Of(link);
        foreach (var step in Ask(made)) yield return step;
        if (made.Answer is DirectoryProtocol.Done or DirectoryProtocol.Refused { Why: Errno.Exists }) Answer = new Done(Op);
        else Refuse(made.Answer, path);
    }
}
