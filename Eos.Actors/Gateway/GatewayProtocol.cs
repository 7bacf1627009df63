using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;
using Eos.Master;
using Eos.Namespace;
using Eos.Views;

namespace Eos.Gateway;

/// <summary>
/// Everything a client may say to `/user/gateway` and be answered.
/// <para>
/// The client speaks first. Any message may be lost: a client repeats an unanswered request, with the same operation id, for as long as it cares; changes
/// then happen once. Each request has one last answer (<see cref="IFinal"/>): what it asked for, <see cref="Refused"/> (nothing changed) or <see cref="Unknown"/>
/// (repeat with the same operation id). Before it, requests about trees stream <see cref="TreePart"/>s, a few at a time, until they are taken (<see cref="Acknowledge"/>).
/// Lists come in pages: the client asks for the next one with the last name it got, which works across changes.
/// </para>
/// </summary>
public static partial class GatewayProtocol
{
    /// <summary>Where the gateway is registered with the cluster-client receptionist.</summary>
    public const string Path = "/user/gateway";

    /// <summary>No query keys.</summary>
    public static readonly ImmutableSortedDictionary<string, string> NoOptions = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Who the caller says it is. A holder of the cluster's client key is believed; others are nobody (99, 99).</summary>
    public sealed record Claim(uint Uid, uint Gid, string Name, string Host, string App)
    {
        public static readonly Claim Nobody = new(99, 99, "nobody", "localhost", "");

        /// <summary>As whom it wants to act; null: as itself.</summary>
        public uint? RoleUid { get; init; }

        /// <inheritdoc cref="RoleUid"/>
        public uint? RoleGid { get; init; }

        /// <summary>The text of a token (EOSAUTHZ); empty: none.</summary>
        public string Token { get; init; } = "";

        /// <summary>A key that stands for a user; empty: none.</summary>
        public string Key { get; init; } = "";

        /// <summary>The word of a door of a node that has seen who the caller is (<see cref="SignedTicket"/>): counts instead of what is claimed. Empty: none.</summary>
        public string Ticket { get; init; } = "";

        /// <summary>By what door the caller comes that has no ticket, and is believed nothing: `unix`, `http`. Empty: it holds the client key, which is a proof.</summary>
        public string Door { get; init; } = "";

        /// <summary>Why it asks, for the logbook; empty: it does not say, and nothing is written there.</summary>
        public string Comment { get; init; } = "";
    }

    /// <summary>What every request has. All operations of this client below <paramref name="AnsweredBelow"/> have had their answer.</summary>
    public sealed record Head(OpId Op, ulong AnsweredBelow, Claim Claim);

    public interface IRequest
    {
        Head Head { get; }
    }

    /// <summary>A request that changes nothing.</summary>
    public interface ILook : IRequest;

    // commands

    /// <summary>Makes a directory. <paramref name="Mode"/> null: the parent's. With <paramref name="Parents"/> missing parents too, and no complaint if it exists.</summary>
    public sealed record MakeDirectory(Head Head, string Path, bool Parents, uint? Mode) : IRequest;

    /// <summary>Removes one file (its name at once, its bytes soon).</summary>
    public sealed record RemoveFile(Head Head, string Path) : IRequest
    {
        /// <summary>Root's wish to pass by the recycle bin.</summary>
        public bool IsForced { get; init; }
    }

    /// <summary>Removes one empty directory.</summary>
    public sealed record RemoveDirectory(Head Head, string Path) : IRequest;

    /// <summary>Gives a file or directory another name, in its directory or another. EEXIST: it is taken.</summary>
    /// <param name="Overwrite">As `mv` does: a file is replaced, a directory takes the place of an empty one, and things are put into a directory that is there.</param>
    public sealed record Rename(Head Head, string From, string To, bool Overwrite) : IRequest;

    /// <summary>Wants to store a whole file. Answered <see cref="Redirect"/>.</summary>
    /// <param name="Size">Bytes to come, if known: a placement hint and a promise.</param>
    /// <param name="Overwrite">False: EEXIST if the name is there.</param>
    /// <param name="Checksum">Null: the directory's or the instance's default (adler32).</param>
    public sealed record OpenWrite(Head Head, string Path, ulong? Size, bool Overwrite, ChecksumType? Checksum) : IRequest
    {
        /// <summary>Filesystems not to use: the client has just found that they can't be reached.</summary>
        public ImmutableArray<FsId> Excluded { get; init; } = [];

        /// <summary>What the client asks for in EOS's query keys (`eos.space`); see <see cref="Scheduling.RequestOptions"/>.</summary>
        public ImmutableSortedDictionary<string, string> Options { get; init; } = NoOptions;
    }

    /// <summary>Brings a file to the replicas that its layout wants: missing ones are made, superfluous and lost ones given up. Root only. Answered <see cref="Arranged"/>.</summary>
    /// <param name="KeepsAll">No place is given up.</param>
    public sealed record AdjustReplicas(Head Head, string Path, bool KeepsAll) : IRequest
    {
        /// <summary>Filesystems that get no new replica.</summary>
        public ImmutableArray<FsId> Excluded { get; init; } = [];
    }

    /// <summary>Lets filesystems read what they have of a file; bad replicas are made anew. Root only. Answered <see cref="Arranged"/>.</summary>
    /// <param name="Fs">One of its places; null: all.</param>
    public sealed record VerifyReplicas(Head Head, string Path, FsId? Fs) : IRequest
    {
        /// <summary>See only whether they are there.</summary>
        public bool Glance { get; init; }

        /// <summary>What of the bytes counts from now on: of the filesystem that is named, else of the first that serves.</summary>
        public Fst.FstProtocol.Correction Corrects { get; init; }

        /// <summary>Bytes a second that each filesystem reads at most; 0: as fast as it goes.</summary>
        public ulong Rate { get; init; }
    }

    /// <summary>Makes a further replica of a file from the one on <paramref name="Source"/>. Root only. Answered <see cref="Arranged"/>.</summary>
    /// <param name="Moves">The source is given up when the new one is there.</param>
    public sealed record CopyReplica(Head Head, string Path, FsId Source, FsId Target, bool Moves) : IRequest;

    /// <summary>Gives a file another layout; no byte is moved. Root only. What is null stays.</summary>
    /// <param name="Type">As EOS's `-type`: the hexadecimal layout id to take type and block size from.</param>
    public sealed record ChangeLayout(Head Head, string Path, int? Stripes, LayoutId? Type, ChecksumType? Checksum) : IRequest;

    /// <summary>Gives up one place of a file. Root only.</summary>
    public sealed record DropReplica(Head Head, string Path, FsId Fs) : IRequest;

    /// <summary>Gives the master role to that node, by name or "host:port", and waits until it has it. Root only, as the next two.</summary>
    public sealed record MoveMaster(Head Head, string Node) : IRequest;

    /// <summary>Whether standbys take the master role by themselves when it is free.</summary>
    public sealed record SetMasterFailover(Head Head, bool On) : IRequest;

    public sealed record ClearMasterLog(Head Head) : IRequest;

    // queries

    /// <summary>Wants to read a file. Answered <see cref="Redirect"/>.</summary>
    public sealed record OpenRead(Head Head, string Path) : ILook
    {
        /// <summary>Replicas not to be sent to, ENETUNREACH if no other is there: EOS's `eos.excludefsid`.</summary>
        public ImmutableArray<FsId> Excluded { get; init; } = [];

        /// <summary>As of <see cref="OpenWrite"/>.</summary>
        public ImmutableSortedDictionary<string, string> Options { get; init; } = NoOptions;
    }

    /// <summary>One page of names after <paramref name="After"/> (empty: from the first), in ordinal UTF-8 order. Of a file: itself.</summary>
    /// <param name="Long">Fill in what sub-directories know of themselves; else only what the directory itself knows.</param>
    public sealed record List(Head Head, string Path, string After, bool Long) : ILook;

    /// <summary>Answered <see cref="Status"/>.</summary>
    public sealed record Stat(Head Head, string Path) : ILook;

    /// <summary>Answered <see cref="FileInformation"/> or <see cref="DirectoryInformation"/>. A symbolic link is itself.</summary>
    public sealed record Inform(Head Head, string Path) : ILook;

    public sealed record ListFilesystems(Head Head) : ILook;
    public sealed record ListNodes(Head Head) : ILook;
    public sealed record ListGroups(Head Head) : ILook;
    public sealed record ListSpaces(Head Head) : ILook;
    public sealed record AskStatistics(Head Head) : ILook;

    /// <summary>Answered <see cref="MasterLog"/>.</summary>
    public sealed record ReadMasterLog(Head Head) : ILook;
    public sealed record AskVersion(Head Head) : ILook;

    // replies

    public interface IReply
    {
        OpId Op { get; }
    }

    /// <summary>Ends the conversation about its operation.</summary>
    public interface IFinal : IReply;

    public sealed record Done(OpId Op) : IFinal;

    /// <summary>The rules said no; nothing changed.</summary>
    public sealed record Refused(OpId Op, Errno Why, string Text) : IFinal;

    /// <summary>Nobody can say whether it happened: repeat with the same operation id.</summary>
    public sealed record Unknown(OpId Op, string Text) : IFinal;

    /// <summary>What was ordered; it happens soon.</summary>
    public sealed record Arranged(OpId Op, ImmutableArray<ReplicaWork> Work) : IFinal;

    /// <summary>Do the transfer there: `http://host:port` + path, with the capability as query `cap`.</summary>
    /// <param name="Path">Normalised, not escaped.</param>
    /// <param name="Size">Of the file to read; 0 for a write.</param>
    public sealed record Redirect(OpId Op, string Host, int Port, string Path, string Capability, FileId File, OpenId Open, ulong Size) : IFinal
    {
        /// <summary>The filesystems of the transfer; the first is the one at the other end.</summary>
        public ImmutableArray<FsId> Locations { get; init; } = [];

        /// <summary>The URL to PUT to or GET from.</summary>
        public Uri Url => new($"http://{Host}:{Port}{Escape(Path)}?{Fst.FstProtocol.CapabilityQuery}={Uri.EscapeDataString(Capability)}");

        private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
    }

    /// <summary>Entries in name order. <paramref name="More"/>: ask again with the last name. An empty page without more is the end.</summary>
    public sealed record Listing(OpId Op, ImmutableArray<Entry> Entries, bool More) : IFinal;

    public sealed record Status(OpId Op, string Path, Entry Entry) : IFinal;

    /// <param name="Path">Of a detached file: the name that it had.</param>
    /// <param name="Parent">0: the file is detached, it was removed and waits for its replicas to be deleted.</param>
    /// <param name="Replicas">One for each location that the view knows.</param>
    public sealed record FileInformation(OpId Op, string Path, DirectoryId Parent, FileRecord File, ImmutableArray<FsView> Replicas) : IFinal
    {
        /// <summary>Filesystems that were told to delete the file and have not said that they have.</summary>
        public ImmutableArray<FsId> Unlinked { get; init; } = [];

        public bool IsDetached => Parent == default;
    }

    /// <param name="Files">Files in this very directory.</param>
    /// <param name="Directories">Sub-directories in this very directory.</param>
    /// <param name="Bytes">Sum of the sizes of these files.</param>
    public sealed record DirectoryInformation(OpId Op, string Path, DirectoryRecord Directory, ulong Files, ulong Directories, ulong Bytes) : IFinal
    {
        /// <summary>Of the whole tree below; late by some seconds.</summary>
        public TreeCounts Tree { get; init; }
    }

    public sealed record Filesystems(OpId Op, ImmutableArray<FsView> Rows) : IFinal;
    public sealed record Nodes(OpId Op, ImmutableArray<NodeView> Rows) : IFinal;
    public sealed record Groups(OpId Op, ImmutableArray<GroupView> Rows) : IFinal;
    public sealed record Spaces(OpId Op, ImmutableArray<SpaceView> Rows) : IFinal;

    /// <summary>Answers <see cref="AskStatistics"/>: of the node that answers.</summary>
    public sealed record Statistics(OpId Op, NamespaceCounts Namespace, ProcessCounts Process, ImmutableArray<CommandCounts> Commands, Leadership Leadership) : IFinal
    {
        /// <summary>More of `ns -m`: keys as EOS has them.</summary>
        public ImmutableSortedDictionary<string, string> Figures { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    }

    /// <summary>Created counts are since this node started; current ids are the highest leased so far.</summary>
    public sealed record NamespaceCounts(ulong FilesCreated, ulong DirectoriesCreated, FileId CurrentFile, DirectoryId CurrentDirectory);

    /// <summary>Memory in bytes.</summary>
    public sealed record ProcessCounts(TimeSpan Uptime, TimeSpan BootTime, ulong Resident, ulong Virtual, uint Threads, uint Handles);

    /// <summary>Who leads what, as the node that answers knows it. Nodes as "host:port"; empty: nobody, or not known.</summary>
    /// <param name="Local">The node that answers.</param>
    public sealed record Leadership(string Local, string Master, ImmutableArray<string> Followers, string QdbLeader, ImmutableArray<string> QdbFollowers)
    {
        internal static Leadership Of(MasterProtocol.Standing s) => new(s.Local, s.Master, s.Followers, s.QdbLeader, s.QdbFollowers);
    }

    /// <summary>How often a command ran since start, over the last 5 s, 60 s, 5 min and 1 h, and how long it took (ms).</summary>
    public sealed record CommandCounts(string Command, ulong Total, ImmutableArray<ulong> Windows, double MeanMs, double SigmaMs, double P99Ms, double MaxMs);

    /// <summary>The node that was wanted has the master role.</summary>
    /// <param name="WasThere">It had it before.</param>
    public sealed record MasterMoved(OpId Op, bool WasThere) : IFinal;

    /// <summary>The changes of the master role, the oldest first.</summary>
    public sealed record MasterLog(OpId Op, ImmutableArray<string> Lines) : IFinal;

    public sealed record InstanceVersion(OpId Op, string Instance, string ServerVersion, string Engine) : IFinal;


    // values

    /// <param name="Source">Of a replica to be made: where its bytes are.</param>
    public readonly record struct ReplicaWork(ReplicaDeed Deed, FsId Fs, FsId? Source);

    /// <summary>What is done with a replica. Append only.</summary>
    public enum ReplicaDeed
    {
        Make = 1,
        Drop = 2,
        Verify = 3,

        /// <summary>Make, and give up the source.</summary>
        Move = 4,
    }

    /// <summary>What kind of thing a name is. Append only.</summary>
    public enum EntryKind
    {
        File = 1,
        Directory = 2,

        /// <summary>A symbolic link.</summary>
        Link = 3,
    }

    /// <summary>One name and what `ls -l` shows of it.</summary>
    /// <param name="Id">File id or directory id, by <paramref name="Kind"/>.</param>
    /// <param name="Size">A file's bytes; the bytes of all files below a directory.</param>
    /// <param name="Replicas">Locations of a file; 1 for a directory.</param>
    public sealed record Entry(string Name, EntryKind Kind, ulong Id, EntryAttributes Attributes, ulong Size, uint Replicas, Checksum Checksum)
    {
        /// <summary>Where a symbolic link points; empty for all else.</summary>
        public string Target { get; init; } = "";
    }

    /// <param name="Mode">Permission bits (07777).</param>
    /// <param name="Extended">It has extended attributes.</param>
    public readonly record struct EntryAttributes(uint Mode, Owner Owner, Times Times, bool Extended);
}
