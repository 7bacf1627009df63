using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>`recycle restore KEY`: a file or tree goes back to where it was. What has its name there by now stays, or takes another name.</summary>
/// <param name="force">What is there is renamed; else EEXIST.</param>
/// <param name="parents">Directories that are missing are made; else ENOENT.</param>
/// <param name="versions">The versions of a file come with it.</param>
public sealed class RecycleRestoreRoutine(Administer request, RecycleKey key, bool force, bool parents, bool versions, VirtualIdentity who, RoutineFacts facts)
    : RecycleRoutine(request.Head, who, facts)
{
    private readonly List<string> _lines = [];

    public override IEnumerable<Step> Run()
    {
        foreach (var step in Restore(key, versions)) yield return step;
        if (Answer is Done) Answer = new Report(Op, [], [.. _lines]);
    }

    private IEnumerable<Step> Restore(RecycleKey wanted, bool withVersions)
    {
        var place = default(EosPath);
        foreach (var step in Where(wanted, path => place = path)) yield return step;
        if (place is null || !RecycleBin.IsInside(place, Bin) || place.Names.Length != Bin.Names.Length + 6)
        {
            if (Answer is not Refused) Refuse(Errno.NoEntry, $"{wanted}: there is no such key in the recycle bin");
            yield break;
        }
        foreach (var step in Permit(place)) yield return step;
        if (Answer is Refused) yield break;

        var folder = new RecyclePlaceRoutine(place.Parent, Facts);
        foreach (var step in Within(folder)) yield return step;
        var look = folder.Found is null ? null : Look(folder.Found.Directory, place.Name);
        if (look is not null)
            foreach (var step in Ask(look)) yield return step;
        if (look?.Answer is not DirectoryProtocol.Found { Entry: { } entry })
        {
            Refuse(Errno.NoEntry, $"{wanted}: there is no such key in the recycle bin");
            yield break;
        }
        var (attributes, now) = ((entry as FileEntry)?.File.Attributes, entry);
        if (entry is ChildEntry tree)
        {
            Learn(folder.Found!.Directory, tree);
            var self = Look(tree.Id, "");
            foreach (var step in Ask(self)) yield return step;
            attributes = (self.Answer as DirectoryProtocol.Found)?.Self.Attributes ?? tree.Seed.Attributes;
        }
        var text = attributes!.GetValueOrDefault(RecycleNames.PathKey) ?? RecycleNames.Parse(entry.Name)?.Path ?? "";
        if (Parse(text) is not { } path) yield break;
        var home = new Place();
        foreach (var step in Home(path, home)) yield return step;
        if (Answer is Refused) yield break;
        foreach (var step in PutBack(path, home.Directory!.Value, folder.Found!, now)) yield return step;
        if (Answer is not Done) yield break;
        _lines.Add($"success: restored path={path}");
        if (!withVersions || RecycleKey.Parse(attributes!.GetValueOrDefault(RecycleNames.VersionKey, "")) is not { } link) yield break;
        foreach (var step in Restore(link, withVersions: false)) yield return step;
    }

    /// <summary>Where the indexes say that the number is.</summary>
    private IEnumerable<Step> Where(RecycleKey wanted, Action<EosPath> take)
    {
        var names = new Stack<string>();
        var (index, row) = wanted.IsTree
            ? (NamespaceIndex.Directories, NamespaceIndex.Key(new DirectoryId(wanted.Id)))
            : (NamespaceIndex.Files, NamespaceIndex.Key(new FileId(wanted.Id)));
        yield return new Step.ReadRows(index, row, default, 1);
        if (Rows is null) Refuse(Errno.NotSupported, "this instance has no indexes, nothing is found by its number");
        if (Rows is not { Rows: [var found, ..] }) yield break;
        var spot = NamespaceIndex.SpotOf(found.Value.Span);
        if (spot.Name.Length == 0) yield break;
        names.Push(spot.Name);
        foreach (var step in Ascend(spot.Directory, names, take)) yield return step;
    }

    /// <summary>EPERM: it was somebody else's. A project's bin says itself who may.</summary>
    private IEnumerable<Step> Permit(EosPath place)
    {
        var bin = place.Names[Bin.Names.Length];
        if (Who.IsRoot || bin == RecycleNames.UserBin(Who.Uid)) yield break;
        var project = new RecyclePlaceRoutine(Bin.Child(bin), Facts);
        if (bin.StartsWith("rid:", StringComparison.Ordinal))
            foreach (var step in Within(project)) yield return step;
        if (project.Found is null || !AccessRules.May(Caller, project.Found.Self, Intent.Read))
            Refuse(Errno.NotPermitted, $"{key}: to restore it is not permitted");
    }

    /// <summary>The directory that it goes back to.</summary>
    private IEnumerable<Step> Home(EosPath path, Place home)
    {
        foreach (var step in Know(path.Parent, home)) yield return step;
        if (home.Refusal is { Why: Errno.NoEntry } && parents)
        {
            var make = new MakeDirectoryRoutine(new MakeDirectory(request.Head with { Op = Facts.NewOp() }, path.Parent.ToString(), Parents: true, null), Who, Facts);
            foreach (var step in Within(make)) yield return step;
            if (make.Answer is Refused refused)
            {
                Answer = refused with { Op = Op };
                yield break;
            }
            foreach (var step in Know(path.Parent, home)) yield return step;
        }
        if (home.Refusal is { } refusal) Refuse(refusal);
        else if (AccessRules.Check(Caller, home.Record!, Intent.Create) is { } denied) Refuse(denied, path);
    }

    private IEnumerable<Step> PutBack(EosPath path, DirectoryId home, DirectoryProtocol.Found folder, DirectoryEntry entry)
    {
        var there = Look(home, path.Name);
        foreach (var step in Ask(there)) yield return step;
        if (there.Answer is DirectoryProtocol.Found { Entry: { } taken })
        {
            var aside = $"{path.Name}.{(taken is ChildEntry c ? c.Id.Value : ((FileEntry)taken).File.Id.Value):x16}";
            if (!force)
            {
                Refuse(Errno.Exists, $"{path}: is there; -f renames it");
                yield break;
            }
            var rename = Question.Of(new DirectoryProtocol.Rename(home, FreshCall, path.Name, aside, Overwrite: false));
            foreach (var step in Ask(rename)) yield return step;
            Facts.Cache.Forget(home, path.Name);
            if (rename.Answer is not DirectoryProtocol.Done)
            {
                Refuse(rename.Answer, path);
                yield break;
            }
            _lines.Add($"warning: renamed restore path={path} to backup-path={path.Parent.Child(aside)}");
        }
        if (entry is ChildEntry tree)
        {
            foreach (var step in MoveEntry(new MoveOrder(path, folder.Directory, tree.Name, home, path.Name, Overwrite: false), FreshCall with { Caller = Caller.Root })) yield return step;
            if (Answer is not Done) yield break;
            var none = ImmutableSortedDictionary<string, string>.Empty;
            foreach (var attribute in (string[])[RecycleNames.PathKey, RecycleNames.TraceKey])
                foreach (var step in Ask(Question.Of(new DirectoryProtocol.SetAttributes(tree.Id, KeeperCall, "", none, [attribute], OnlyNew: false)))) yield return step;
            yield break;
        }
        var file = (FileEntry)entry;
        var go = Question.Of(new DirectoryProtocol.LetGo(
            folder.Directory, Call with { Caller = Caller.Root }, file.Name, file.File.Id, new DirectoryProtocol.Destination(home, path.Name, null),
            ImmutableSortedDictionary<string, string>.Empty));
        foreach (var step in Ask(go)) yield return step;
        if (go.Answer is DirectoryProtocol.Done) Answer = new Done(Op);
        else Refuse(go.Answer, path);
    }
}
