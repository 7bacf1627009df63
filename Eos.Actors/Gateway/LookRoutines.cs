using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>What a name is: the part that `ls`, `stat` and `fileinfo` have in common.</summary>
public abstract class LookRoutine(Head head, VirtualIdentity who, RoutineFacts facts) : Routine(head, who, facts)
{
    /// <summary>What was found: a file in its directory, or a directory itself.</summary>
    protected (DirectoryId Parent, FileEntry File)? File { get; private set; }

    protected (DirectoryRecord Record, DirectoryProtocol.DirectoryCounts Counts, TreeCounts Tree)? Directory { get; private set; }

    /// <summary>Sets <see cref="File"/> or <see cref="Directory"/>, or refuses.</summary>
    /// <param name="follow">A symbolic link is what it points to; else it is a file.</param>
    /// <param name="wakes">A directory that sleeps is woken, not read in its sleep.</param>
    protected IEnumerable<Step> Find(EosPath path, bool follow = false, bool wakes = true)
    {
        var (place, asked) = (new Place(), default(Question));
        if (!path.IsRoot)
        {
            foreach (var step in LookAt(path, place, follow || path.MustBeDirectory, (q, _) => asked = q)) yield return step;
            switch (asked?.Answer)
            {
                case DirectoryProtocol.Found { Entry: FileEntry { File.IsLink: true } } when follow && place.Refusal is null: break; // to the root
                case var _ when place.Refusal is not null: Refuse(place.Refusal); yield break;
                case DirectoryProtocol.Found found when AccessRules.Check(Caller, found.Self, Intent.Enter, found.Entry) is { } denied: Refuse(denied, path); yield break;
                case DirectoryProtocol.Found { Entry: FileEntry } when path.MustBeDirectory: Refuse(Errno.NotADirectory, $"{path}: is not a directory"); yield break;
                case DirectoryProtocol.Found { Entry: FileEntry file } found: File = (found.Directory, file); yield break;
                case DirectoryProtocol.Found { Entry: ChildEntry child } found: Learn(found.Directory, child); break;
                case var other: Refuse(other, path); yield break;
            }
        }
        foreach (var step in AskAt(path, place, d => wakes ? Look(d, "") : Question.Of(new DirectoryProtocol.Peek(d, Facts.NewOp(), "", 1)), q => asked = q)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is DirectoryProtocol.Found self) Directory = (self.Self, self.Counts, self.Tree);
        else if (asked?.Answer is DirectoryProtocol.Page page) Directory = (page.Self, page.Counts, page.Tree);
        else Refuse(asked?.Answer, path);
    }

    protected static Entry Listed(string name, FileRecord file) => new(
        name,
        file.IsLink ? EntryKind.Link : EntryKind.File,
        file.Id.Value,
        new EntryAttributes(file.Mode, file.Owner, file.Times, !file.Attributes.IsEmpty),
        file.Content.Size,
        (uint)file.Content.Locations.Length,
        file.Content.Checksum)
    {
        Target = file.Link,
    };

    protected static Entry Listed(string name, DirectoryRecord directory, ulong bytes) => new(
        name,
        EntryKind.Directory,
        directory.Id.Value,
        new EntryAttributes(directory.Mode, directory.Owner, directory.Times, !directory.Attributes.IsEmpty),
        bytes,
        1,
        Checksum.None);
}

/// <summary>One page of `ls`. The way there is in memory after the first page, so that each further one is one question: over slow links that is what a long listing costs.</summary>
public sealed class ListRoutine(List request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        var (place, read) = (new Place(), default(Question));
        foreach (var step in AskAt(path, place, d => Question.Of(new DirectoryProtocol.ReadPage(d, Facts.NewOp(), request.After, EntryPages.MaxEntries)), q => read = q))
            yield return step;
        if (place.Refusal is { } refusal)
        {
            if (refusal.Why != Errno.NotADirectory)
            {
                Refuse(refusal);
                yield break;
            }
            foreach (var step in Find(path)) yield return step;
            if (File is { } file) Answer = new Listing(Op, request.After.Length == 0 ? [Listed(file.File.Name, file.File.File)] : [], More: false);
            yield break;
        }
        if (read?.Answer is not DirectoryProtocol.Page page)
        {
            Refuse(read?.Answer, path);
            yield break;
        }
        if (AccessRules.Check(Caller, page.Self, Intent.Read) is { } denied)
        {
            Refuse(denied, path);
            yield break;
        }
        var known = new Dictionary<DirectoryId, DirectoryProtocol.Found>();
        if (request.Long) foreach (var step in LookInto(page, known)) yield return step;
        Answer = new Listing(Op, [.. page.Entries.Select(e => Row(e, known))], page.More);
    }

    /// <summary>Each sub-directory of the page says what it knows of itself.</summary>
    private IEnumerable<Step> LookInto(DirectoryProtocol.Page page, Dictionary<DirectoryId, DirectoryProtocol.Found> known)
    {
        foreach (var some in page.Entries.OfType<ChildEntry>().Chunk(Facts.Settings.WalkWidth))
        {
            var questions = some.Select(c => Look(c.Id, "")).ToImmutableArray();
            yield return new Step.AskAll(questions);
            foreach (var found in questions.Select(q => q.Answer).OfType<DirectoryProtocol.Found>()) known[found.Directory] = found;
        }
    }

    private static Entry Row(DirectoryEntry entry, Dictionary<DirectoryId, DirectoryProtocol.Found> known) => entry switch
    {
        FileEntry f => Listed(f.Name, f.File),
        ChildEntry c when known.TryGetValue(c.Id, out var found) => Listed(c.Name, found.Self, found.Tree.Bytes),
        ChildEntry c => Listed(c.Name, c.Seed, 0),
        _ => throw new InvalidOperationException($"no row for {entry.GetType().Name}"),
    };
}

/// <summary>`stat`.</summary>
public sealed class StatRoutine(Stat request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        foreach (var step in Find(path, follow: true)) yield return step;
        if (File is { } file) Answer = new Status(Op, path.ToString(), Listed(file.File.Name, file.File.File));
        else if (Directory is { } directory) Answer = new Status(Op, path.ToString(), Listed(path.Name, directory.Record, directory.Tree.Bytes));
    }
}

/// <summary>`fileinfo`: the whole record.</summary>
public sealed class InformRoutine(Inform request, VirtualIdentity who, RoutineFacts facts) : LookRoutine(request.Head, who, facts)
{
    protected override bool TakesDetached => true;

    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path)
        {
            if (Detached is { } removed) Answer = new FileInformation(Op, removed.File.Name, default, removed.File.File, []) { Unlinked = removed.File.Unlinked };
            yield break;
        }
        foreach (var step in Find(path)) yield return step;
        if (File is { } file)
        {
            var views = ViewRules.Filesystems(Facts.View(), Facts.Now, Facts.Settings.OfflineAfter);
            var replicas = file.File.File.Content.Locations.SelectMany(l => views.Where(v => v.Id == l));
            Answer = new FileInformation(Op, path.ToString(), file.Parent, file.File.File, [.. replicas]) { Unlinked = file.File.Unlinked };
        }
        else if (Directory is { } directory)
        {
            var counts = directory.Counts;
            Answer = new DirectoryInformation(Op, path.ToString(), directory.Record, counts.Files, counts.Directories, counts.Bytes) { Tree = directory.Tree };
        }
    }
}
