using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Fst;

/// <summary>What a filesystem remembers over restarts.</summary>
/// <param name="Uuid">Its label; empty until the mount was labelled.</param>
/// <param name="Drops">Replicas to delete, and the directory to tell.</param>
public sealed record FilesystemMemory(string Uuid, ImmutableSortedDictionary<FileId, DirectoryId> Drops)
{
    public static readonly FilesystemMemory Empty = new("", ImmutableSortedDictionary<FileId, DirectoryId>.Empty);

    /// <summary>The highest that a master's order has carried.</summary>
    public ulong Token { get; init; }

    public FilesystemMemory Apply(IEvent e) => e switch
    {
        Labelled x => this with { Uuid = x.Uuid },
        MasterObeyed x => this with { Token = x.Token },
        DropsOrdered x => this with { Drops = Drops.SetItems(x.Files.Select(file => KeyValuePair.Create(file, x.Directory))) },
        DropsEnded x => this with { Drops = Drops.RemoveRange(x.Files) },
        _ => throw new InvalidOperationException($"no fold for {e.GetType().Name}"),
    };
}

/// <summary>A transfer that is open.</summary>
/// <param name="Commit">What was sent to the directory, and under which operation, when the bytes were complete; null until then.</param>
/// <param name="Awaiting">The bytes are complete and wait for the head's word; null if they do not.</param>
public sealed record Transfer(Capability Capability, IForDirectory? Commit, Awaiting? Awaiting = null)
{
    public bool Writes => Capability.Operation is CapabilityOperation.Write or CapabilityOperation.Restore;

    public bool Restores => Capability.Operation == CapabilityOperation.Restore;

    /// <summary>Why the directory refused the commit; null: it did not, or is not believed yet.</summary>
    public Refusal? Refused { get; init; }
}

/// <summary>How long bytes have waited, and the question about them that is open.</summary>
/// <param name="At">When they were complete, or the directory was last asked.</param>
public sealed record Awaiting(Instant At, OpId? Asked)
{
    /// <summary>The directory that has the file by now, as the index says; null: the one that it was opened in.</summary>
    public DirectoryId? Elsewhere { get; init; }
}

/// <summary>Deleted replicas that the directory has not yet noted.</summary>
public sealed record Notice(FstProtocol.ReplicaDropped Message, Instant Sent);

/// <summary>Everything that a filesystem's actor knows.</summary>
/// <param name="Deleting">Replicas whose deletion runs, or is done and waits to be noted.</param>
/// <param name="Sent">When each commit was last sent, and whether that was not the first time.</param>
public sealed record FilesystemState(
    FilesystemMemory Memory,
    FstProtocol.FsHealth Health,
    DiskSpace Space,
    ulong Replicas,
    ImmutableDictionary<TransferId, Transfer> Transfers,
    ImmutableDictionary<OpId, (TransferId Transfer, Instant At, bool Again)> Sent,
    ImmutableDictionary<OpId, Notice> Notices,
    ImmutableHashSet<FileId> Deleting)
{
    public static readonly FilesystemState Empty = new(
        FilesystemMemory.Empty,
        new FstProtocol.FsHealth(FstProtocol.BootStatus.Booting, Errno.None, "booting"),
        default,
        0,
        ImmutableDictionary<TransferId, Transfer>.Empty,
        ImmutableDictionary<OpId, (TransferId, Instant, bool)>.Empty,
        ImmutableDictionary<OpId, Notice>.Empty,
        []);

    /// <summary>Transfers and operations begun so far; names the next one.</summary>
    public ulong Begun { get; init; }

    /// <summary>The look for what earlier runs left was ordered in this run.</summary>
    public bool Swept { get; init; }

    /// <summary>The last sweep has ended.</summary>
    public bool HasSwept { get; init; }

    /// <summary>Replicas that were counted before the sweep that runs, which counts them again.</summary>
    public ulong Counted { get; init; }

    /// <summary>What the process takes of its machine, when it was last measured.</summary>
    public FstProtocol.FsSystem System { get; init; } = FstProtocol.FsSystem.None;

    /// <summary>What administrators want of it.</summary>
    public FsConfiguration Configured { get; init; } = FsConfiguration.None;

    /// <summary>Replicas found wrong since the start, each counted once until it is made good.</summary>
    public FstProtocol.FsFaults Faults { get; init; }

    /// <summary>Those of them that are not made good.</summary>
    public ImmutableHashSet<FileId> Bad { get; init; } = [];

    public bool Booted => Health.Boot == FstProtocol.BootStatus.Booted;

    public FilesystemState Apply(IEvent e) => this with { Memory = Memory.Apply(e) };
}
