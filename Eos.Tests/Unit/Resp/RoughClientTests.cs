using System.Text;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>Clients that send nonsense, halves, too much, or do not read: only their own connection suffers, and memory stays bounded.</summary>
public class RoughClientTests
{
    [Theory]
    [InlineData("*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'")]
    [InlineData("*2\r\n$3\r\nGET\r\n$1073741824\r\n", "-ERR Protocol error: invalid bulk length")]
    [InlineData("*2\r\n$3\r\nGET\r\n$-1\r\n", "-ERR Protocol error: invalid bulk length")]
    [InlineData("*1073741824\r\n", "-ERR Protocol error: invalid multibulk length")]
    [InlineData("*x\r\n", "-ERR Protocol error: invalid multibulk length")]
    [InlineData("GET \"a\r\n", "-ERR Protocol error: unbalanced quotes in request")]
    [InlineData("PING\r\n*1\r\n$x\r\n", "+PONG")]
    public async Task A_malformed_request_is_told_and_ends_the_connection(string bytes, string answer)
    {
        await using var door = await RespDouble.StartAsync();
        using var healthy = await door.ConnectAsync();
        using var rough = await door.ConnectAsync();
        await rough.SendAsync(bytes);
        Assert.Equal(answer, await rough.ReadAsync());
        if (answer == "+PONG") Assert.StartsWith("-ERR Protocol error", await rough.ReadAsync());
        Assert.True(await rough.IsClosedAsync());
        Assert.Equal("+PONG", await healthy.AskAsync("ping"));
    }

    [Fact]
    public async Task A_value_that_is_too_large_is_refused_and_the_connection_goes_on()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        var sending = client.SendAsync((byte[])[.. RespClient.Command("set", "k", new string('x', 16 << 20)), .. RespClient.Command("ping")]);
        Assert.Equal("-ERR File too large: an argument has 16777216 bytes, the limit is 1048576", await client.ReadAsync());
        Assert.Equal("+PONG", await client.ReadAsync());
        await sending;
        Assert.Equal("nil", await client.AskAsync("get k"));
        Assert.Equal("+OK", await client.AskAsync("multi"));
        await client.SendAsync(RespClient.Command("set", "k", new string('x', (1 << 20) + 1)));
        Assert.StartsWith("-ERR File too large", await client.ReadAsync());
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", await client.AskAsync("exec"));
    }

    [Fact]
    public async Task Random_bytes_and_torn_commands_hurt_nobody_else()
    {
        await using var door = await RespDouble.StartAsync();
        using var healthy = await door.ConnectAsync();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 4096)];
            random.NextBytes(bytes);
            if (seed % 3 == 1) bytes = RespClient.Command("set", "k", Encoding.Latin1.GetString(bytes));
            if (seed % 3 == 2) bytes = [.. RespClient.Command("set", "k", "v"), .. "*3\r\n$3\r\nset\r\n$"u8, .. bytes];
            using var rough = await door.ConnectAsync();
            try
            {
                for (var at = 0; at < bytes.Length;)
                {
                    var piece = Math.Min(bytes.Length - at, random.Next(1, 700));
                    await rough.SendAsync(bytes.AsMemory(at, seed % 3 == 1 ? Math.Max(1, piece - 1) : piece));
                    at += piece;
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // the server has had enough of it
            }
            if (seed % 50 == 0) Assert.Equal("+PONG", await healthy.AskAsync("ping"));
        }
        Assert.Equal("+OK", await healthy.AskAsync("set healthy 1"));
        await Eventually.True(() => door.Server.Clients == 1 && door.Server.BacklogBytes == 0, "only the healthy client is left");
    }

    [Fact]
    public async Task Thousands_of_tiny_pieces_are_put_together()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        var bytes = Enumerable.Range(0, 100).SelectMany(i => RespClient.Command("set", $"k{i}", "v")).ToArray();
        for (var i = 0; i < bytes.Length; i++) await client.SendAsync(bytes.AsMemory(i, 1));
        for (var i = 0; i < 100; i++) Assert.Equal("+OK", await client.ReadAsync());
    }

    [Fact]
    public async Task Requests_beyond_the_backlog_are_not_read()
    {
        await using var door = await RespDouble.StartAsync("backlog-commands = 100, backlog-bytes = 1 MiB");
        using var client = await door.ConnectAsync();
        door.Group.Hold();
        var flood = Enumerable.Repeat(RespClient.Command("set", "k", new string('x', 10_000)), 5000).SelectMany(c => c).ToArray();
        var sending = client.SendAsync(flood);
        await Eventually.True(() => door.Server.BacklogBytes > 500_000, "the backlog fills");
        await Eventually.Stays(() => door.Server.BacklogBytes < 4 << 20 && !sending.IsCompleted, TimeSpan.FromMilliseconds(300), "more is read than the backlog allows");
        using var healthy = await door.ConnectAsync();
        Assert.Equal("+PONG", await healthy.AskAsync("ping"));
        door.Group.Release();
        for (var i = 0; i < 5000; i++) Assert.Equal("+OK", await client.ReadAsync());
        await sending;
    }

    [Fact]
    public async Task All_connections_together_hold_no_more_than_the_total()
    {
        await using var door = await RespDouble.StartAsync("backlog-commands = 100000, backlog-bytes = 16 MiB, reply-most = 16 MiB, backlog-total = 32 MiB");
        door.Group.Hold();
        var flood = Enumerable.Repeat(RespClient.Command("set", "k", new string('x', 10_000)), 2000).SelectMany(c => c).ToArray();
        var clients = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => door.ConnectAsync()));
        var sending = Task.WhenAll(clients.Select(c => c.SendAsync(flood)));
        await Eventually.True(() => door.Server.BacklogBytes > 15 << 20, "the backlog fills");
        await Eventually.Stays(() => door.Server.BacklogBytes < 20 << 20 && !sending.IsCompleted, TimeSpan.FromSeconds(1), "more is held than the total allows");
        door.Group.Release();
        foreach (var client in clients)
        {
            for (var i = 0; i < 2000; i++) Assert.Equal("+OK", await client.ReadAsync());
            client.Dispose();
        }
        await sending;
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_let_go()
    {
        await using var door = await RespDouble.StartAsync("write-timeout = 300ms, backlog-commands = 200");
        using var slow = await door.ConnectAsync();
        using var healthy = await door.ConnectAsync();
        await healthy.SendAsync(RespClient.Command("set", "k", new string('x', 100_000)));
        Assert.Equal("+OK", await healthy.ReadAsync());
        await slow.SendAsync(string.Concat(Enumerable.Repeat("GET k\r\n", 10_000)));
        await Eventually.True(() => door.Server.Clients == 1, "the slow client is let go");
        Assert.Equal("+PONG", await healthy.AskAsync("ping"));
        await Eventually.True(() => door.Server.BacklogBytes == 0, "nothing is held for it");
    }

    [Fact]
    public async Task Too_many_clients_are_told_so()
    {
        await using var door = await RespDouble.StartAsync("max-clients = 2");
        using var first = await door.ConnectAsync();
        using var second = await door.ConnectAsync();
        Assert.Equal("+PONG", await first.AskAsync("ping"));
        Assert.Equal("+PONG", await second.AskAsync("ping"));
        using var third = await door.ConnectAsync();
        Assert.Equal("-ERR max number of clients reached", await third.ReadAsync());
        Assert.True(await third.IsClosedAsync());
        second.Dispose();
        await Eventually.Is(async () => { using var next = await door.ConnectAsync(); return await next.AskAsync("ping"); }, a => a == "+PONG", "there is room again");
    }

    [Fact]
    public async Task Silent_clients_are_let_go_when_that_is_asked_for()
    {
        await using var door = await RespDouble.StartAsync("idle-timeout = 4s");
        using var listener = await door.ConnectAsync();
        await listener.AskAsync("subscribe c");
        using var silent = await door.ConnectAsync();
        Assert.Equal("+PONG", await silent.AskAsync("ping"));
        Assert.True(await silent.IsClosedAsync());
        Assert.Equal("[$pong $]", await listener.AskAsync("ping"));
    }
}
