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
            if (Answer is Refused) yield break;
            if (place is not null && wanted == key)
                foreach (var step in Again(place)) yield return step;
            if (Answer is not Done) Refuse(Errno.NoEntry, $"{wanted}: there is no such key in the recycle bin");
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
        var attributes = (entry as FileEntry)?.File.Attributes;
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
        foreach (var step in MakeRoom(path, home.Directory!.Value)) yield return step;
        if (Answer is Refused) yield break;
        if (withVersions && RecycleKey.Parse(attributes!.GetValueOrDefault(RecycleNames.VersionKey, "")) is { } link)
        {
            foreach (var step in Restore(link, withVersions: false)) yield return step;
            if (Answer is Refused { Why: not Errno.NoEntry }) yield break; // an earlier try may have brought them back
        }
        var order = new MoveOrder(path, folder.Found!.Directory, entry.Name, home.Directory!.Value, path.Name, Overwrite: false);
        foreach (var step in MoveEntry(order, wanted == key ? KeeperOfRequest : KeeperCall)) yield return step;
        if (Answer is not Done) yield break;
        foreach (var step in Restored(path, home.Directory!.Value, entry)) yield return step;
    }

    /// <summary>The request's own operation: the home directory remembers that it was done.</summary>
    private DirectoryProtocol.Call KeeperOfRequest => Call with { Caller = Caller.Root };

    /// <summary>What is not in the bin may have been brought back by this very request, whose answer was lost.</summary>
    private IEnumerable<Step> Again(EosPath path)
    {
        var (place, asked) = (new Place(), default(Question));
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, Op), q => asked = q)) yield return step;
        if (place.Refusal is null && asked?.Answer is DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done, Entry: { } entry } found)
            foreach (var step in Restored(path, found.Directory, entry)) yield return step;
    }

    /// <summary>It is there: what the bin has written on it goes.</summary>
    private IEnumerable<Step> Restored(EosPath path, DirectoryId home, DirectoryEntry entry)
    {
        var none = ImmutableSortedDictionary<string, string>.Empty;
        var (directory, name) = entry is ChildEntry tree ? (tree.Id, "") : (home, path.Name);
        foreach (var attribute in (string[])[RecycleNames.PathKey, RecycleNames.TraceKey, RecycleNames.VersionKey])
            foreach (var step in Ask(Question.Of(new DirectoryProtocol.SetAttributes(directory, KeeperCall, name, none, [attribute], OnlyNew: false)))) yield return step;
        _lines.Add($"success: restored path={path}");
        Answer = new Done(Op);
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

    /// <summary>What has the name by now takes another one, or that is the refusal.</summary>
    private IEnumerable<Step> MakeRoom(EosPath path, DirectoryId home)
    {
        var there = Look(home, path.Name);
        foreach (var step in Ask(there)) yield return step;
        if (there.Answer is not DirectoryProtocol.Found { Entry: { } taken }) yield break;
        var aside = $"{path.Name}.{(taken is ChildEntry c ? c.Id.Value : ((FileEntry)taken).File.Id.Value):x16}";
        if (!force)
        {
            Refuse(Errno.Exists, $"{path}: is there; -f renames it");
            yield break;
        }
        var rename = Question.Of(new DirectoryProtocol.Rename(home, FreshCall, path.Name, aside, Overwrite: false));
        foreach (var step in Ask(rename)) yield return step;
        Facts.Cache.Forget(home, path.Name);
        if (rename.Answer is DirectoryProtocol.Done) _lines.Add($"warning: renamed restore path={path} to backup-path={path.Parent.Child(aside)}");
        else Refuse(rename.Answer, path);
    }
}
