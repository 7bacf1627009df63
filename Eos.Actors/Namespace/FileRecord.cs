using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>Numeric owner and group.</summary>
public readonly record struct Owner(uint Uid, uint Gid);

/// <summary>Changed: anything; modified: the content (a directory's: its names); born: never again.</summary>
public readonly record struct Times(Instant Changed, Instant Modified, Instant Born)
{
    public static Times At(Instant now) => new(now, now, now);
}

/// <summary>The bytes of a file: how many, their checksum, how and where they lie.</summary>
public sealed record Content(ulong Size, Checksum Checksum, LayoutId Layout, ImmutableArray<FsId> Locations);

/// <summary>All that is known of a file except its name. <paramref name="Mode"/>: permission bits only (07777).</summary>
/// <param name="Open">The open that wrote the bytes.</param>
public sealed record FileRecord(
    FileId Id,
    OpenId Open,
    Owner Owner,
    uint Mode,
    Times Times,
    Content Content,
    ImmutableSortedDictionary<string, string> Attributes)
{
    /// <summary>Where a symbolic link points, as it was written; empty: this is no link. A link has no bytes and no replicas.</summary>
    public string Link { get; init; } = "";

    /// <summary>When the bytes were last read, as exactly as the space wants to know; the epoch: that was never written down.</summary>
    public Instant Accessed { get; init; }

    public bool IsLink => Link.Length > 0;
}

/// <summary>A directory's own attributes; its name is in its parent. <paramref name="Mode"/>: permission bits only (07777).</summary>
public sealed record DirectoryRecord(
    DirectoryId Id,
    DirectoryId Parent,
    Owner Owner,
    uint Mode,
    Times Times,
    ImmutableSortedDictionary<string, string> Attributes)
{
    private AclMemo _acl;

    /// <summary>What lies below is accounted here and no further up.</summary>
    public bool IsQuotaNode { get; init; }

    /// <summary>The rules of its attributes, taken apart once.</summary>
    public EntryAcl Acl => _acl.Of(Attributes);
}
