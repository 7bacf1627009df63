using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

public sealed class HandshakeTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly ActorSystem _server;
    private readonly Hearing _warnings;

    public HandshakeTests()
    {
        _server = _peers.Start("server", "akka.remote { handshake-timeout = 10m, embedded.peer-key = secret }");
        _server.ActorOf(Props.Create(() => new Echo()), "echo");
        _warnings = Peers.Events<Warning>(_server);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _peers.DisposeAsync();

    private string EchoPath => Peers.AddressOf(_server) + "/user/echo";

    private Task<string> Ask(ActorSystem from, TimeSpan? patience = null) => from.ActorSelection(EchoPath).Ask<string>("hello", patience ?? Hearing.Patience);

    private async Task<TcpClient> Raw(ActorSystem? to = null)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Peers.AddressOf(to ?? _server).Port!.Value);
        return client;
    }

    /// <summary>All that the server says until it closes.</summary>
    private static async Task<string> Answer(TcpClient client)
    {
        using var cancel = new CancellationTokenSource(Hearing.Patience);
        var bytes = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(bytes, cancel.Token);
        }
        catch (IOException)
        {
            // Reset after the answer.
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private async Task StillServes() =>
        Assert.Equal("hello", await Ask(_peers.Start("friend", "akka.remote.embedded.peer-key = secret")));

    private async Task<string> Warned(string what)
    {
        while (true)
            if ((await _warnings.Next<Warning>("warning: " + what)).Message.ToString() is { } text && text.Contains(what)) return text;
    }

    private async Task<string> RefusedWhenDialling(ActorSystem from)
    {
        var errors = Peers.Events<AssociationErrorEvent>(from);
        from.ActorSelection(EchoPath).Tell("hello", ActorRefs.NoSender);
        return (await errors.Next<AssociationErrorEvent>("refusal")).Cause.Message;
    }

    [Fact]
    public async Task Peers_with_the_same_secret_connect() => await StillServes();

    [Theory]
    [InlineData("akka.remote.embedded.peer-key = guess")]
    [InlineData("")]
    public async Task A_wrong_or_missing_secret_is_logged_and_closed(string keys)
    {
        Assert.Contains("secret", await RefusedWhenDialling(_peers.Start("stranger", keys)));
        Assert.Contains("refused", await Warned("secret"));
        await StillServes();
    }

    [Fact]
    public async Task A_client_is_not_let_in_where_no_client_key_is_set() =>
        Assert.Contains("client-key", await RefusedWhenDialling(_peers.Start("client", "akka.remote.embedded.client-key = abc")));

    [Fact]
    public async Task Another_wire_version_is_refused_in_words()
    {
        var other = _peers.Start("other", "akka.remote.embedded { peer-key = secret, wire-version = 2 }");
        var text = await RefusedWhenDialling(other);
        Assert.Contains("wire version 2", text);
        Assert.Contains("1", text);
    }

    [Fact]
    public async Task A_system_dialled_by_another_name_says_its_own()
    {
        var friend = _peers.Start("friend", "akka.remote.embedded.peer-key = secret");
        var errors = Peers.Events<AssociationErrorEvent>(friend);
        friend.ActorSelection(EchoPath.Replace("127.0.0.1", "localhost")).Tell("x", ActorRefs.NoSender);
        Assert.Contains(Peers.AddressOf(_server).ToString(), (await errors.Next<AssociationErrorEvent>("refusal")).Cause.Message);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("\u0001\u0000\u0000\u0000x")]
    [InlineData("\u0008\u0000\u0000\u0000AAKEM\u0063zz")]
    public async Task Garbage_gets_a_refusal_and_closes_that_connection_only(string garbage)
    {
        using var client = await Raw();
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(garbage));
        var answer = await Answer(client);
        Assert.Contains("Akka.Embedded", answer);
        await Warned("refused");
        await StillServes();
    }

    [Fact]
    public async Task A_node_of_the_official_engine_is_told_why_it_cannot_join()
    {
        using var client = await Raw();

        // What Akka.NET's transport opens with: a little-endian length and a protobuf message that carries an Associate instruction.
        byte[] body = [0x12, 0x2a, 0x08, 0x01, 0x12, 0x26, .. Encoding.ASCII.GetBytes("\n\u001a\n\u0006friend\u0012\t127.0.0.1\u0018\u00ea\u0007\"\u0003tcp")];
        await client.GetStream().WriteAsync((byte[])[(byte)body.Length, 0, 0, 0, .. body]);
        Assert.Contains("Akka.NET node", await Answer(client));
        await StillServes();
    }

    [Fact]
    public async Task A_half_open_handshake_times_out()
    {
        var hasty = _peers.Start("hasty", "akka.remote { handshake-timeout = 1s, embedded.peer-key = secret }");
        var warnings = Peers.Events<Warning>(hasty);
        using var client = await Raw(hasty);
        Assert.DoesNotContain("WELCOME", await Answer(client));
        while (!(await warnings.Next<Warning>("warning")).Message.ToString()!.Contains("not finished"))
        {
            // another
        }
        await StillServes();
    }
}
