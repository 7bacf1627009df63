using System.Collections.Concurrent;
using System.Net;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>A real data port over a folder, with a directory that is played by the test.</summary>
public sealed class DataPort : IAsyncDisposable
{
    public static readonly HttpSettings Settings = new("127.0.0.1", 0, 0, 256 << 10, 1 << 20, 0, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(100));
    private static readonly CapabilityKeys Keys = new(new CapabilityKey(1, [.. new byte[32]]), null);
    private readonly HttpDoors _doors;
    private int _opens;

    private DataPort(HttpDoors doors, PlayedGate gate)
    {
        (_doors, Gate) = (doors, gate);
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{doors.FstPort}") };
    }

    public PlayedGate Gate { get; }

    public HttpClient Client { get; }

    public int Port => _doors.FstPort;

    public static async Task<DataPort> StartAsync(string folder, HttpSettings? settings = null, uint id = 1)
    {
        var gate = new PlayedGate(new FolderDisk(folder), id);
        var parts = new DataParts(id => id == gate.Id ? gate : null, () => Keys, SystemClock.Instance);
        var health = new Health("test", ["fst"], "up", []);
        return new DataPort(await HttpDoors.StartAsync(settings ?? Settings, null, parts, () => health, null, CancellationToken.None), gate);
    }

    /// <summary>A capability to write a new file.</summary>
    public Capability ToWrite(ulong file, ulong max = 0, ChecksumType type = ChecksumType.Adler32) => new(
        CapabilityOperation.Write, new OpenId(new OpId(Guid.Empty, (ulong)Interlocked.Increment(ref _opens))), new FileId(file), new DirectoryId(9), "/eos/dev/x", [new ReplicaPlace(Gate.Id, "127.0.0.1", Port)],
        new CapabilityContent(LayoutId.Of(LayoutType.Replica, 1, type), new Checksum(type, ""), null, 0, max, 0),
        new CapabilityGrant(99, 99, SystemClock.Instance.Now + CapabilityGrant.UsualLife));

    /// <summary>The same chained over several ports, this one first.</summary>
    public Capability ToWrite(ulong file, params DataPort[] behind) =>
        ToWrite(file) with { Places = [PlaceOf(this), .. behind.Select(PlaceOf)] };

    private static ReplicaPlace PlaceOf(DataPort port) => new(port.Gate.Id, "127.0.0.1", port.Port);

    /// <summary>A capability to read what the other wrote.</summary>
    public Capability ToRead(Capability written) => written with { Operation = CapabilityOperation.Read };

    public static string Signed(Capability capability) => SignedCapability.Sign(capability, Keys.Current);

    public static string Url(Capability capability, string more = "") => $"/eos/dev/x?cap={Signed(capability)}{more}";

    public async Task<Capability> StoreAsync(ulong file, byte[] bytes)
    {
        var capability = ToWrite(file);
        using var answer = await Client.PutAsync(Url(capability), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return ToRead(capability);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _doors.DisposeAsync();
    }
}

/// <summary>A filesystem whose directory accepts everything unless told otherwise.</summary>
public sealed class PlayedGate(IDisk disk, uint id = 1) : IFilesystemGate
{
    private long _last;

    public FsId Id => new(id);

    public IDisk Disk => disk;

    public FilesystemMeter Meter { get; } = new();

    public ConcurrentDictionary<TransferId, Capability> Running { get; } = new();

    public ConcurrentQueue<ReplicaRecord> Committed { get; } = new();

    public ConcurrentDictionary<OpenId, ReplicaRecord> Held { get; } = new();

    public ConcurrentQueue<(OpenId Open, Settlement Settlement)> Settled { get; } = new();

    /// <summary>What the directory says to a commit; null: yes.</summary>
    public Func<ReplicaRecord, EosException?> Verdict { get; set; } = _ => null;

    /// <summary>What the door hears after the directory has accepted; null: that it has.</summary>
    public Func<ReplicaRecord, EosException?> AfterCommit { get; set; } = _ => null;

    /// <summary>What the actor says to a transfer; null: yes.</summary>
    public Func<Capability, EosException?> Admission { get; set; } = _ => null;

    /// <summary>Completes when no transfer runs any more.</summary>
    public TaskCompletionSource Idle { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TransferId> BeginAsync(Capability capability, CancellationToken cancel)
    {
        if (Admission(capability) is { } refusal) throw refusal;
        var id = new TransferId((ulong)Interlocked.Increment(ref _last));
        Running[id] = capability;
        return Task.FromResult(id);
    }

    public Task CommitAsync(TransferId transfer, ReplicaRecord record)
    {
        try
        {
            if (Verdict(record) is { } refusal)
            {
                disk.Discard(record.File, record.Open);
                throw refusal;
            }

            disk.Keep(record.File, record.Open);
            Committed.Enqueue(record);
            return AfterCommit(record) is { } lost ? throw lost : Task.CompletedTask;
        }
        finally
        {
            End(transfer);
        }
    }

    public Task HoldAsync(TransferId transfer, ReplicaRecord record)
    {
        if (!Running.TryRemove(transfer, out _)) throw new EosException(Errno.TryAgain, "no such transfer");
        Held[record.Open] = record;
        return Task.CompletedTask;
    }

    public void Settle(FileId file, OpenId open, Settlement settlement)
    {
        if (!Held.TryRemove(open, out _)) return;
        if (settlement == Settlement.Keep) disk.Keep(file, open);
        else disk.Discard(file, open);
        Settled.Enqueue((open, settlement));
    }

    public ConcurrentQueue<(FileId File, ReplicaFault Fault)> Bad { get; } = new();

    public void FoundBad(ChainGrant replica, ReplicaFault fault) => Bad.Enqueue((replica.Capability.File, fault));

    public void End(TransferId transfer)
    {
        Running.TryRemove(transfer, out _);
        if (Running.IsEmpty) Idle.TrySetResult();
    }
}
