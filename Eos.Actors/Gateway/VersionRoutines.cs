using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// Removes versions that are too many; with none left to keep, their directory goes too. May be run within another routine: it takes no numbers.
/// </summary>
/// <param name="versions">The version directory. One that is not there has nothing to remove.</param>
/// <param name="keep">Null: as the directory above says.</param>
public sealed class PurgeVersionsRoutine(Head head, EosPath versions, int? keep, VirtualIdentity who, RoutineFacts facts) : Routine(head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        var place = new Place();
        foreach (var step in Know(versions.Parent, place)) yield return step;
        if (place.Refusal is not null)
        {
            Refuse(place.Refusal);
            yield break;
        }
        Answer = new Done(Op);
        var wanted = keep ?? (VersionRules.Wanted(place.Record!.Attributes) is var said and > 0 ? said : VersionRules.All);
        var (all, at) = (new List<FileEntry>(), default(DirectoryId?));
        foreach (var step in Read(all, found => at = found)) yield return step;
        if (at is not { } directory) yield break;

        foreach (var some in VersionRules.Superfluous(all, wanted, Facts.Now).Chunk(Facts.Settings.WalkWidth))
        {
            var questions = some.Select(name => Question.Of(new DirectoryProtocol.RemoveFile(directory, FreshCall, name))).ToImmutableArray();
            yield return new Step.AskAll(questions);
            foreach (var question in questions)
                if (question.Answer is DirectoryProtocol.Refused { Why: not Errno.NoEntry }) Refuse(question.Answer, versions);
            if (Answer is Refused) yield break;
        }
        if (wanted > 0) yield break;
        var removal = new RemoveDirectoryRoutine(new RemoveDirectory(new Head(Facts.NewOp(), 0, Claim.Nobody), versions.ToString()), Who, Facts);
        foreach (var step in removal.Run()) yield return step;
        if (removal.Answer is Refused { Why: not Errno.NoEntry } refused) Refuse(refused.Why, refused.Text);
    }

    private IEnumerable<Step> Read(List<FileEntry> all, Action<DirectoryId> found)
    {
        for (var (after, more) = ("", true); more;)
        {
            var (place, asked) = (new Place(), default(Question));
            foreach (var step in AskAt(versions, place, d => Question.Of(new DirectoryProtocol.ReadPage(d, Facts.NewOp(), after, EntryPages.MaxEntries)), q => asked = q)) yield return step;
            if (place.Refusal is { Why: not Errno.NoEntry } refusal) Refuse(refusal);
            if (asked?.Answer is not DirectoryProtocol.Page page || place.Refusal is not null) yield break;
            found(page.Directory);
            all.AddRange(page.Entries.OfType<FileEntry>());
            (after, more) = (page.Entries.IsEmpty ? after : page.Entries[^1].Name, page.More && !page.Entries.IsEmpty);
        }
    }
}

/// <summary>`file purge`: the versions of one file.</summary>
public sealed class PurgeFileRoutine(Administer request, string text, int? keep, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(text) is not { } path) yield break;
        var (place, asked) = (new Place(), default(Question));
        var versions = HiddenNames.IsVersions(path.Name) ? path : path.Parent.Child(HiddenNames.VersionsOf(path.Name));
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name), q => asked = q)) yield return step;
        if (place.Refusal is not null) Refuse(place.Refusal);
        else if (asked?.Answer is not DirectoryProtocol.Found { Entry: not null } found) Refuse(Errno.NoEntry, $"{path}: no such file or directory");
        else if (found.Entry is ChildEntry && versions != path) Refuse(Errno.IsADirectory, $"{path}: is a directory");
        else if (AccessRules.Check(Caller, found.Self, Intent.Update, found.Entry) is { } denied) Refuse(denied, path);
        else
        {
            var purge = new PurgeVersionsRoutine(request.Head, versions, keep, Who, Facts);
            foreach (var step in purge.Run()) yield return step;
            Answer = purge.Answer is Done ? new Report(Op, [], []) : purge.Answer;
        }
    }
}

/// <summary>`file versions PATH VERSION`: a version becomes the file, and the file a version.</summary>
public sealed class GrabVersionRoutine(Administer request, string text, string version, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(text) is not { } path) yield break;
        var (home, kept) = (new Place(), new Place());
        foreach (var step in Know(path.Parent, home)) yield return step;
        if ((home.Refusal ?? (home.Record is { } record ? AccessRules.Check(Caller, record, Intent.Update) : null)) is { } refusal)
        {
            Refuse(refusal);
            yield break;
        }
        var (versions, asked) = (path.Parent.Child(HiddenNames.VersionsOf(path.Name)), default(Question));
        foreach (var step in AskAt(versions, kept, d => Look(d, version, Op), q => asked = q)) yield return step;
        switch (asked?.Answer)
        {
            case var _ when kept.Refusal is not null: Refuse(kept.Refusal); break;
            case DirectoryProtocol.Found { Entry: FileEntry file }:
                yield return new Step.TakeNumber(IdProtocol.Counter.Directory);
                var to = new DirectoryProtocol.Destination(home.Directory!.Value, path.Name, new DirectoryProtocol.VersionPlan(new DirectoryId(Number), VersionRules.All));
                var go = new DirectoryProtocol.LetGo(kept.Directory!.Value, Call, version, file.File.Id, to, ImmutableSortedDictionary<string, string>.Empty);
                foreach (var step in Change(versions, kept, path, _ => Question.Of(go))) yield return step;
                if (Answer is Done) Answer = Told();
                break;
            case DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }: Answer = Told(); break;
            case var _: Refuse(Errno.NoEntry, $"{path}: has no version '{version}'"); break;
        }

        Report Told() => new(Op, [], [$"success: version {version} is {path} now"]);
    }
}

/// <summary>`file touch -l` and `-u`: a lock of the caller's program on a file.</summary>
/// <param name="audience">Null: takes it away.</param>
public sealed class LockRoutine(Administer request, string text, LockRules.Audience? audience, TimeSpan lifetime, VirtualIdentity who, RoutineFacts facts) : Routine(request.Head, who, facts)
{
    public override IEnumerable<Step> Run()
    {
        if (ParseFile(text) is not { } path) yield break;
        foreach (var step in Change(path.Parent, new Place(), path, d => Question.Of(new DirectoryProtocol.LockFile(d, Call, path.Name, audience, lifetime)))) yield return step;
        if (Answer is Done) Answer = new Report(Op, [], [$"success: {(audience is null ? "removed" : "created")} exclusive lock for '{path}'"]);
    }
}
