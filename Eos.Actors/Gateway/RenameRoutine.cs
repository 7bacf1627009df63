using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `file rename`, which refuses a name that is there, and `mv`, which replaces a file, puts things into a directory that is there, and takes the place of one there that is empty. The last
/// path component is never followed if it is a symbolic link, except to a directory to put things into.
/// </summary>
public sealed class RenameRoutine(Rename request, VirtualIdentity who, RoutineFacts facts) : DirectoryRemoval(request.Head, who, facts)
{
    private DirectoryRecord? _targetRecord;
    private DirectoryEntry? _there;

    public override IEnumerable<Step> Run()
    {
        if (Parse(request.From) is not { } from || Parse(request.To) is not { } to) yield break;
        if (from.IsRoot || (to.IsRoot && !request.Overwrite))
        {
            Refuse(Errno.Busy, "/: can't be renamed");
            yield break;
        }
        var (source, asked) = (new Place(), default(Question));
        foreach (var step in LookAt(from, source, follow: false, (q, _) => asked = q, Op)) yield return step;
        if (source.Refusal is not null || asked?.Answer is not DirectoryProtocol.Found found)
        {
            if (source.Refusal is not null) Refuse(source.Refusal);
            else Refuse(asked?.Answer, from);
            yield break;
        }
        if (found.Earlier is DirectoryProtocol.Done) // it has happened, and what is left is the directories' business
        {
            Answer = new Done(Op);
            yield break;
        }
        if (found is { Entry: FileEntry } && from.MustBeDirectory) Refuse(Errno.NotADirectory, $"{from}: is not a directory");
        else if (found.Entry is null) Refuse(Errno.NoEntry, $"{from}: no such file or directory");
        if (Answer is Refused) yield break;

        var target = new Place();
        foreach (var step in FindTarget(from, to, target, found.Entry)) yield return step;
        if (target.Refusal is not null) Refuse(target.Refusal);
        if (Answer is Refused) yield break;
        var name = target.Directory == _into ? from.Name : to.Name;
        if (_there is ChildEntry empty && request.Overwrite && found.Entry is ChildEntry moved && empty.Id != moved.Id)
        {
            foreach (var step in Remove($"{to}", _targetRecord!, empty, FreshCall, refusal => Decide(refusal))) yield return step;
            if (Answer is Refused) yield break;
        }
        foreach (var step in MoveEntry(new MoveOrder(from, found.Directory, from.Name, target.Directory!.Value, name, request.Overwrite), Call)) yield return step;
        if (Answer is not Done || found.Entry is not FileEntry) yield break;
        foreach (var step in MoveVersions(from, found.Directory, target.Directory.Value, name)) yield return step;
        Answer = new Done(Op);
    }

    /// <summary>The directory that things are put into, where there is one.</summary>
    private DirectoryId? _into;

    /// <summary>Sets the directory of the new name, and what is there under that name.</summary>
    private IEnumerable<Step> FindTarget(EosPath from, EosPath to, Place target, DirectoryEntry? moved)
    {
        var asked = default(Question);
        if (!to.IsRoot)
        {
            foreach (var step in LookAt(to, target, follow: false, (q, _) => asked = q, Op)) yield return step;
            if (target.Refusal is not null) yield break;
            if (asked?.Answer is not DirectoryProtocol.Found found)
            {
                Refuse(asked?.Answer, to);
                yield break;
            }
            (_targetRecord, _there) = (found.Self, found.Entry);
            if (_there is FileEntry { File.IsLink: false } && (to.MustBeDirectory || moved is ChildEntry)) Refuse(Errno.NotADirectory, $"{to}: is not a directory");
            else if (_there is null && to.MustBeDirectory && moved is FileEntry) Refuse(Errno.NoEntry, $"{to}: no such directory");
            if (Answer is Refused || !request.Overwrite || _there is null or FileEntry { File.IsLink: false }) yield break;
        }

        // a directory, or a link that may lead to one
        var inside = new Place();
        foreach (var step in LookAt(to.Child(from.Name), inside, follow: false, (q, _) => asked = q, Op)) yield return step;
        if (inside.Refusal is not null && _there is FileEntry) yield break; // the link itself is replaced
        (target.Directory, target.Path, target.Refusal, _into) = (inside.Directory, inside.Path, inside.Refusal, inside.Directory);
        if (inside.Refusal is not null) yield break;
        if (asked?.Answer is DirectoryProtocol.Found into) (_targetRecord, _there) = (into.Self, into.Entry);
        else Refuse(asked?.Answer, to);
        if (_there is ChildEntry && moved is FileEntry) Refuse(Errno.IsADirectory, $"{to.Child(from.Name)}: is a directory");
        else if (_there is FileEntry && moved is ChildEntry) Refuse(Errno.NotADirectory, $"{to.Child(from.Name)}: is not a directory");
    }

    /// <summary>The versions of a file go with it, unless there are some of the new name.</summary>
    private IEnumerable<Step> MoveVersions(EosPath from, DirectoryId source, DirectoryId target, string name)
    {
        var look = Look(source, HiddenNames.VersionsOf(from.Name));
        foreach (var step in Ask(look)) yield return step;
        if (look.Answer is not DirectoryProtocol.Found { Entry: ChildEntry }) yield break;
        var order = new MoveOrder(from, source, HiddenNames.VersionsOf(from.Name), target, HiddenNames.VersionsOf(name), Overwrite: false);
        foreach (var step in MoveEntry(order, FreshCall)) yield return step;
    }
}
