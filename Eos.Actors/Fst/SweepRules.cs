using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>What a sweep does next.</summary>
public abstract record SweepEffect
{
    /// <summary>Read the next folder of the mount.</summary>
    public sealed record ReadFolder : SweepEffect;
    public sealed record SetAside(ImmutableArray<string> Paths) : SweepEffect;
    public sealed record Discard(ImmutableArray<FstProtocol.Held> Opens) : SweepEffect;
    public sealed record Keep(ImmutableArray<FstProtocol.Held> Opens) : SweepEffect;

    /// <summary>Delete, then tell the directory.</summary>
    public sealed record Delete(FstProtocol.ReplicaDropped Notice) : SweepEffect;
    public sealed record Ask(FstProtocol.WhoOwns Question) : SweepEffect;

    /// <summary>Nobody is left to commit this open: it ends now, and not when its time is out.</summary>
    public sealed record Abandon(FstProtocol.AbandonOpen Open) : SweepEffect;
    public sealed record Tell(FilesystemProtocol.Swept Message) : SweepEffect;
    public sealed record Stop : SweepEffect;
}

/// <summary>
/// The sweep at start: reads folder after folder, removes uploads that were cut off, and asks directories about everything else, a bounded number of
/// questions at a time. Nothing is deleted without the word of a directory
/// that knows it. Pure.
/// </summary>
public static class SweepRules
{
    /// <summary>What was found in a folder, without what transfers of now use; null: there are no more folders.</summary>
    public static (SweepState State, ImmutableArray<SweepEffect> Effects) OnFolder(SweepState s, FoundFolder? folder, SweepSettings settings)
    {
        if (folder is null) return (s with { Read = true, Reading = false }, []);
        var suspects = folder.Complete.Select(record => Of(record, complete: true)).Concat(folder.Kept.Select(record => Of(record, complete: false)));
        var questions = suspects.GroupBy(suspect => suspect.Directory)
            .SelectMany(group => group.Chunk(settings.Batch).Select(batch => new Question(group.Key, [.. batch], default)));
        var next = s with
        {
            Reading = false,
            Waiting = questions.Aggregate(s.Waiting, (queue, question) => queue.Enqueue(question)),
            Counts = s.Counts with
            {
                Replicas = s.Counts.Replicas + (ulong)folder.Kept.Count,
                Partial = s.Counts.Partial + (ulong)folder.Partial.Count,
                Strange = s.Counts.Strange + (ulong)folder.Strange.Count,
            },
        };
        return (next,
        [
            .. folder.Partial.Count > 0 ? [new SweepEffect.Discard([.. folder.Partial])] : ImmutableArray<SweepEffect>.Empty,
            .. folder.Strange.Count > 0 ? [new SweepEffect.SetAside([.. folder.Strange])] : ImmutableArray<SweepEffect>.Empty,
        ]);
    }

    /// <summary>
    /// A directory has spoken. An upload of an earlier run that could still be committed is abandoned, since nobody will: asked again, the directory
    /// has either accepted a commit that came before, or knows nothing of it. A file that the directory does not know may have been renamed away since: the directory that has it now
    /// is asked. An answer that does not match its question counts for nothing.
    /// </summary>
    /// <param name="found">Where files are now that are <see cref="Unsure"/>, by the index; what is not in it is nowhere.</param>
    public static (SweepState State, ImmutableArray<SweepEffect> Effects) OnOwned(
        SweepState s, FstProtocol.Owned answer, FsId fs, Guid session, IReadOnlyDictionary<FileId, DirectoryId> found)
    {
        if (!s.Asked.TryGetValue(answer.Asked, out var question) || question.Suspects.Length != answer.Verdicts.Length) return (s, []);
        var all = question.Suspects.Zip(answer.Verdicts).ToArray();
        var known = all.Where(j => j.Second == FstProtocol.Ownership.Unknown && found.ContainsKey(j.First.File)).Select(j => j.First).ToArray();
        var moved = known.Where(suspect => found[suspect.File] != answer.Directory)
            .Select(suspect => new Question(found[suspect.File], [suspect with { Directory = found[suspect.File] }], default));
        var judged = all.Where(j => !known.Contains(j.First)).ToArray();
        var keep = judged.Where(j => j.Second == FstProtocol.Ownership.Keep && j.First.Complete).Select(j => new FstProtocol.Held(j.First.File, j.First.Open)).ToImmutableArray();
        var drop = judged.Where(j => j.Second == FstProtocol.Ownership.Drop || (j.Second == FstProtocol.Ownership.Unknown && j.First.Complete)).Select(j => j.First).ToArray();
        var unclaimed = known.Count(suspect => found[suspect.File] == answer.Directory) + judged.Count(j => j.Second == FstProtocol.Ownership.Stranger || (j.Second == FstProtocol.Ownership.Unknown && !j.First.Complete));
        var later = judged.Where(j => j.Second == FstProtocol.Ownership.Wait).Select(j => j.First).ToArray();
        var abandoned = later.Where(suspect => suspect.Complete)
            .Select((suspect, i) => new SweepEffect.Abandon(
                new FstProtocol.AbandonOpen(suspect.Directory, new OpId(session, s.Operations + 2 + (ulong)i), suspect.Open, suspect.File)));
        var next = s with
        {
            Asked = s.Asked.Remove(answer.Asked),
            Waiting = moved.Aggregate(s.Waiting, (queue, next) => queue.Enqueue(next)),
            Later = s.Later.AddRange(later),
            Operations = s.Operations + 1 + (ulong)later.Length,
            Counts = s.Counts with
            {
                Finished = s.Counts.Finished + (ulong)keep.Length,
                Dropped = s.Counts.Dropped + (ulong)drop.Length,
                Unclaimed = s.Counts.Unclaimed + (ulong)unclaimed,
                Replicas = s.Counts.Replicas - (ulong)drop.Count(suspect => !suspect.Complete),
            },
        };
        return (next,
        [
            .. keep.Length > 0 ? [new SweepEffect.Keep(keep)] : ImmutableArray<SweepEffect>.Empty,
            .. drop.Length > 0
                ? [new SweepEffect.Delete(new FstProtocol.ReplicaDropped(answer.Directory, new OpId(session, s.Operations + 1), fs, [.. drop.Select(suspect => suspect.File)]))]
                : ImmutableArray<SweepEffect>.Empty,
            .. abandoned,
        ]);
    }

    /// <summary>Files that a directory has said to know nothing of.</summary>
    public static ImmutableArray<FileId> Unsure(SweepState s, FstProtocol.Owned answer) => s.Asked.TryGetValue(answer.Asked, out var question)
        ? [.. question.Suspects.Zip(answer.Verdicts).Where(j => j.Second == FstProtocol.Ownership.Unknown).Select(j => j.First.File)]
        : [];

    /// <summary>Asks as many questions as may be on their way, reads on when few are left, and says when all is seen.</summary>
    public static (SweepState State, ImmutableArray<SweepEffect> Effects) GoOn(SweepState s, FsId fs, Guid session, Instant now, SweepSettings settings)
    {
        var effects = ImmutableArray.CreateBuilder<SweepEffect>();
        while (s.Asked.Count < settings.QuestionsInFlight && !s.Waiting.IsEmpty)
        {
            var question = s.Waiting.Peek() with { Sent = now };
            var op = new OpId(session, s.Operations + 1);
            s = s with { Waiting = s.Waiting.Dequeue(), Asked = s.Asked.Add(op, question), Operations = s.Operations + 1 };
            effects.Add(new SweepEffect.Ask(Message(op, question, fs)));
        }

        if (s.Waiting.IsEmpty && !s.Reading && !s.Read)
        {
            s = s with { Reading = true };
            effects.Add(new SweepEffect.ReadFolder());
        }

        if (!s.Read || !s.Waiting.IsEmpty || !s.Asked.IsEmpty) return (s, effects.ToImmutable());
        if (!s.Told) effects.Add(new SweepEffect.Tell(new FilesystemProtocol.Swept(s.Counts)));
        if (s.Later.IsEmpty) effects.Add(new SweepEffect.Stop());
        return (s with { Told = true }, effects.ToImmutable());
    }

    /// <summary>Time has passed: repeats unanswered questions and takes up what was put off.</summary>
    public static (SweepState State, ImmutableArray<SweepEffect> Effects) OnTick(SweepState s, FsId fs, Instant now, SweepSettings settings)
    {
        var late = s.Asked.Where(asked => now - asked.Value.Sent >= settings.RetryInterval).ToArray();
        var again = s.Later.GroupBy(suspect => suspect.Directory)
            .SelectMany(group => group.Chunk(settings.Batch).Select(batch => new Question(group.Key, [.. batch], default)));
        return (
            s with
            {
                Asked = s.Asked.SetItems(late.Select(asked => KeyValuePair.Create(asked.Key, asked.Value with { Sent = now }))),
                Waiting = again.Aggregate(s.Waiting, (queue, question) => queue.Enqueue(question)),
                Later = [],
            },
            [.. late.Select(asked => new SweepEffect.Ask(Message(asked.Key, asked.Value, fs)))]);
    }

    private static FstProtocol.WhoOwns Message(OpId op, Question question, FsId fs) =>
        new(question.Directory, op, fs, [.. question.Suspects.Select(suspect => new FstProtocol.Held(suspect.File, suspect.Open))]);

    private static Suspect Of(ReplicaRecord record, bool complete) => new(record.File, record.Open, record.Directory, complete);
}
