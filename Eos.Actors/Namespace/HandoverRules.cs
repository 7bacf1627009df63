using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Eos.Identity;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>
/// Files that go from one directory to another and can't be refused there, safe under a crash after each step:
/// <code>
///   here:   entry --FileCommitted, FileRemoved, …--> outbox --HandoverEnded--> forgotten        there:   --Adopt--> entry
///                                                     |   ^                                                   |
///                                                     +---+ repeated until answered &lt;------- Done ------------+
/// </code>
/// </summary>
public static class HandoverRules
{
    /// <summary>What is against keeping the versions of a file; null: nothing.</summary>
    public static Refusal? AgainstVersions(DirectoryState s, string name) =>
        EosPath.CheckName(HiddenNames.VersionsOf(name)) ?? (s.Entries.Find(HiddenNames.VersionsOf(name)) is FileEntry
            ? new Refusal(Errno.NotADirectory, $"'{HiddenNames.VersionsOf(name)}' is no directory and can't have versions")
            : null);

    /// <summary>What is replaced becomes the newest version. Its directory is made with it if there is none.</summary>
    public static Handover ToVersions(DirectoryState s, FileEntry replaced, VersionPlan plan, OpId op, FileId successor, Facts facts)
    {
        var existing = s.Entries.Find(HiddenNames.VersionsOf(replaced.Name)) as ChildEntry;
        var self = s.Self!;
        var seed = existing is not null ? null : new DirectoryRecord(
            plan.Directory, self.Id, self.Owner, self.Mode, Times.At(facts.Now), AttributeRules.Inherited(self, HiddenNames.VersionsOf(replaced.Name)));
        return new Handover(s.Handed + 1, op, existing?.Id ?? plan.Directory, HiddenNames.VersionOf(replaced.File), replaced.File, plan.Keep, seed) { Successor = successor };
    }

    /// <summary>What is against replacing a file by renaming; null: nothing.</summary>
    public static Refusal? AgainstDisplacing(DirectoryState s, FileEntry replaced, Displacement? plan) =>
        plan is { Versions: not null } && !replaced.File.IsLink ? AgainstVersions(s, replaced.Name)
        : plan is { Bin: { } bin } && bin.File != replaced.File.Id ? new Refusal(Errno.TryAgain, $"'{replaced.Name}' is another file by now")
        : null;

    /// <summary>Where an entry goes whose name another one takes, and what is to be done about it. Nothing leaves: it is removed, or there was none.</summary>
    public static (Handover? Leaves, IEnumerable<Effect> Effects) Displaced(
        DirectoryState s, DirectoryEntry? old, Displacement? plan, OpId op, DirectoryEntry successor, Facts facts)
    {
        if (old is not FileEntry replaced || s.Self is not { } self) return (null, []);
        var file = successor is FileEntry { File.Id: var id } ? id : default;
        var leaves = plan switch
        {
            { Versions: { } versions } when !replaced.File.IsLink && AgainstVersions(s, replaced.Name) is null => ToVersions(s, replaced, versions, op, file, facts),
            { Bin: { To: { } to } bin } when bin.File == replaced.File.Id => Leaving(s, replaced, op, to, bin.Changes, facts) with { Successor = file },
            _ => null,
        };
        return (leaves, leaves is null ? OpenRules.Unlinking(self.Id, replaced.File) : [Order(s, leaves)]);
    }

    /// <summary>In the directory that the file goes to.</summary>
    public static Decision Adopt(DirectoryState s, Adopt c, Facts facts)
    {
        var (name, leaves) = (c.Name, default(Handover));
        if (c.Versions is { } plan && s.Entries.Find(name) is FileEntry replaced && AgainstVersions(s, name) is null)
            leaves = ToVersions(s, replaced, plan, c.Call.Op, c.File.Id, facts);
        else if (s.Entries.Find(name) is not null) name = string.Create(CultureInfo.InvariantCulture, $"{Shortened(name)}.{c.File.Id.Value:x16}");
        var file = new FileEntry(name, c.File);
        ImmutableArray<string> dropped = c.Keep == VersionRules.All ? [] : VersionRules.Superfluous(s.Entries.All.OfType<FileEntry>().Append(file), c.Keep, facts.Now);
        var gone = dropped.Select(old => old == name ? file : (FileEntry)s.Entries.Find(old)!);
        return Decision.Accept(
            new FileAdopted(DirectoryRules.StampOf(c, facts), name, c.File, dropped) { Leaves = leaves },
            new Done(c.Directory, c.Call.Op),
            [.. gone.SelectMany(old => OpenRules.Unlinking(c.Directory, old.File)), .. leaves is null ? Array.Empty<Effect>() : [Order(s, leaves)]])
            with { Until = leaves?.Number };
    }

    /// <summary>In the directory that a file is to leave.</summary>
    public static Decision LetGo(DirectoryState s, LetGo c, Facts facts)
    {
        switch (s.Entries.Find(c.Name))
        {
            case null: return DirectoryRules.Refuse(c, Errno.NoEntry, $"no such file '{c.Name}'");
            case ChildEntry: return DirectoryRules.Refuse(c, Errno.IsADirectory, $"'{c.Name}' is a directory");
            case FileEntry file when AccessRules.Check(c.Call.Caller, s.Self!, Intent.Delete, file) is { } denied: return DirectoryRules.Refuse(c, denied);
            case FileEntry file when file.File.Id != c.File: return DirectoryRules.Refuse(c, Errno.TryAgain, $"'{c.Name}' is another file by now");
            case FileEntry file:
                var leaves = Leaving(s, file, c.Call.Op, c.To, c.Changes, facts);
                return Decision.Accept(new FileRemoved(DirectoryRules.StampOf(c, facts), c.Name) { Leaves = leaves }, new Done(c.Directory, c.Call.Op), Order(s, leaves))
                    with { Until = leaves.Number };
            case var other: throw new InvalidOperationException($"no rule to let {other.GetType().Name} go");
        }
    }

    private static Handover Leaving(DirectoryState s, FileEntry file, OpId op, Destination to, ImmutableSortedDictionary<string, string> changes, Facts facts)
    {
        var attributes = file.File.Attributes.RemoveRange([RecycleNames.PathKey, RecycleNames.TraceKey, RecycleNames.VersionKey]).SetItems(changes);
        var goes = file.File with { Attributes = attributes, Times = file.File.Times with { Changed = facts.Now } };
        return new Handover(s.Handed + 1, op, to.Directory, to.Name, goes, VersionRules.All, null) { Versions = to.Versions };
    }

    /// <summary>In the directory that it leaves: what the other one answered.</summary>
    public static Decision Heard(DirectoryState s, IReply reply, Facts facts)
    {
        if (s.Self is null || reply.Op.Client != ClientOf(s.Self.Id, ofBegin: false)) return Decision.Nothing;
        if (!s.Outbox.TryGetValue(reply.Op.Number, out var handover) || handover.To != reply.Directory) return Decision.Nothing;
        return reply switch
        {
            Done or Gone => Decision.Accept(
                new HandoverEnded(new Stamp(reply.Op, 0, facts.Now), handover.Number, Lost: reply is Gone), null, new Effect.Settled(handover.Number)),
            Unborn when handover.Begins is { } seed => new Decision(
                [], null, [new Effect.Tell(new Begin(handover.To, CallOf(s, handover, ofBegin: true), seed)), Order(s, handover)]),
            _ => Decision.Nothing,
        };
    }

    /// <summary>The order that goes out when the leaving is stored, and again until it is answered.</summary>
    public static Effect Order(DirectoryState s, Handover handover) =>
        new Effect.Tell(new Adopt(handover.To, CallOf(s, handover, ofBegin: false), handover.Name, handover.File, handover.Keep) { Versions = handover.Versions });

    public static Decision Repeat(DirectoryState s) => new([], null, [.. s.Outbox.Values.Select(h => Order(s, h)), .. MoveRules.Repeat(s)]);

    /// <summary>Which file on its way an answer to this operation has to wait for; null: none.</summary>
    public static ulong? AwaitedBy(DirectoryState s, OpId op) => s.Outbox.IsEmpty ? null : s.Outbox.Values.FirstOrDefault(h => h.Op == op)?.Number;

    /// <summary>So that the file's number still fits behind it.</summary>
    private static string Shortened(string name)
    {
        while (Encoding.UTF8.GetByteCount(name) > EosPath.MaxName - 17) name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return name;
    }

    /// <summary>The outbox speaks as a client of its own: what is below its oldest order has been answered.</summary>
    private static Call CallOf(DirectoryState s, Handover handover, bool ofBegin) =>
        new(new OpId(ClientOf(s.Self!.Id, ofBegin), handover.Number), s.Outbox.IsEmpty ? handover.Number : Math.Min(handover.Number, s.Outbox.First().Key), Caller.Root);

    private static Guid ClientOf(DirectoryId directory, bool ofBegin)
    {
        Span<byte> name = stackalloc byte[16];
        (ofBegin ? "eosbegin"u8 : "eosadopt"u8).CopyTo(name);
        BinaryPrimitives.WriteUInt64BigEndian(name[8..], directory.Value);
        return new Guid(name, bigEndian: true);
    }
}
