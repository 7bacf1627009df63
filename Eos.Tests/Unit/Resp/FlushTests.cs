using Eos.Host.Resp;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>FLUSHALL through the door: in parts, so that others are served meanwhile.</summary>
public class FlushTests
{
    private const int Keys = 100_000;

    [Fact]
    public async Task Entries_of_others_are_applied_while_all_is_flushed()
    {
        await using var door = await RespDouble.StartAsync("flush-rows = 1000");
        using var client = await door.ConnectAsync();
        using var other = await door.ConnectAsync();
        for (var first = 0; first < Keys; first += 5000)
            Assert.Equal("+OK", await client.AskAsync("mset " + string.Join(' ', Enumerable.Range(first, 5000).Select(i => $"k{i} v"))));
        var before = door.Group.Entries.Count;
        door.Group.Hold();
        await client.SendAsync("FLUSHALL\r\nSET after 1\r\n");
        await Eventually.Is(() => Task.FromResult(door.Group.Writing), n => n == 1, "the first part waits");
        await other.SendAsync("INCR z\r\n");
        await Eventually.Is(() => Task.FromResult(door.Group.Writing), n => n == 2, "the other's entry waits");
        door.Group.Release();
        Assert.Equal(":1", await other.ReadAsync());
        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("[$after]", await client.AskAsync("keys *"));   // z was there when a later part came to it
        Assert.InRange(door.Group.Entries.Count - before, Keys / 1000, Keys / 1000 + 3);
    }

    [Fact]
    public async Task In_a_transaction_it_is_one_entry_and_alone_it_keeps_its_place()
    {
        await using var door = await RespDouble.StartAsync("flush-rows = 1");
        using var client = await door.ConnectAsync();
        await client.SendAsync("MSET a 1 b 2 c 3\r\nMULTI\r\nFLUSHALL\r\nSET d 4\r\nEXEC\r\nKEYS *\r\n");
        Assert.Equal(["+OK", "+OK", "+QUEUED", "+QUEUED", "[+OK +OK]", "[$d]"], await RespServerTests.ReadAsync(client, 6));
        Assert.Equal([1, 2], door.Group.Entries);
        await client.SendAsync("SET e 5\r\nFLUSHALL\r\nSET f 6\r\nKEYS *\r\nflushall now\r\nCONFIG-SET c 1\r\n");
        Assert.Equal(["+OK", "+OK", "+OK", "[$f]", "-ERR wrong number of arguments for 'flushall' command", "+OK"], await RespServerTests.ReadAsync(client, 6));
    }

    [Fact]
    public async Task Where_it_ends_early_the_client_is_told_and_may_ask_again()
    {
        await using var door = await RespDouble.StartAsync("flush-rows = 1");
        using var client = await door.ConnectAsync();
        Assert.Equal("+OK", await client.AskAsync("mset a 1 b 2 c 3"));
        door.Group.Forgets = true;
        Assert.Equal("-ERR unavailable", await client.AskAsync("flushall"));
        door.Group.Forgets = false;
        Assert.Equal("[$b $c]", await client.AskAsync("keys *"));
        door.Group.View = new GroupView(false, "10.0.0.1:7777");
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await client.AskAsync("flushall"));
        door.Group.View = new GroupView(true, null);
        Assert.Equal("+OK", await client.AskAsync("flushall"));
        Assert.Equal("[]", await client.AskAsync("keys *"));
    }
}
