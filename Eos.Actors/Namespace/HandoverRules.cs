using System.Buffers.Binary;
using System.Collections.Immutable;
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
    /// <summary>Attributes that decide who may read: a version directory has those of its file's directory, and no others.</summary>
    private static readonly string[] Inherited = ["sys.acl", "user.acl", "sys.eval.useracl"];

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
            plan.Directory, self.Id, self.Owner, self.Mode, Times.At(facts.Now), self.Attributes.Where(a => Inherited.Contains(a.Key)).ToImmutableSortedDictionary());
        return new Handover(s.Handed + 1, op, existing?.Id ?? plan.Directory, HiddenNames.VersionOf(replaced.File), replaced.File, plan.Keep, seed) { Successor = successor };
    }

    /// <summary>In the directory that the file goes to.</summary>
    public static Decision Adopt(DirectoryState s, Adopt c, Facts facts)
    {
        var name = s.Entries.Find(c.Name) is null ? c.Name : $"{c.Name}.{c.File.Id.Value:x16}";
        var file = new FileEntry(name, c.File);
        ImmutableArray<string> dropped = c.Keep == VersionRules.All ? [] : VersionRules.Superfluous(s.Entries.All.OfType<FileEntry>().Append(file), c.Keep, facts.Now);
        var gone = dropped.Select(old => old == name ? file : (FileEntry)s.Entries.Find(old)!);
        return Decision.Accept(
            new FileAdopted(DirectoryRules.StampOf(c, facts), name, c.File, dropped),
            new Done(c.Directory, c.Call.Op),
            [.. gone.SelectMany(old => OpenRules.Unlinking(c.Directory, old.File))]);
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
        new Effect.Tell(new Adopt(handover.To, CallOf(s, handover, ofBegin: false), handover.Name, handover.File, handover.Keep));

    public static Decision Repeat(DirectoryState s) => new([], null, [.. s.Outbox.Values.Select(h => Order(s, h))]);

    /// <summary>Which file on its way an answer to this operation has to wait for; null: none.</summary>
    public static ulong? AwaitedBy(DirectoryState s, OpId op) => s.Outbox.IsEmpty ? null : s.Outbox.Values.FirstOrDefault(h => h.Op == op)?.Number;

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
