using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `file rename`, which refuses a name that is there, and `mv`, which replaces a file, puts things into a directory that is there, and takes the place of one there that is empty. The last
/// path component is never followed if it is a symbolic link, except to a directory to put things into.
/// </summary>
public sealed class RenameRoutine(Rename request, VirtualIdentity who, RoutineFacts facts) : RecycleRoutine(request.Head, who, facts)
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
        var order = new MoveOrder(from, found.Directory, from.Name, target.Directory!.Value, name, request.Overwrite);
        if (request.Overwrite && found.Entry is FileEntry && _targetRecord is { } record)
            foreach (var step in Displace(record, target.Path.Child(name), plan => order = order with { Displaces = plan })) yield return step;
        if (Answer is Refused) yield break;
        foreach (var step in MoveEntry(order, Call)) yield return step;
        if (Answer is not Done || found.Entry is not FileEntry) yield break;
        foreach (var step in MoveVersions(order, target.Path)) yield return step;
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

    /// <summary>What is to become of a file that has the new name, there or on its way: a version, or what the recycle bin takes.</summary>
    private IEnumerable<Step> Displace(DirectoryRecord target, EosPath path, Action<DirectoryProtocol.Displacement> take)
    {
        var attributes = target.Attributes;
        foreach (var step in Effective(target, all => attributes = all)) yield return step;
        if (VersionRules.Wanted(attributes) is var keep and > 0)
        {
            yield return new Step.TakeNumber(IdProtocol.Counter.Directory);
            take(new DirectoryProtocol.Displacement(new DirectoryProtocol.VersionPlan(new DirectoryId(Number), keep), null));
            yield break;
        }
        var (takes, wrong) = RecycleBin.Takes(Policy, Bin, path, target with { Attributes = attributes });
        if (wrong is not null) Refuse(wrong, path);
        if (!takes) yield break;
        var bin = new DirectoryProtocol.BinPlan(default, null, ImmutableSortedDictionary<string, string>.Empty);
        if (_there is FileEntry file)
        {
            var folder = default(DirectoryId?);
            foreach (var step in Room(path, RecycleBin.BinOf(target, file.File.Owner), BinLoad.Of(file.File), to => folder = to)) yield return step;
            if (folder is not { } to) yield break;
            var entry = RecycleNames.Entry(path, new RecycleKey(file.File.Id.Value, IsTree: false));
            bin = new DirectoryProtocol.BinPlan(file.File.Id, new DirectoryProtocol.Destination(to, entry, null), Marks(path));
        }
        take(new DirectoryProtocol.Displacement(null, bin));
    }

    /// <summary>The versions of a file go with it, in place of those of the file that it has replaced; that file, where it is a version now, is among them.</summary>
    private IEnumerable<Step> MoveVersions(MoveOrder file, EosPath directory)
    {
        var order = file with { Name = HiddenNames.VersionsOf(file.Name), NewName = HiddenNames.VersionsOf(file.NewName), Overwrite = false, Displaces = null };
        var (own, other) = (Look(order.Source, order.Name), Look(order.Target, order.NewName));
        foreach (var step in Ask(own)) yield return step;
        if (own.Answer is not DirectoryProtocol.Found { Entry: ChildEntry versions }) yield break;
        foreach (var step in Ask(other)) yield return step;
        if (other.Answer is DirectoryProtocol.Found { Entry: ChildEntry old })
        {
            Learn(order.Source, versions);
            Learn(order.Target, old);
            if (_there is FileEntry replaced && file.Displaces is { Versions: not null })
            {
                var stays = new DirectoryProtocol.Destination(versions.Id, HiddenNames.VersionOf(replaced.File), null);
                var go = new DirectoryProtocol.LetGo(old.Id, FreshCall, stays.Name, replaced.File.Id, stays, ImmutableSortedDictionary<string, string>.Empty);
                var question = Question.Of(go);
                foreach (var step in Ask(question)) yield return step;
                if (question.Answer is not DirectoryProtocol.Done) yield break;
            }
            var purge = new PurgeVersionsRoutine(request.Head with { Op = Facts.NewOp() }, directory.Child(order.NewName), 0, Who, Facts);
            foreach (var step in Within(purge)) yield return step;
        }
        foreach (var step in MoveEntry(order, FreshCall)) yield return step;
    }
}
