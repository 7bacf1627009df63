using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>What becomes of an upload whose bytes are complete. Append only.</summary>
public enum Settlement
{
    /// <summary>The directory has the file.</summary>
    Keep = 1,

    /// <summary>It never will.</summary>
    Drop = 2,
}

/// <summary>
/// How a filesystem that is not the head waits: <c>complete → held → (the head's word, or the directory's) → kept or discarded</c>. Bytes are never dropped
/// while the open can still be committed: a question that is answered "wait" ends the open first, and asks again. A directory that knows nothing of the file may have given it away
/// long ago: then the one that has it now is asked.
/// </summary>
public static class HoldRules
{
    public static FilesystemStep Hold(FilesystemState s, Hold x, FilesystemFacts facts)
    {
        if (s.Transfers.TryGetValue(x.Transfer, out var transfer) && transfer is { Writes: true, Commit: null, Awaiting: null })
            return FilesystemStep.To(With(s, x.Transfer, transfer, new Awaiting(facts.Now, null)), new FilesystemEffect.Reply(new Holding(x.Transfer)));
        var refusal = new Refusal(Errno.TryAgain, "the filesystem was started anew meanwhile");
        return FilesystemStep.To(
            s, new FilesystemEffect.Discard(x.Record.File, x.Record.Open), new FilesystemEffect.Reply(new NotStored(x.Transfer, refusal)));
    }

    /// <summary>The head has spoken; of what is not held here nothing needs to be done.</summary>
    public static FilesystemStep Settle(FilesystemState s, Settle x)
    {
        var (id, transfer) = s.Transfers.FirstOrDefault(t => t.Value.Awaiting is not null && t.Value.Capability.File == x.File && t.Value.Capability.Open == x.Open);
        return transfer is null ? FilesystemStep.To(s) : Settle(s, id, transfer, x.Settlement);
    }

    /// <summary>The directory has spoken.</summary>
    public static FilesystemStep OnOwned(FilesystemState s, FstProtocol.Owned x, FilesystemFacts facts)
    {
        var (id, transfer) = s.Transfers.FirstOrDefault(t => t.Value.Awaiting is { Asked: { } asked } && asked == x.Asked);
        if (transfer is null || x.Verdicts.Length != 1) return FilesystemStep.To(s);
        switch (x.Verdicts[0])
        {
            case FstProtocol.Ownership.Keep: return Settle(s, id, transfer, Settlement.Keep);
            case FstProtocol.Ownership.Drop: return Settle(s, id, transfer, Settlement.Drop);
            case FstProtocol.Ownership.Unknown: return FilesystemStep.To(s, new FilesystemEffect.Locate(x.Asked, transfer.Capability.File));
            case FstProtocol.Ownership.Wait:
                var c = transfer.Capability;
                return FilesystemStep.To(
                    With(s with { Begun = s.Begun + 1 }, id, transfer, new Awaiting(facts.Now, null)),
                    new FilesystemEffect.ToDirectory(new FstProtocol.AbandonOpen(c.Directory, new OpId(facts.Session, s.Begun + 1), c.Open, c.File)));
            default: return FilesystemStep.To(With(s, id, transfer, new Awaiting(facts.Now, null)));
        }
    }

    /// <summary>The index has spoken. A directory that does not know a file which it is said to have is asked again later.</summary>
    public static FilesystemStep OnLocated(FilesystemState s, Located x, FilesystemFacts facts)
    {
        var (id, transfer) = s.Transfers.FirstOrDefault(t => t.Value.Awaiting is { Asked: { } asked } && asked == x.Asked);
        if (transfer is not { Awaiting: { } awaiting } || !x.IsKnown) return FilesystemStep.To(s);
        if (x.Directory is not { } directory) return Settle(s, id, transfer, Settlement.Drop);
        if (directory == (awaiting.Elsewhere ?? transfer.Capability.Directory)) return FilesystemStep.To(With(s, id, transfer, awaiting with { At = facts.Now }));
        var (next, question) = Ask(s, id, transfer, awaiting with { Elsewhere = directory }, facts);
        return FilesystemStep.To(next, question);
    }

    /// <summary>Asks about bytes that have waited long.</summary>
    public static (FilesystemState State, ImmutableArray<FilesystemEffect> Effects) Repeat(FilesystemState s, FilesystemFacts facts)
    {
        var questions = ImmutableArray.CreateBuilder<FilesystemEffect>();
        foreach (var (id, transfer) in s.Transfers.Where(t => t.Value.Awaiting is { } awaiting && facts.Now - awaiting.At >= facts.Settings.SettleTimeout).ToArray())
        {
            (s, var question) = Ask(s, id, transfer, transfer.Awaiting!, facts);
            questions.Add(question);
        }

        return (s, questions.ToImmutable());
    }

    /// <summary>The head asks, as the others do, what became of bytes whose commit it does not know the end of.</summary>
    public static FilesystemStep Doubt(FilesystemState s, TransferId id, Transfer transfer, FilesystemFacts facts)
    {
        var (next, question) = Ask(s, id, transfer, new Awaiting(facts.Now, null), facts);
        return FilesystemStep.To(next, question);
    }

    /// <summary>The bytes go. Who committed them is told why.</summary>
    public static FilesystemStep Drop(FilesystemState s, TransferId id, Transfer transfer)
    {
        var (c, next) = (transfer.Capability, s with { Transfers = s.Transfers.Remove(id) });
        var discard = new FilesystemEffect.Discard(c.File, c.Open);
        return transfer.Refused is { } refusal
            ? FilesystemStep.To(next, discard, new FilesystemEffect.Answer(id, new NotStored(id, refusal)))
            : FilesystemStep.To(next, discard);
    }

    private static (FilesystemState State, FilesystemEffect Question) Ask(FilesystemState s, TransferId id, Transfer transfer, Awaiting awaiting, FilesystemFacts facts)
    {
        var (c, op) = (transfer.Capability, new OpId(facts.Session, s.Begun + 1));
        return (
            With(s with { Begun = s.Begun + 1 }, id, transfer, awaiting with { At = facts.Now, Asked = op }),
            new FilesystemEffect.ToDirectory(new FstProtocol.WhoOwns(awaiting.Elsewhere ?? c.Directory, op, facts.Identity.Id, [new FstProtocol.Held(c.File, c.Open)])));
    }

    private static FilesystemStep Settle(FilesystemState s, TransferId id, Transfer transfer, Settlement settlement) => settlement == Settlement.Keep
        ? FilesystemStep.To(With(s, id, transfer, null), new FilesystemEffect.Keep(id, transfer.Capability.File, transfer.Capability.Open))
        : Drop(s, id, transfer);

    private static FilesystemState With(FilesystemState s, TransferId id, Transfer transfer, Awaiting? awaiting) =>
        s with { Transfers = s.Transfers.SetItem(id, transfer with { Awaiting = awaiting }) };
}
