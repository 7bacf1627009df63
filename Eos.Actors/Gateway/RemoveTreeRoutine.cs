using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// `rm -r`: walks down, removes files side by side and directories when they are empty. Stops at the first refusal; what is gone is gone.
/// Only the topmost removal carries the request's operation id, the others are safe to repeat.
/// </summary>
public sealed class RemoveTreeRoutine(RemoveTree request, VirtualIdentity who, RoutineFacts facts) : DirectoryRemoval(request.Head, who, facts)
{
    private ulong _files;
    private ulong _directories;
    private ulong _reported;

    private sealed record Level(EosPath Path, DirectoryRecord Parent, ChildEntry Entry);

    public override IEnumerable<Step> Run()
    {
        if (Parse(request.Path) is not { } path) yield break;
        if (path.Names.Length < 3)
        {
            Refuse(Errno.NotPermitted, $"{path}: too close to the root to be removed with all below");
            yield break;
        }
        var place = new Place();
        Question? asked = null;
        foreach (var step in AskAt(path.Parent, place, d => Look(d, path.Name, Op), q => asked = q)) yield return step;

        switch (asked?.Answer)
        {
            case var _ when place.Refusal is not null: Refuse(place.Refusal); break;
            case DirectoryProtocol.Found { Earlier: DirectoryProtocol.Done }: Answer = new Done(Op); break;
            case DirectoryProtocol.Found { Entry: FileEntry } found:
                foreach (var step in RemoveFiles(path.Parent, found.Directory, [path.Name], Call)) yield return step;
                if (Answer is not Refused) Answer = new Done(Op);
                break;
            case DirectoryProtocol.Found { Entry: ChildEntry child } found:
                foreach (var step in Walk(new Level(path, found.Self, child))) yield return step;
                if (Answer is Refused) yield break;
                yield return new Step.Report(_files, _directories);
                Answer = new Done(Op);
                break;
            case DirectoryProtocol.Found: Refuse(Errno.NoEntry, $"{path}: no such file or directory"); break;
            case var other: Refuse(other, path); break;
        }
    }

    /// <summary>Depth first, with a stack: a level is removed when a look into it finds nothing more.</summary>
    private IEnumerable<Step> Walk(Level top)
    {
        var levels = new Stack<Level>();
        levels.Push(top);
        while (levels.TryPeek(out var level))
        {
            Learn(level.Parent.Id, level.Entry);
            var read = Question.Of(new DirectoryProtocol.ReadPage(level.Entry.Id, Facts.NewOp(), "", EntryPages.MaxEntries));
            foreach (var step in Ask(read)) yield return step;
            var page = read.Answer as DirectoryProtocol.Page;
            if (page is not null && AccessRules.Check(Caller, page.Self, Intent.Read) is { } denied) Refuse(denied, level.Path);
            if (Answer is Refused) yield break;

            if (page is null || page.Entries.IsEmpty)
            {
                levels.Pop();
                foreach (var step in RemoveLevel(level, isTop: levels.Count == 0)) yield return step;
            }
            else
            {
                var files = page.Entries.OfType<FileEntry>().Select(f => f.Name).ToImmutableArray();
                foreach (var step in RemoveFiles(level.Path, page.Directory, files, null)) yield return step;
                foreach (var child in page.Entries.OfType<ChildEntry>()) levels.Push(new Level(level.Path.Child(child.Name), page.Self, child));
            }
            if (Answer is Refused) yield break;
            if (_files + _directories - _reported >= (ulong)Facts.Settings.ReportEvery)
            {
                _reported = _files + _directories;
                yield return new Step.Report(_files, _directories);
            }
        }
    }

    private IEnumerable<Step> RemoveLevel(Level level, bool isTop)
    {
        foreach (var step in Remove(level.Path, level.Parent, level.Entry, isTop ? Call : FreshCall)) yield return step;
        if (Answer is not Refused refused) _directories++;
        else if (refused.Why == Errno.NoEntry) Answer = new Unknown(Op, "not finished");
    }

    private IEnumerable<Step> RemoveFiles(EosPath path, DirectoryId directory, ImmutableArray<string> names, DirectoryProtocol.Call? call)
    {
        foreach (var some in names.Chunk(Facts.Settings.WalkWidth))
        {
            var questions = some.Select(n => Question.Of(new DirectoryProtocol.RemoveFile(directory, call ?? FreshCall, n))).ToImmutableArray();
            yield return new Step.AskAll(questions);
            foreach (var (question, name) in questions.Zip(some))
            {
                if (question.Answer is DirectoryProtocol.Done) _files++;
                else if (question.Answer is DirectoryProtocol.Refused { Why: not Errno.NoEntry } and not null) Refuse(question.Answer, path.Child(name));
            }
            if (Answer is Refused) yield break;
        }
    }
}
