using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Tests.Support;

/// <summary>A filesystem's rules, driven step by step as its actor does, with the effects kept for the test to look at.</summary>
public sealed class FilesystemCase
{
    public static readonly FilesystemSettings Settings = new(1, 
        1000, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 1000, 100, new SweepSettings(3, 2, TimeSpan.FromSeconds(5)));

    public static readonly FstProtocol.FsIdentity Identity = new(new FsId(1), "uuid-1", "localhost", 8001, "/data", "default", "default.0", "here");

    public FilesystemState State { get; private set; } = FilesystemState.Empty;

    public Instant Now { get; set; } = new(1_000_000_000_000);

    public FstProtocol.ConfigStatus Status { get; set; } = FstProtocol.ConfigStatus.ReadWrite;

    public List<IEvent> Stored { get; } = [];

    public FilesystemFacts Facts => new(Now, new Guid(1, 2, 3, new byte[8]), Identity, Status, Settings);

    public static FilesystemCase Booted()
    {
        var c = new FilesystemCase();
        c.Take(new Attached(new DiskSpace(1_000_000, 500_000, 1000, 900, TimeSpan.Zero), null));
        return c;
    }

    /// <summary>As after a restart: only what was stored is known.</summary>
    public static FilesystemCase Recovered(IEnumerable<IEvent> stored)
    {
        var c = new FilesystemCase();
        foreach (var e in stored) c.State = c.State.Apply(e);
        return c;
    }

    public ImmutableArray<FilesystemEffect> Take(object input)
    {
        var step = FilesystemRules.Next(State, input, Facts);
        State = step.State;
        Stored.AddRange(step.Events);
        return step.Effects;
    }

    public T Only<T>(object input) where T : FilesystemEffect => Assert.IsType<T>(Assert.Single(Take(input)));

    public TransferId Begin(Capability capability) => Assert.IsType<Begun>(Only<FilesystemEffect.Reply>(new Begin(capability)).Message).Transfer;

    public Refusal Refused(Capability capability) => Assert.IsType<NotBegun>(Only<FilesystemEffect.Reply>(new Begin(capability)).Message).Refusal;

    public static Capability Capability(ulong file, CapabilityOperation operation = CapabilityOperation.Write, ulong booking = 0) => new(
        operation, new OpenId(new OpId(Guid.Empty, file)), new FileId(file), new DirectoryId(7), "/eos/dev/x", [new ReplicaPlace(Identity.Id, Identity.Host, Identity.Port)],
        new CapabilityContent(LayoutId.Of(LayoutType.Replica, 1, ChecksumType.Adler32), new Checksum(ChecksumType.Adler32, ""), null, 0, 0, booking),
        new CapabilityGrant(99, 99, new Instant(long.MaxValue)));

    public static ReplicaRecord Record(Capability c, ulong size = 10) =>
        new(c.File, c.Directory, c.Open, size, new Checksum(ChecksumType.Adler32, "00000001"), c.Content.Layout, new Instant(5), 99);
}
