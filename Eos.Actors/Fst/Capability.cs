using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>What a capability allows. Append only.</summary>
public enum CapabilityOperation
{
    Read = 1,
    Write = 2,
    Delete = 3,

    /// <summary>Never signed: what a server does when it makes one of its replicas anew from others, as a write without a client.</summary>
    Restore = 4,
}

/// <summary>
/// What a directory lets the bearer do with the bytes of one file; a data server knows of no users and obeys only this.
/// It travels signed (<see cref="SignedCapability"/>) in the URL that the client is redirected to.
/// </summary>
/// <param name="Open">A write: the open to commit. A read: the open whose bytes are meant.</param>
/// <param name="Directory">Whom to ask for the commit.</param>
/// <param name="Path">For people only: logs and listings.</param>
/// <param name="Places">The filesystems of the file in the order of the chain; the first is the head.</param>
public sealed record Capability(
    CapabilityOperation Operation, OpenId Open, FileId File, DirectoryId Directory, string Path,
    ImmutableArray<ReplicaPlace> Places, CapabilityContent Content, CapabilityGrant Grant)
{
    /// <summary>How fast the bytes may go, and how they are written.</summary>
    public CapabilityPace Pace { get; init; } = CapabilityPace.None;

    /// <summary>A write: the modification time that the file gets; null: the moment of the upload.</summary>
    public Instant? Modified { get; init; }

    /// <summary>The filesystems alone.</summary>
    public ImmutableArray<FsId> Locations => [.. Places.Select(place => place.Fs)];

    public bool Equals(Capability? other) =>
        other is not null && Operation == other.Operation && Open == other.Open && File == other.File && Directory == other.Directory
        && Path == other.Path && Places.SequenceEqual(other.Places) && Content == other.Content && Grant == other.Grant && Pace == other.Pace && Modified == other.Modified;

    public override int GetHashCode() => HashCode.Combine(Operation, Open, File);
}

/// <summary>A filesystem that has, or is to have, the bytes, and the data port by which it is reached.</summary>
public readonly record struct ReplicaPlace(FsId Fs, string Host, int Port);

/// <summary>A capability as it travels, and the place in its chain that is meant; -1: none of them.</summary>
public sealed record ChainGrant(Capability Capability, string Text, int Position)
{
    public ReplicaPlace Place => Capability.Places[Position];

    /// <summary>The same for the place behind this one; null at the end of the chain.</summary>
    public ChainGrant? Next => Position + 1 < Capability.Places.Length ? this with { Position = Position + 1 } : null;

    /// <summary>The same for all other places, in order.</summary>
    public IEnumerable<ChainGrant> Others => Enumerable.Range(0, Capability.Places.Length).Where(i => i != Position).Select(i => this with { Position = i });
}

/// <summary>The bytes themselves.</summary>
/// <param name="Checksum">A read: what the bytes must have. A write: the type to compute, and what the client says that it comes to, or empty.</param>
/// <param name="Size">A read: what the file has. A write: what the client announced, null if it did not.</param>
/// <param name="MinSize">A smaller upload is refused with EINVAL.</param>
/// <param name="MaxSize">A larger upload is refused with EFBIG.</param>
/// <param name="Booking">Bytes to reserve before the first arrives.</param>
public sealed record CapabilityContent(LayoutId Layout, Checksum Checksum, ulong? Size, ulong MinSize, ulong MaxSize, ulong Booking);

/// <summary>How the bytes go.</summary>
/// <param name="Bandwidth">Bytes a second at most; 0: as fast as they go.</param>
/// <param name="SyncsEach">Each block is on stable storage before the next one is taken.</param>
public sealed record CapabilityPace(ulong Bandwidth, bool SyncsEach)
{
    public static readonly CapabilityPace None = new(0, false);
}

/// <summary>For whom and until when.</summary>
public sealed record CapabilityGrant(uint Uid, uint Gid, Instant Expires)
{
    /// <summary>How long a capability is good unless the issuer says otherwise: EOS's one hour.</summary>
    public static readonly TimeSpan UsualLife = TimeSpan.FromHours(1);
}
