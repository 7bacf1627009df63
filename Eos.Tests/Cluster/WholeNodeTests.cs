using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Eos.Client;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Gateway, directories, view, a filesystem over a real folder and both HTTP ports: all that a node has but sharding and remoting.</summary>
public sealed class WholeNodeTests : IAsyncLifetime
{
    private static readonly CapabilityKeys Keys = new(new CapabilityKey(1, [.. new byte[32]]), null);
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<FsId, IFilesystemGate> _gates = [];
    private FolderDisk _disk = null!;
    private ActorSystem _system = null!;
    private HttpDoors _data = null!;
    private HttpDoors _names = null!;
    private EosInProcess _eos = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        _disk = new FolderDisk(Directory.CreateDirectory(_folder.Of("mount")).FullName);
        var clock = SystemClock.Instance;
        var health = new Health("test", [], "up", []);
        _system = ActorSystem.Create("eos", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        _data = await HttpDoors.StartAsync(DataPort.Settings, null, new DataParts(_gates.GetValueOrDefault, () => Keys, clock), () => health, null, CancellationToken.None);
        _eos = new EosInProcess(_system, clock, ActorRefs.Nobody);

        var identity = FilesystemCase.Identity with { Host = "127.0.0.1", Port = _data.FstPort, Path = _disk.Root };
        var meter = new FilesystemMeter();
        var parts = new FilesystemParts(identity, FstProtocol.ConfigStatus.ReadWrite, _disk, meter, _eos.Directories, _eos.Views, clock, Guid.NewGuid);
        var actor = _system.ActorOf(FilesystemActor.Supervised(parts, FilesystemSettings.From(new Kernel.Settings(Kernel.Settings.Reference, "eos.fst"))), FilesystemActor.NameOf(identity.Id));
        _gates[identity.Id] = new ActorGate(identity.Id, _disk, meter, actor, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
        _names = await HttpDoors.StartAsync(DataPort.Settings, () => _eos.Client, null, () => health, null, CancellationToken.None);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_names.MgmPort}") };
        await Eventually.Is(() => _eos.Client.FilesystemsAsync(), answer => answer.Rows.Any(row => row.Report.Identity.Port == _data.FstPort && row.Report.Health.Boot == FstProtocol.BootStatus.Booted), "the filesystem's own report");
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _names.DisposeAsync();
        await _data.DisposeAsync();
        await _system.Terminate();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_put_is_got_by_client_and_by_HTTP()
    {
        var bytes = Bytes(3_000_000);
        var stored = await _eos.Client.PutAsync("/eos/dev/a b?", new MemoryStream(bytes));
        Assert.Equal(ChecksumStream.Of(ChecksumType.Adler32, bytes), stored.Checksum);
        var got = new MemoryStream();
        await _eos.Client.GetAsync("/eos/dev/a b?", got);
        Assert.Equal(bytes, got.ToArray());
        using var answer = await _http.GetAsync("/eos/dev/a%20b%3F");
        Assert.Equal(bytes, await answer.Content.ReadAsByteArrayAsync());
        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/eos/dev/a%20b%3F"));
        Assert.Equal(answer.Headers.ETag, head.Headers.ETag);
        Assert.Equal(bytes.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_file_that_is_replaced_or_removed_leaves_no_bytes()
    {
        await _eos.Client.PutAsync("/eos/dev/x", new MemoryStream(Bytes(1000)));
        await _eos.Client.PutAsync("/eos/dev/x", new MemoryStream(Bytes(2000)));
        await Eventually.True(() => Files() == 2, "the bytes of the replaced file go");
        var got = new MemoryStream();
        await _eos.Client.GetAsync("/eos/dev/x", got);
        Assert.Equal(Bytes(2000), got.ToArray());
        using var gone = await _http.DeleteAsync("/eos/dev/x");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await Eventually.True(() => Files() == 0, "all bytes go");
    }

    [Fact]
    public async Task Of_two_uploads_of_one_new_name_one_wins_and_the_other_is_told()
    {
        var first = await _eos.Client.OpenWriteAsync("/eos/dev/x", new PutOptions(9));
        var second = await _eos.Client.OpenWriteAsync("/eos/dev/x", new PutOptions(9));
        using var late = await _http.PutAsync(first.Url, new ByteArrayContent("too late!"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("another one of the same name", await late.Content.ReadAsStringAsync());
        using var winner = await _http.PutAsync(second.Url, new ByteArrayContent("123456789"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Created, winner.StatusCode);
        Assert.Equal("123456789", await _http.GetStringAsync("/eos/dev/x"));
        await Eventually.True(() => Files() == 2, "the bytes of the other go");
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_neither_name_nor_bytes()
    {
        var open = await _eos.Client.OpenWriteAsync("/eos/dev/x", new PutOptions(1_000_000));
        using (var raw = await RawHttp.ConnectAsync(_data.FstPort))
        {
            await raw.SendAsync($"PUT {open.Url.PathAndQuery} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
            await raw.ReadAsync("\r\n\r\n");
            await raw.SendAsync(new byte[300_000]);
            Assert.Equal(1, Files());
            raw.Die();
        }

        await Eventually.True(() => Files() == 0, "all bytes go");
        using var answer = await _http.GetAsync("/eos/dev/x");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private int Files() => Directory.EnumerateFiles(_disk.Root, "0*", SearchOption.AllDirectories).Count();

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
