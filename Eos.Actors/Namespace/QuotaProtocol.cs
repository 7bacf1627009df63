using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// Quota nodes. A directory becomes one with its first limit, and accounts from then on what lies below it up to deeper nodes. The gateway asks the deepest node above a file before it
/// lets it be opened for writing (<see cref="AskQuota"/>).
/// </summary>
public static class QuotaProtocol
{
    // commands

    /// <summary>Sets limits of a user or group; null: as it is. 0 takes one away. The first limit makes the directory a quota node.</summary>
    /// <param name="OnlyThere">One of the limits that are named must be there (EINVAL): for taking them away.</param>
    public sealed record SetQuota(DirectoryId Directory, Call Call, QuotaSubject Subject, ulong? Volume, ulong? Inodes, bool OnlyThere) : ICommand;

    /// <summary>The directory is no quota node any more: its limits go, and what it has counts for the next node above. Administrators only.</summary>
    public sealed record EndQuotaNode(DirectoryId Directory, Call Call) : ICommand;

    /// <summary>Lets somebody's usage be this until it is counted anew; null: as it is. Root only.</summary>
    public sealed record CorrectQuota(DirectoryId Directory, Call Call, QuotaSubject Subject, ulong? Logical, ulong? Physical, ulong? Inodes) : ICommand;

    /// <summary>Forgets all corrections. Root only.</summary>
    public sealed record RecountQuota(DirectoryId Directory, Call Call) : ICommand;

    /// <summary>Counts the directory's own entries anew, and tells the parent again. Root only.</summary>
    public sealed record RecountTotals(DirectoryId Directory, Call Call) : ICommand;

    // queries

    /// <summary>May somebody write so many bytes (on disks) and files more below this node? Answered <see cref="QuotaSaid"/>.</summary>
    /// <param name="Share">What is counted already and goes when this is written: see <see cref="AskShare"/>.</param>
    public sealed record AskQuota(DirectoryId Directory, OpId Op, Owner Owner, ulong Volume, ulong Inodes, Usage Share) : IQuery;

    /// <summary>
    /// What is counted already of a file that is to be written: what <paramref name="By"/> stored under this name when it was asked before, and an upload that the new one takes the place of. Answered
    /// <see cref="ShareSaid"/>.
    /// </summary>
    /// <param name="Replaces">What stands there under that name goes.</param>
    public sealed record AskShare(DirectoryId Directory, OpId Op, string Name, Owner Owner, OpId By, bool Replaces) : IQuery;

    /// <summary>Answered <see cref="QuotaRead"/>.</summary>
    public sealed record ReadQuota(DirectoryId Directory, OpId Op) : IQuery;

    // replies

    /// <param name="Refusal">Why not; empty: it may.</param>
    /// <param name="Left">Bytes on disks that the limits leave; null: there is no limit of volume.</param>
    public sealed record QuotaSaid(DirectoryId Directory, OpId Op, string Refusal, ulong? Left) : IReply;

    public sealed record ShareSaid(DirectoryId Directory, OpId Op, Usage Share) : IReply;

    /// <param name="Usage">By owner, what lies below up to deeper nodes.</param>
    public sealed record QuotaRead(DirectoryId Directory, OpId Op, DirectoryRecord Self, QuotaBook Book, ImmutableArray<OwnerUsage> Usage) : IReply;

    // events

    /// <summary>Answered <see cref="Done"/> when it is asked for again.</summary>
    public interface IQuotaEvent : IEvent;

    /// <summary>These are the limits of somebody from now on; both 0: none.</summary>
    public sealed record QuotaLimited(Stamp Stamp, QuotaSubject Subject, QuotaLimit Limit) : IQuotaEvent;

    public sealed record QuotaEnded(Stamp Stamp) : IQuotaEvent;
    public sealed record QuotaCorrected(Stamp Stamp, QuotaSubject Subject, QuotaCorrection Correction) : IQuotaEvent;
    public sealed record QuotaRecounted(Stamp Stamp) : IQuotaEvent;

    /// <summary>What the directory's own files and opens take, counted anew.</summary>
    public sealed record TotalsRecounted(Stamp Stamp, DirectoryCounts Counts, ImmutableArray<OwnerUsage> Own) : IQuotaEvent;
}
