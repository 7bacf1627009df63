using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Support;

/// <summary>One directory driven as its actor drives it, and random conversations with it.</summary>
public sealed class DirectoryModel
{
    public static readonly DirectorySettings Settings = new(
        TimeSpan.FromHours(24), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), 0x1a4, 1000, 1000, TimeSpan.FromSeconds(1))
    {
        Totals = new TotalsSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)),
    };

    public static readonly DirectoryId Id = new(7);
    public static readonly Guid Client = new("00000000-0000-0000-0000-0000000000c1");

    private ulong _number;

    public DirectoryState State { get; private set; } = DirectoryState.Unborn;
    public List<IEvent> Journal { get; } = [];

    /// <summary>What the indexes have of it.</summary>
    public IndexInMemory Rows { get; } = new();

    public Instant Now { get; set; } = new(1_700_000_000_000_000_000);

    /// <summary>A directory that has begun: mode 02777, owner root.</summary>
    public static DirectoryModel Begun(uint mode = 0x5ff, Owner owner = default)
    {
        var model = new DirectoryModel();
        model.Tell(new Begin(Id, model.Call(), new DirectoryRecord(Id, DirectoryId.Root, owner, mode, Times.At(model.Now), ImmutableSortedDictionary<string, string>.Empty)));
        return model;
    }

    public Call Call(Caller? caller = null) => new(new OpId(Client, ++_number), 0, caller ?? Caller.Root);

    public Decision Tell(IForDirectory message) => Follow(DirectoryRules.Decide(State, message, new Facts(Now, Settings)));

    public Decision Follow(Decision decision)
    {
        foreach (var e in TotalsRules.Marked(State, decision, Now).Events)
        {
            var before = State;
            State = before.Apply(e);
            Journal.Add(e);
            Rows.Apply(Id, IndexRules.Changes(before, e, State));
        }
        return decision;
    }

    public T Ask<T>(IForDirectory message) => Assert.IsType<T>(Tell(message).Reply);

    public OpenRecord Open(string name, ulong file, bool overwrite = true, Caller? caller = null) =>
        Ask<FileOpened>(new OpenFile(Id, Call(caller), name, overwrite, Plan(file))).Open;

    public static OpenPlan Plan(ulong file) => new(new FileId(file), LayoutId.Of(LayoutType.Plain, 1, ChecksumType.Adler32), [new FsId(1)], null);

    public FstProtocol.CommitFile CommitOf(OpenRecord open) =>
        new(Id, new OpId(new Guid("00000000-0000-0000-0000-0000000000f1"), ++_number), open.Id, open.File, 3, new Checksum(ChecksumType.Adler32, "024d0127"), [new FsId(1)], Now);

    public void Put(string name, ulong file) => Ask<FstProtocol.Committed>(CommitOf(Open(name, file)));

    /// <summary>Something that a gateway or a filesystem might say now.</summary>
    public IForDirectory Next(Random random)
    {
        Now += TimeSpan.FromSeconds(random.Next(100));
        var (name, other, file) = ($"n{random.Next(12)}", $"n{random.Next(12)}", (ulong)random.Next(1, 1 << 30));
        var caller = new Caller((uint)random.Next(3), 0);
        var open = State.Opens.Count > 0 ? State.Opens.Values.OrderBy(o => o.Name, StringComparer.Ordinal).ElementAt(random.Next(State.Opens.Count)) : null;
        var removal = new Call(new OpId(Client, 1_000_000 + (ulong)random.Next(3)), 0, Caller.Root);
        return random.Next(23) switch
        {
            0 => new MakeChild(Id, Call(caller), name, new DirectoryId(file), null),
            1 => new RemoveChild(Id, Call(caller), name, (State.Entries.Find(name) as ChildEntry)?.Id ?? default),
            2 => new RemoveFile(Id, Call(caller), name),
            3 => new DirectoryProtocol.Rename(Id, Call(caller), name, other, random.Next(2) == 0),
            4 or 5 => new OpenFile(Id, Call(caller), name, random.Next(2) == 0, Plan(file) with { Versions = random.Next(2) == 0 ? null : new VersionPlan(new DirectoryId(file), 3) }),
            6 or 7 or 8 when open is not null => CommitOf(open),
            9 when open is not null => new FstProtocol.AbandonOpen(Id, new OpId(Client, ++_number), open.Id, open.File),
            10 => new FstProtocol.ReplicaDropped(Id, new OpId(Client, ++_number), new FsId((uint)random.Next(1, 4)), [.. State.Unlinked.Values.SelectMany(u => u).Take(2)]),
            11 when random.Next(4) == 0 => new Seal(Id, removal),
            12 when random.Next(20) == 0 => new Bury(Id, removal),
            13 => new AskRemoved(Id, Call(), (State.Entries.Find(name) as ChildEntry)?.Id ?? default, removal.Op),
            14 => new ChangeMode(Id, Call(caller), random.Next(2) == 0 ? "" : name, (uint)random.Next(0x1000)),
            15 => new ChangeOwner(Id, Call(caller), random.Next(2) == 0 ? "" : name, (uint)random.Next(3), null),
            16 => new EditAcl(Id, Call(caller), random.Next(2) == 0 ? "" : name, false, $"u:{random.Next(4)}=rwx", null),
            17 => new MakeLink(Id, Call(caller), name, new FileId(file), other, random.Next(2) == 0),
            18 => new TouchFile(Id, Call(caller), name, new FileId(file), Plan(file).Layout, random.Next(2) == 0),
            19 => new TagPlace(Id, Call(), name, new FsId((uint)random.Next(1, 4)), (PlaceTag)random.Next(1, 4)),
            20 when State.Entries.Find(name) is FileEntry there => new SetLayout(Id, Call(), name, there.File.Id, LayoutId.Of(LayoutType.Replica, random.Next(1, 4), ChecksumType.Adler32)),
            21 => new DropDetached(Id, Call(caller), State.Unlinked.Values.SelectMany(u => u).FirstOrDefault(), random.Next(2) == 0),
            22 => new ForgetDeletions(Id, Call(caller), new FsId((uint)random.Next(1, 4)), [.. State.Unlinked.Values.SelectMany(u => u).Take(2)]),
            _ => new Lookup(Id, new OpId(Client, ++_number), name, null),
        };
    }

    public static DirectoryState Random(Random random)
    {
        var model = Begun();
        for (var i = 0; i < 60; i++) model.Tell(model.Next(random));
        return model.State;
    }
}
