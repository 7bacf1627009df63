using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>What the rules of a filesystem need of the world.</summary>
/// <param name="Status">Where the configuration says nothing.</param>
/// <param name="Session">Names this run of the actor in operation ids.</param>
public sealed record FilesystemFacts(Instant Now, Guid Session, FstProtocol.FsIdentity Identity, FstProtocol.ConfigStatus Status, FilesystemSettings Settings)
{
    /// <summary>What administrators want of it, or what it was started with.</summary>
    public FstProtocol.ConfigStatus StatusOf(FilesystemState s) => s.Configured.Status ?? Status;

    /// <summary>Bytes that stay free, likewise.</summary>
    public ulong HeadroomOf(FilesystemState s) => s.Configured.Headroom ?? Settings.Headroom;
}

/// <summary>Something for the shell to do, after the events of the step are stored.</summary>
public abstract record FilesystemEffect
{
    /// <summary>Answer whoever sent the input.</summary>
    public sealed record Reply(object Message) : FilesystemEffect;

    /// <summary>Answer the door that waits for a transfer's end, if one does.</summary>
    public sealed record Answer(TransferId Transfer, object Message) : FilesystemEffect;

    /// <summary>Send to a directory; its answer becomes an input.</summary>
    public sealed record ToDirectory(IForDirectory Message) : FilesystemEffect;

    /// <summary>Look up where a file is: <see cref="Located"/>. Without an index it is nowhere.</summary>
    public sealed record Locate(OpId Asked, FileId File) : FilesystemEffect;

    public sealed record Attach(bool Labelled) : FilesystemEffect;
    public sealed record Measure : FilesystemEffect;
    public sealed record Keep(TransferId Transfer, FileId File, OpenId Open) : FilesystemEffect;
    public sealed record Discard(FileId File, OpenId Open) : FilesystemEffect;
    public sealed record Delete(DirectoryId Directory, ImmutableArray<FileId> Files) : FilesystemEffect;

    /// <summary>Hand on to whoever compares replicas and makes them anew.</summary>
    public sealed record ToRestorer(object Message) : FilesystemEffect;

    /// <summary>Tell the views how things are.</summary>
    public sealed record Report : FilesystemEffect;

    /// <summary>Start to look for what earlier runs left.</summary>
    public sealed record Sweep : FilesystemEffect;
}

/// <summary>The state that follows, what to store, what to do then.</summary>
public sealed record FilesystemStep(FilesystemState State, ImmutableArray<IEvent> Events, ImmutableArray<FilesystemEffect> Effects)
{
    public static FilesystemStep To(FilesystemState state, params ImmutableArray<FilesystemEffect> effects) => new(state, [], effects);

    /// <summary>Folds the event into the state.</summary>
    public static FilesystemStep Store(FilesystemState state, IEvent e, params ImmutableArray<FilesystemEffect> effects) => new(state.Apply(e), [e], effects);
}

/// <summary>What a filesystem does with whatever it is told. Pure.</summary>
public static class FilesystemRules
{
    public static FilesystemStep Next(FilesystemState s, object input, FilesystemFacts facts) => input switch
    {
        Begin x => TransferRules.Begin(s, x.Capability, facts),
        Finish x => TransferRules.Finish(s, x, facts),
        End x => TransferRules.End(s, x.Transfer, facts),
        Hold x => HoldRules.Hold(s, x, facts),
        Settle x => HoldRules.Settle(s, x),
        FoundBad x => OnFoundBad(s, x),
        Correct x => FilesystemStep.To(s, new FilesystemEffect.ToDirectory(x.Correction)),
        MadeGood x => OnMadeGood(s, x.File),
        FstProtocol.RestoreReplica or FstProtocol.VerifyReplica => FilesystemStep.To(s, new FilesystemEffect.ToRestorer(input)),
        FstProtocol.Owned x => HoldRules.OnOwned(s, x, facts),
        Located x => HoldRules.OnLocated(s, x, facts),
        FstProtocol.Committed x => TransferRules.OnCommitted(s, x),
        FstProtocol.CommitRefused x => TransferRules.OnRefused(s, x, facts),
        FstProtocol.CommitUnknown => FilesystemStep.To(s),
        Kept x => TransferRules.OnKept(s, x, facts.Identity.Id),
        Discarded x => x.Refusal is { } refusal ? Trouble(s, refusal) : FilesystemStep.To(s),
        FstProtocol.DropReplicas x => DropRules.Order(s, x, facts),
        FstProtocol.OrderSweep x => OnSweepOrdered(s, x),
        FstProtocol.OrderBoot x => OnBootOrdered(s, x),
        Configure x => OnConfigured(s, x),
        Deleted x => DropRules.OnDeleted(s, x, facts),
        FstProtocol.Noted x => DropRules.OnNoted(s, x),
        AskIdle x => FilesystemStep.To(s, new FilesystemEffect.Reply(new Idle([.. x.Opens.Where(held => !TransferRules.Uses(s, held))]))),
        Swept x => OnSwept(s, x.Counts),
        Attached x => OnAttached(s, x, facts),
        Measured x => OnMeasured(s, x),
        ReportTick => FilesystemStep.To(s, s.Booted ? new FilesystemEffect.Measure() : new FilesystemEffect.Attach(s.Memory.Uuid.Length > 0)),
        RetryTick => Retry(s, facts),
        _ => throw new InvalidOperationException($"no rule for {input.GetType().Name}"),
    };

    /// <summary>How the filesystem is, in whole.</summary>
    public static FstProtocol.FsReport Report(FilesystemState s, FilesystemFacts facts, FstProtocol.FsLoad load, ulong incarnation, ulong sequence) => new(
        facts.Identity,
        facts.StatusOf(s),
        s.Health with { Swept = s.Swept },
        new FstProtocol.FsUsage(s.Space.Capacity, s.Space.Free, facts.HeadroomOf(s), s.Space.Inodes, s.Space.InodesFree, s.Replicas) { Faults = s.Faults },
        load with
        {
            OpenForRead = (uint)s.Transfers.Values.Count(transfer => !transfer.Writes),
            OpenForWrite = (uint)s.Transfers.Values.Count(transfer => transfer.Writes),
        },
        incarnation,
        sequence,
        facts.Now)
    {
        System = s.System,
    };

    private static FilesystemStep OnFoundBad(FilesystemState s, FoundBad x)
    {
        var file = x.Replica.Capability.File;
        if (s.Bad.Contains(file)) return FilesystemStep.To(s, new FilesystemEffect.ToRestorer(x));
        var faults = x.Fault == ReplicaFault.Missing ? s.Faults with { Missing = s.Faults.Missing + 1 } : s.Faults with { Broken = s.Faults.Broken + 1 };
        return FilesystemStep.To(s with { Bad = s.Bad.Add(file), Faults = faults }, new FilesystemEffect.ToRestorer(x), new FilesystemEffect.Report());
    }

    private static FilesystemStep OnMadeGood(FilesystemState s, FileId file) => s.Bad.Contains(file)
        ? FilesystemStep.To(s with { Bad = s.Bad.Remove(file), Faults = s.Faults with { Restored = s.Faults.Restored + 1 } }, new FilesystemEffect.Report())
        : FilesystemStep.To(s);

    /// <summary>A disk that fails takes no new transfers until it can be attached again.</summary>
    internal static FilesystemStep Trouble(FilesystemState s, Refusal refusal, params ImmutableArray<FilesystemEffect> effects) => FilesystemStep.To(
        s with { Health = new FstProtocol.FsHealth(FstProtocol.BootStatus.OperationError, refusal.Why, refusal.Text) },
        [.. effects, new FilesystemEffect.Report()]);

    private static FilesystemStep OnAttached(FilesystemState s, Attached x, FilesystemFacts facts)
    {
        if (x.Refusal is { } refusal)
        {
            var status = s.Health.Boot == FstProtocol.BootStatus.OperationError ? FstProtocol.BootStatus.OperationError : FstProtocol.BootStatus.BootFailure;
            return FilesystemStep.To(s with { Health = new FstProtocol.FsHealth(status, refusal.Why, refusal.Text) }, new FilesystemEffect.Report());
        }

        if (s.Booted) return FilesystemStep.To(s);
        var next = s with { Health = new FstProtocol.FsHealth(FstProtocol.BootStatus.Booted, Errno.None, ""), Space = x.Space };
        ImmutableArray<FilesystemEffect> effects = [new FilesystemEffect.Report()];
        (next, var deletions) = DropRules.Resume(next, facts);
        return s.Memory.Uuid.Length == 0
            ? FilesystemStep.Store(next, new Labelled(facts.Identity.Id, facts.Identity.Uuid), [.. effects, .. deletions])
            : FilesystemStep.To(next, [.. effects, .. deletions]);
    }

    /// <summary>Only the newest master is obeyed; the sweep runs once in a run of the actor.</summary>
    private static FilesystemStep OnSweepOrdered(FilesystemState s, FstProtocol.OrderSweep x)
    {
        if (x.Token < s.Memory.Token || !s.Booted || s.Swept) return FilesystemStep.To(s);
        var next = s with { Swept = true };
        return x.Token > s.Memory.Token
            ? FilesystemStep.Store(next, new MasterObeyed(x.Token), new FilesystemEffect.Sweep(), new FilesystemEffect.Report())
            : FilesystemStep.To(next, new FilesystemEffect.Sweep(), new FilesystemEffect.Report());
    }

    /// <summary>The mount and its label are looked at anew; what runs goes on. Another sweep begins only when the last one has ended.</summary>
    private static FilesystemStep OnBootOrdered(FilesystemState s, FstProtocol.OrderBoot x)
    {
        var next = s with { Health = new FstProtocol.FsHealth(FstProtocol.BootStatus.Booting, Errno.None, "booting") };
        ImmutableArray<FilesystemEffect> effects = [new FilesystemEffect.Report(), new FilesystemEffect.Attach(s.Memory.Uuid.Length > 0)];
        return x.Sweeps && s.HasSwept
            ? FilesystemStep.To(next with { HasSwept = false, Counted = s.Replicas }, [.. effects, new FilesystemEffect.Sweep()])
            : FilesystemStep.To(next, effects);
    }

    /// <summary>What lay there when the sweep began, and what has come and gone since.</summary>
    private static FilesystemStep OnSwept(FilesystemState s, SweepCounts found)
    {
        var replicas = (long)(s.Replicas + found.Replicas + found.Finished) - (long)s.Counted;
        return FilesystemStep.To(s with { Replicas = (ulong)Math.Max(0, replicas), Counted = 0, HasSwept = true }, new FilesystemEffect.Report());
    }

    private static FilesystemStep OnConfigured(FilesystemState s, Configure x)
    {
        if (s.Configured.Values.SequenceEqual(x.Configuration.Values)) return FilesystemStep.To(s);
        return FilesystemStep.To(s with { Configured = x.Configuration }, new FilesystemEffect.Report());
    }

    private static FilesystemStep OnMeasured(FilesystemState s, Measured x) =>
        x.Refusal is { } refusal ? Trouble(s, refusal) : FilesystemStep.To(s with { Space = x.Space, System = x.System }, new FilesystemEffect.Report());

    private static FilesystemStep Retry(FilesystemState s, FilesystemFacts facts)
    {
        (s, var commits) = TransferRules.Repeat(s, facts);
        (s, var questions) = HoldRules.Repeat(s, facts);
        (s, var notices) = DropRules.Repeat(s, facts);
        (s, var deletions) = s.Booted ? DropRules.Resume(s, facts) : (s, []);
        return FilesystemStep.To(s, [.. commits, .. questions, .. notices, .. deletions]);
    }
}
