using System.Collections.Immutable;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>
/// What is said of whole trees. A walk may take hours: it goes on as long as its client takes what it is given, at most some parts ahead, and ends when the client falls silent.
/// It is made in a fixed order, so one that was cut off is taken up after the last path that arrived.
/// </summary>
public static partial class GatewayProtocol
{
    /// <summary>Removes a directory with all below it, or one file. Not atomic: what can't be removed is told and stays. Answered <see cref="TreeDone"/>.</summary>
    public sealed record RemoveTree(Head Head, string Path) : IRequest
    {
        /// <summary>Root's wish to pass by the recycle bin.</summary>
        public bool IsForced { get; init; }
    }

    /// <summary>Finds what is below a path and fits, in the order of a walk by names. Answered <see cref="TreeDone"/>.</summary>
    /// <param name="After">Go on after this path, which an earlier part ended with; empty: from the beginning.</param>
    public sealed record Find(Head Head, string Path, string After, FindQuery Query) : ILook;

    /// <summary>Walks everything and compares it with what is said of it elsewhere; each difference is a fault. Root only. Answered <see cref="TreeDone"/>.</summary>
    public sealed record CheckNamespace(Head Head) : IRequest;

    /// <summary>Whether a request is about a whole tree: it goes on by itself, so a client that wants no more of it has to say so.</summary>
    public static bool IsWalk(IRequest request) => request is RemoveTree or Find or CheckNamespace or IOwnershipRequest { Recursive: true };

    /// <summary>The client has taken all parts up to this one.</summary>
    public sealed record Acknowledge(OpId Op, OpId Run, uint Sequence);

    /// <summary>The client wants no more of this operation.</summary>
    public sealed record Abandon(OpId Op);

    /// <summary>A part of a walk.</summary>
    /// <param name="Run">Another one than before: the walk was begun anew, elsewhere or later.</param>
    /// <param name="Sequence">1, 2 and so on within a run.</param>
    /// <param name="At">What the walk had reached: <see cref="Find.After"/> of one that goes on from here.</param>
    /// <param name="Files">Found or done since the run began.</param>
    public sealed record TreePart(
        OpId Op, OpId Run, uint Sequence, string At, ulong Files, ulong Directories, ImmutableArray<TreeRow> Rows, ImmutableArray<TreeFault> Faults) : IReply;

    /// <summary>The walk is done.</summary>
    /// <param name="Faults">How often something failed; the first errno says why.</param>
    public sealed record TreeDone(OpId Op, ulong Files, ulong Directories, ulong Faults, Errno First) : IFinal
    {
        /// <summary>What was removed lies in the recycle bin under this key; empty: it does not.</summary>
        public string RestoreKey { get; init; } = "";
    }

    /// <summary>One entry that was found. Records are there if they were asked for.</summary>
    /// <param name="Target">Of a link: where it points.</param>
    public sealed record TreeRow(string Path, EntryKind Kind, string Target)
    {
        public FileRecord? File { get; init; }
        public DirectoryRecord? Directory { get; init; }

        /// <summary>Of a directory's own entries.</summary>
        public DirectoryProtocol.DirectoryCounts Counts { get; init; }

        /// <summary>Of all below a directory.</summary>
        public TreeCounts Tree { get; init; }

        /// <summary>The directory that a file is in.</summary>
        public DirectoryId Parent { get; init; }

        /// <summary>Filesystems that were told to delete a file and have not said that they have.</summary>
        public ImmutableArray<FsId> Unlinked { get; init; } = [];
    }

    public sealed record TreeFault(string Path, Errno Why, string Text);

    /// <summary>What is looked for. All that is given must hold.</summary>
    public sealed record FindQuery
    {
        public static readonly FindQuery Everything = new();

        public bool Files { get; init; } = true;
        public bool Directories { get; init; } = true;

        /// <summary>How far down; 0: the path alone; null: to the ground.</summary>
        public uint? MaxDepth { get; init; }

        /// <summary>What is told of each.</summary>
        public FindDetail Detail { get; init; }

        /// <summary>A regular expression that some part of the name fits; empty: any name.</summary>
        public string Name { get; init; } = "";

        public uint? Uid { get; init; }
        public uint? NotUid { get; init; }
        public uint? Gid { get; init; }
        public uint? NotGid { get; init; }

        /// <summary>Permission bits. Up to 0777 only those are compared.</summary>
        public uint? Mode { get; init; }

        public uint? NotMode { get; init; }
        public Instant? ChangedBefore { get; init; }
        public Instant? ChangedAfter { get; init; }
        public Instant? ModifiedBefore { get; init; }
        public Instant? ModifiedAfter { get; init; }

        /// <summary>Has this attribute; empty: whatever it has.</summary>
        public string Attribute { get; init; } = "";

        /// <summary>With this value; `*`: any.</summary>
        public string Value { get; init; } = "*";

        /// <summary>Files without a byte.</summary>
        public bool Empty { get; init; }

        /// <summary>Files with replicas in several groups.</summary>
        public bool MixedGroups { get; init; }

        /// <summary>Files with more or fewer replicas than their layout wants.</summary>
        public bool WrongStripes { get; init; }

        /// <summary>Access rules that can't be read.</summary>
        public bool FaultyAcl { get; init; }

        /// <summary>Versions of files are passed over.</summary>
        public bool SkipVersions { get; init; }
    }

    /// <summary>What is told of each entry that is found. Append only.</summary>
    public enum FindDetail
    {
        /// <summary>Its path.</summary>
        Paths = 0,

        /// <summary>All that is known of it.</summary>
        Records = 1,

        /// <summary>Nothing: they are counted.</summary>
        Counts = 2,
    }
}
