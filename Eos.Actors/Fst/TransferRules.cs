using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>Which transfers may begin, and how an upload becomes a replica.</summary>
public static class TransferRules
{
    /// <summary>Refused: EAGAIN while booting, ENODEV when the disk fails, EROFS and EACCES by configuration, ENOSPC when the booking does not fit.</summary>
    public static FilesystemStep Begin(FilesystemState s, Capability c, FilesystemFacts facts)
    {
        if (Refusal(s, c, facts) is { } refusal) return FilesystemStep.To(s, new FilesystemEffect.Reply(new NotBegun(refusal)));
        var id = new TransferId(s.Begun + 1);
        return FilesystemStep.To(
            s with { Begun = id.Value, Transfers = s.Transfers.Add(id, new Transfer(c, null)) },
            new FilesystemEffect.Reply(new Begun(id)));
    }

    /// <summary>Sends the commit. A transfer of an earlier life of the actor is not known: no commit was sent for it, so its bytes can go.</summary>
    public static FilesystemStep Finish(FilesystemState s, Finish x, FilesystemFacts facts)
    {
        if (!s.Transfers.TryGetValue(x.Transfer, out var transfer))
        {
            var unknown = new NotStored(x.Transfer, new Refusal(Errno.TryAgain, "the filesystem was started anew meanwhile"));
            return FilesystemStep.To(s, new FilesystemEffect.Discard(x.Record.File, x.Record.Open), new FilesystemEffect.Answer(x.Transfer, unknown));
        }

        if (!transfer.Writes || transfer.Commit is not null)
            return FilesystemStep.To(s, new FilesystemEffect.Answer(x.Transfer, new NotStored(x.Transfer, new Refusal(Errno.Invalid, "no such upload is open"))));
        var op = new OpId(facts.Session, s.Begun + 1);
        var commit = transfer.Restores ? Attachment(transfer.Capability, x, op, facts) : Commitment(transfer.Capability, x.Record, op);
        return FilesystemStep.To(
            s with
            {
                Begun = s.Begun + 1,
                Transfers = s.Transfers.SetItem(x.Transfer, transfer with { Commit = commit }),
                Sent = s.Sent.Add(op, (x.Transfer, facts.Now, false)),
            },
            new FilesystemEffect.ToDirectory(commit));
    }

    private static IForDirectory Commitment(Capability c, ReplicaRecord record, OpId op) => new FstProtocol.CommitFile(
        record.Directory, op, record.Open, record.File, record.Size, record.Checksum, c.Locations, record.Modified);

    private static IForDirectory Attachment(Capability c, Finish x, OpId op, FilesystemFacts facts) => new FstProtocol.AttachReplica(
        x.Record.Directory, op, new FstProtocol.Held(x.Record.File, x.Record.Open), facts.Identity.Id, x.Record.Size, x.Record.Checksum,
        c.Path[(c.Path.LastIndexOf('/') + 1)..], x.Replaces);

    /// <summary>A transfer is over. The head of a write that left nothing tells the directory, once; the open expires anyway.</summary>
    public static FilesystemStep End(FilesystemState s, TransferId id, FilesystemFacts facts)
    {
        if (!s.Transfers.TryGetValue(id, out var transfer) || transfer.Commit is not null || transfer.Awaiting is not null) return FilesystemStep.To(s);
        var next = s with { Transfers = s.Transfers.Remove(id) };
        var c = transfer.Capability;
        if (c.Operation != CapabilityOperation.Write || c.Locations.FirstOrDefault() != facts.Identity.Id) return FilesystemStep.To(next);
        return FilesystemStep.To(
            next with { Begun = s.Begun + 1 },
            new FilesystemEffect.ToDirectory(new FstProtocol.AbandonOpen(c.Directory, new OpId(facts.Session, s.Begun + 1), c.Open, c.File)));
    }

    public static FilesystemStep OnCommitted(FilesystemState s, FstProtocol.Committed x) =>
        s.Sent.TryGetValue(x.Op, out var sent) && s.Transfers[sent.Transfer].Capability is var c
            ? FilesystemStep.To(s with { Sent = s.Sent.Remove(x.Op) }, new FilesystemEffect.Keep(sent.Transfer, c.File, c.Open))
            : FilesystemStep.To(s);

    /// <summary>A repetition may be refused though the first try was accepted: the file may have gone on to another directory meanwhile.</summary>
    public static FilesystemStep OnRefused(FilesystemState s, FstProtocol.CommitRefused x, FilesystemFacts facts)
    {
        if (!s.Sent.TryGetValue(x.Op, out var sent)) return FilesystemStep.To(s);
        var (next, transfer) = (s with { Sent = s.Sent.Remove(x.Op) }, s.Transfers[sent.Transfer] with { Refused = new Refusal(x.Why, x.Text) });
        return sent.Again ? HoldRules.Doubt(next, sent.Transfer, transfer, facts) : HoldRules.Drop(next, sent.Transfer, transfer);
    }

    /// <summary>The directory has the file, so it is stored, also if the disk would not rename: the bytes are readable where they are, and the sweep renames.</summary>
    public static FilesystemStep OnKept(FilesystemState s, Kept x, FsId fs)
    {
        var answer = new FilesystemEffect.Answer(x.Transfer, new Stored(x.Transfer));
        var gone = x.Refusal?.Why == Errno.NoEntry;   // removed again before it was kept
        var counted = s.Transfers.GetValueOrDefault(x.Transfer) is { Restores: true } restored && restored.Capability.Locations.Contains(fs);   // made anew where it was
        var next = s with { Transfers = s.Transfers.Remove(x.Transfer), Replicas = s.Replicas + (gone || counted ? 0u : 1u) };
        return x.Refusal is { } refusal && !gone ? FilesystemRules.Trouble(next, refusal, answer) : FilesystemStep.To(next, answer);
    }

    /// <summary>Sends again, under the same operation id, every commit that was not answered for a while.</summary>
    public static (FilesystemState State, ImmutableArray<FilesystemEffect> Effects) Repeat(FilesystemState s, FilesystemFacts facts)
    {
        var late = s.Sent.Where(sent => facts.Now - sent.Value.At >= facts.Settings.RetryInterval).ToArray();
        return (
            s with { Sent = s.Sent.SetItems(late.Select(sent => KeyValuePair.Create(sent.Key, (sent.Value.Transfer, facts.Now, true)))) },
            [.. late.Select(sent => new FilesystemEffect.ToDirectory(s.Transfers[sent.Value.Transfer].Commit!))]);
    }

    /// <summary>Whether a transfer of now writes these bytes.</summary>
    public static bool Uses(FilesystemState s, FstProtocol.Held held) =>
        s.Transfers.Values.Any(transfer => transfer.Writes && transfer.Capability.File == held.File && transfer.Capability.Open == held.Open);

    private static Refusal? Refusal(FilesystemState s, Capability c, FilesystemFacts facts)
    {
        var fs = facts.Identity.Id;
        switch (s.Health.Boot)
        {
            case FstProtocol.BootStatus.Booted: break;
            case FstProtocol.BootStatus.Booting: return new Refusal(Errno.TryAgain, $"filesystem {fs} is booting");
            default: return new Refusal(Errno.NoDevice, $"filesystem {fs} does not serve: {s.Health.Text}");
        }

        if (c.Operation == CapabilityOperation.Read)
            return facts.StatusOf(s) > FstProtocol.ConfigStatus.Empty ? null : new Refusal(Errno.AccessDenied, $"filesystem {fs} is {facts.StatusOf(s)}");
        if (c.Operation == CapabilityOperation.Restore && s.Memory.Drops.ContainsKey(c.File))
            return new Refusal(Errno.Busy, $"filesystem {fs} has orders to delete file {c.File}");
        if (facts.StatusOf(s) < FstProtocol.ConfigStatus.WriteOnce) return new Refusal(Errno.ReadOnly, $"filesystem {fs} is {facts.StatusOf(s)}");
        var wanted = Math.Max(c.Content.Booking, c.Content.Size ?? 0);
        return wanted + facts.HeadroomOf(s) <= s.Space.Free
            ? null
            : new Refusal(Errno.NoSpace, $"filesystem {fs} has {s.Space.Free} bytes free and keeps {facts.HeadroomOf(s)}; {wanted} are needed");
    }
}
