using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Runtime.CompilerServices;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Support;

/// <summary>Some data ports with a disk each, and a gateway in memory that stores every file on two of them.</summary>
public sealed class DataPorts : IGatewayLink
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, Capability> _opens = new();
    private readonly List<DataPort> _ports = [];
    private int _file = 100;

    public IReadOnlyList<DataPort> Ports => _ports;

    public TransferSettings Transfer { get; set; } = new(4, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5), 1 << 20);

    /// <summary>Requests to open, in order.</summary>
    public ConcurrentQueue<IRequest> Opened { get; } = new();

    /// <summary>Every file on disk.</summary>
    public IEnumerable<string> OnDisks => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories);

    public static async Task<DataPorts> StartAsync(uint count)
    {
        var ports = new DataPorts();
        for (uint i = 1; i <= count; i++)
            ports._ports.Add(await DataPort.StartAsync(Directory.CreateDirectory(ports._folder.Of($"disk{i}")).FullName, id: i));
        return ports;
    }

    public EosClient Client() => new(this, Claim.Nobody);

    /// <summary>A capability to write to all of them, in order.</summary>
    public Capability Chain(ulong file) => _ports[0].ToWrite(file, [.. _ports.Skip(1)]);

    /// <summary>Stores a file on all of them; what lets it be read.</summary>
    public async Task<Capability> StoreAsync(ulong file, byte[] bytes)
    {
        var capability = Chain(file);
        using var answer = await _ports[0].Client.PutAsync(DataPort.Url(capability), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        foreach (var port in _ports) await Eventually.Is(() => Task.FromResult(port.Gate.Held.Count), held => held == 0, "the head's word arrives");
        return ToRead(capability, bytes);
    }

    public static Capability ToRead(Capability written, byte[] bytes) => written with
    {
        Operation = CapabilityOperation.Read,
        Content = written.Content with { Size = (ulong)bytes.Length, Checksum = ChecksumStream.Of(ChecksumType.Adler32, bytes) },
    };

    /// <summary>Changes one byte of a replica behind its server's back.</summary>
    public void Flip(int port, FileId file, long at)
    {
        using var bytes = new FileStream(PathOf(port, file), FileMode.Open);
        bytes.Position = at;
        var old = bytes.ReadByte();
        bytes.Position = at;
        bytes.WriteByte((byte)(old ^ 1));
    }

    public string PathOf(int port, FileId file) => ((FolderDisk)_ports[port].Gate.Disk).PathOf(file);

    public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        if (request is OpenRead or OpenWrite) Opened.Enqueue(request);
        yield return Answer(request, request.Head.Op);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports) await port.DisposeAsync();
        _folder.Dispose();
    }

    private IFinal Answer(IRequest request, OpId op)
    {
        switch (request)
        {
            case OpenWrite w:
                var places = _ports.Where(p => !w.Excluded.Contains(p.Gate.Id)).Take(2).ToArray();
                if (places.Length < 2) return new Refused(op, Errno.NoSpace, "too few nodes");
                if (!w.Overwrite && Stored(w.Path) is not null) return new Refused(op, Errno.Exists, "it exists");
                _opens[w.Path] = places[0].ToWrite((ulong)Interlocked.Increment(ref _file), places[1]);
                return To(op, w.Path, _opens[w.Path]);
            case OpenRead r when Stored(r.Path) is { } stored:
                var written = _opens[r.Path];
                var left = written.Places.Where(p => !r.Excluded.Contains(p.Fs)).ToImmutableArray();
                if (left.IsEmpty) return new Refused(op, Errno.NetworkUnreachable, "all replicas are offline or excluded");
                return To(op, r.Path, written with
                {
                    Operation = CapabilityOperation.Read, Places = left, Content = written.Content with { Size = stored.Size, Checksum = stored.Checksum },
                });
            case Inform i when Stored(i.Path) is { } stored:
                var content = new Content(stored.Size, stored.Checksum, stored.Layout, _opens[i.Path].Locations);
                return new FileInformation(
                    op, i.Path, stored.Directory, new FileRecord(stored.File, stored.Open, default, 0, default, content, ImmutableSortedDictionary<string, string>.Empty), []);
            default: return new Refused(op, Errno.NoEntry, "no such file");
        }
    }

    private ReplicaRecord? Stored(string path) =>
        _opens.TryGetValue(path, out var open) ? _ports.SelectMany(p => p.Gate.Committed).FirstOrDefault(r => r.Open == open.Open) : null;

    private static Redirect To(OpId op, string path, Capability capability)
    {
        var head = capability.Places[0];
        return new Redirect(op, head.Host, head.Port, path, DataPort.Signed(capability), capability.File, capability.Open, capability.Content.Size ?? 0)
        {
            Locations = capability.Locations,
        };
    }
}
