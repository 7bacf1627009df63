using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Eos.Cli;
using Eos.Client;
using Eos.Gateway;
using Eos.Host.Local;
using Eos.Identity;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>The Unix socket of a node: whoever comes by it is who runs the process, whatever it says.</summary>
public sealed class SocketDoorTests : IAsyncLifetime
{
    private static readonly SocketSettings Reference = SocketSettings.From(new Settings(Settings.Reference, "eos.socket"));
    private readonly TemporaryFolder _folder = new();
    private ActorSystem _system = null!;
    private EosInProcess _eos = null!;
    private SocketDoor _door = null!;

    private byte[] Key => SignedTicket.KeyOf(_eos.Parts.Keys());

    public Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        _system = ActorSystem.Create("eos", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        _eos = new EosInProcess(_system, SystemClock.Instance, ActorRefs.Nobody);
        _door = Open(Reference)!;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _door.DisposeAsync();
        await _system.Terminate();
        _folder.Dispose();
    }

    private SocketDoor? Open(SocketSettings settings) => SocketDoor.Open(_system, _eos.Gateway, settings, _folder.Of("socket"), () => Key, SystemClock.Instance);

    private EosClient Connect(Claim claim) => new(SocketLink.To(_door.Path), claim, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Who_comes_by_the_socket_is_the_user_of_its_process_whatever_it_claims()
    {
        await using var client = Connect(new Claim(4711, 4711, "somebody", "far", "test"));
        var line = Assert.Single((await client.AdministerAsync("whoami", "", [])).Lines);
        Assert.Contains($"uid={Posix.Uid} (", line);
        Assert.Contains($"gid={Posix.Gid} (", line);
        Assert.Contains("[authz:unix]", line);
        Assert.Contains("host=localhost", line);
    }

    [Fact]
    public async Task Names_are_made_listed_and_walked_through_the_socket_also_after_the_node_came_again()
    {
        await _eos.Client.MakeDirectoryAsync("/eos/dev/all", mode: 0x1ff);
        await using var client = Connect(Claim.Nobody);
        for (var i = 0; i < 20; i++) await client.MakeDirectoryAsync($"/eos/dev/all/d{i}");
        await _door.DisposeAsync();
        _door = Open(Reference)!;
        var names = new List<string>();
        await foreach (var entry in client.ListAsync("/eos/dev/all")) names.Add(entry.Name);
        Assert.Equal(20, names.Count);
        var found = 0;
        await client.FindAsync("/eos/dev/all", FindQuery.Everything, part =>
        {
            found += part.Rows.Length;
            return ValueTask.CompletedTask;
        });
        Assert.Equal(21, found);
        Assert.Equal(Posix.Uid, (await client.StatAsync("/eos/dev/all/d7")).Attributes.Owner.Uid);
    }

    [Fact]
    public async Task A_request_without_the_own_ticket_goes_no_further()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_door.Path), limit.Token);
        await using var stream = new NetworkStream(socket);
        var own = Assert.IsType<string>(await SocketFrames.ReadAsync(stream, limit.Token));
        var root = new Claim(0, 0, "root", "localhost", "test");
        await _eos.Client.VersionAsync();   // from here on the gateway answers
        var soon = SystemClock.Instance.Now + TimeSpan.FromMinutes(1);
        Ticket Seen(Proof proof, uint uid) => new(proof, uid, Posix.Gid, "", "localhost", soon);

        Assert.Equal(Errno.NotPermitted, (await RefusalAsync(root)).Why);   // as a holder of the client key would say it
        Assert.Equal(Errno.NotPermitted, (await RefusalAsync(root with { Door = "http" })).Why);
        Assert.Equal(Errno.NotPermitted, (await RefusalAsync(root with { Ticket = SignedTicket.Sign(Seen(Proof.UnixSocket, Posix.Uid), new byte[32]) })).Why);
        Assert.Equal(Errno.NotPermitted, (await RefusalAsync(root with { Ticket = SignedTicket.Sign(Seen(Proof.UnixSocket, Posix.Uid + 1), Key) })).Why);
        Assert.Equal(Errno.NotPermitted, (await RefusalAsync(root with { Ticket = SignedTicket.Sign(Seen(Proof.Certificate, Posix.Uid), Key) })).Why);
        Assert.IsType<InstanceVersion>(await AskAsync(root with { Ticket = own }));

        await stream.WriteAsync(SocketFrames.Of(new Done(default)), limit.Token);   // no client says that
        while (await SocketFrames.ReadAsync(stream, limit.Token) is { } last) Assert.IsType<string>(last);

        async Task<Refused> RefusalAsync(Claim claim) => Assert.IsType<Refused>(await AskAsync(claim));

        async Task<object> AskAsync(Claim claim)
        {
            var request = SocketFrames.Of(new AskVersion(new Head(OpSource.Fresh().Next(), 1, claim)));
            await stream.WriteAsync(request, limit.Token);
            while (true)
                if (await SocketFrames.ReadAsync(stream, limit.Token) is not string and { } message) return message;
        }
    }

    /// <summary>Lengths below and above what goes, names that nobody has, bodies that are no messages, frames that break off.</summary>
    [Fact]
    public async Task Whoever_sends_garbage_is_let_go_and_the_door_stays_open()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (random, whole) = (new Random(7), SocketFrames.Of(new AskVersion(new Head(OpSource.Fresh().Next(), 1, Claim.Nobody))));
        var noise = new byte[100];
        random.NextBytes(noise);
        byte[] Named(string name, byte[] body) => [.. BitConverter.GetBytes(1 + name.Length + body.Length), (byte)name.Length, .. name.Select(c => (byte)c), .. body];
        byte[][] garbage =
        [
            [0, 0, 0, 0, 0], [255, 255, 255, 255, 255], [255, 255, 255, 127, 0], [1, 0, 0, 0, 200],
            Named("gw.nobody-has-this", noise), Named("gw.ask-version", noise), Named("gw.ask-version", []), Named("dir.lookup", noise), whole[..^3],
            .. Enumerable.Range(0, 50).Select(_ => { random.NextBytes(noise); return Named("gw.make-directory", noise); }),
        ];
        foreach (var bytes in garbage)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_door.Path), limit.Token);
            await using var stream = new NetworkStream(socket);
            Assert.IsType<string>(await SocketFrames.ReadAsync(stream, limit.Token));
            await stream.WriteAsync(bytes, limit.Token);
            socket.Shutdown(SocketShutdown.Send);
            while (await SocketFrames.ReadAsync(stream, limit.Token) is { } said) Assert.True(said is string or Refused, said.GetType().Name);
        }
        await using var client = Connect(Claim.Nobody);
        await client.VersionAsync(limit.Token);
    }

    [Fact]
    public void Where_no_socket_can_be_had_the_node_serves_without_it()
    {
        Assert.Null(Open(Reference with { Path = SocketSettings.Off }));
        Assert.Null(Open(Reference with { Path = _folder.Of(new string('x', 200)) }));
        Assert.Null(Open(Reference with { Path = _folder.Of("missing/socket") }));
    }
}
