using Eos.Host.Resp;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>What the door holds of replies, transactions and channels is bounded, and those who do not read hurt themselves only.</summary>
public class ReplyBoundTests
{
    private const int Values = 24;
    private const string Patient = "write-timeout = 300s\n";

    [Fact]
    public async Task Replies_that_nobody_reads_are_bounded_and_come_in_order_when_they_are_read()
    {
        await using var door = await RespDouble.StartAsync(Patient + "question-bytes = 2 MiB, backlog-bytes = 4 MiB, reply-most = 16 MiB, backlog-total = 32 MiB");
        using var other = await door.ConnectAsync();
        await FillAsync(other);
        using var slow = await door.ConnectAsync();
        await slow.SendAsync(string.Concat(Enumerable.Range(0, 3 * Values).Select(i => $"GET k{i % Values}\r\n")) + "SET after 1\r\nGET after\r\n");
        await Eventually.True(() => door.Server.BacklogBytes > 1 << 20, "replies wait");
        Assert.InRange(await WatchAsync(door, other), 1 << 20, 7 << 20); // backlog-bytes, one question, and requests
        for (var i = 0; i < 3 * Values; i++) Assert.True((await slow.ReadAsync()).StartsWith($"$k{i % Values}/", StringComparison.Ordinal), $"reply {i}");
        Assert.Equal(["+OK", "$1"], await RespServerTests.ReadAsync(slow, 2));
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");
    }

    [Fact]
    public async Task Many_who_do_not_read_are_bounded_together_and_others_are_served()
    {
        await using var door = await RespDouble.StartAsync(Patient + "question-bytes = 2 MiB, backlog-bytes = 4 MiB, reply-most = 16 MiB, backlog-total = 32 MiB");
        using var other = await door.ConnectAsync();
        await FillAsync(other);
        var slow = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => door.ConnectAsync()));
        var keys = string.Join(' ', Enumerable.Range(0, 3).Select(i => $"k{i}"));
        foreach (var client in slow) await client.SendAsync(string.Concat(Enumerable.Range(0, Values).Select(i => $"GET k{i}\r\n")) + $"MGET {keys}\r\nPING\r\n");
        await Eventually.True(() => door.Server.BacklogBytes > 16 << 20, "replies of many wait");
        Assert.InRange(await WatchAsync(door, other), 16 << 20, (32 << 20) + (20 << 20) + (4 << 20)); // backlog-total, and one value for each
        foreach (var client in slow) await ReadAllAsync(client);
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");

        async Task ReadAllAsync(RespClient client)
        {
            for (var i = 0; i < Values; i++) Assert.True((await client.ReadAsync()).StartsWith($"$k{i}/", StringComparison.Ordinal), $"reply {i}");
            Assert.StartsWith("[$k0/", await client.ReadAsync());
            Assert.Equal("+PONG", await client.ReadAsync());
        }
    }

    [Fact]
    public async Task A_client_that_goes_without_reading_leaves_nothing()
    {
        await using var door = await RespDouble.StartAsync("question-bytes = 2 MiB, backlog-bytes = 4 MiB, reply-most = 16 MiB, backlog-total = 32 MiB");
        using var other = await door.ConnectAsync();
        await FillAsync(other);
        for (var i = 0; i < 5; i++)
        {
            using var slow = await door.ConnectAsync();
            await slow.SendAsync("MULTI\r\nGET k1\r\nEXEC\r\n" + string.Concat(Enumerable.Range(0, Values).Select(k => $"GET k{k}\r\n")) + "MGET k1 k2 k3 k4 k5\r\nMULTI\r\nSET a 1\r\n");
            await Eventually.True(() => door.Server.BacklogBytes > 1 << 19, "it has replies waiting");
        }
        await Eventually.True(() => door.Server.Clients == 1 && door.Server.BacklogBytes == 0, "nothing is left of them");
        Assert.StartsWith("[$k0/", await other.AskAsync("MGET k0 k1 k2 k3 k4"));
    }

    [Theory]
    [InlineData("MGET {0}")]
    [InlineData("HMGET h {0}")]
    [InlineData("HGETALL h")]
    [InlineData("HVALS h")]
    [InlineData("VHGETALL v")]
    public async Task A_reply_too_large_is_an_error_and_the_connection_goes_on(string command)
    {
        await using var door = await RespDouble.StartAsync("reply-most = 16 MiB");
        using var client = await door.ConnectAsync();
        foreach (var i in Enumerable.Range(0, 20))
        {
            Assert.Equal("+OK", await client.AskAsync($"set k{i} {Value(i)}"));
            Assert.Equal(":1", await client.AskAsync($"hset h k{i} {Value(i)}"));
            Assert.Equal($":{i + 1}", await client.AskAsync($"vhset v k{i} {Value(i)}"));
        }
        await client.SendAsync($"{string.Format(command, string.Join(' ', Enumerable.Range(0, 20).Select(i => $"k{i}")))}\r\nGET k1\r\nMULTI\r\nGET k1\r\n");
        Assert.Equal($"-ERR reply too large: at most {16 << 20} bytes", await client.ReadAsync());
        Assert.StartsWith("$k1/", await client.ReadAsync());
        await client.SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i => $"GET k{i}\r\n")) + "EXEC\r\nGET k3\r\n");
        await RespServerTests.ReadAsync(client, 22);
        Assert.Equal($"-ERR reply too large: at most {16 << 20} bytes", await client.ReadAsync());
        Assert.StartsWith("$k3/", await client.ReadAsync());
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");
    }

    [Fact]
    public async Task Pages_end_when_they_are_large()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        for (var i = 10; i < 30; i++) await client.AskAsync($"hset h k{i} {Value(i)}");
        for (var i = 10; i < 30; i++) await client.AskAsync($"deque-push-back d {Value(i)}");
        var (cursor, seen) = ("0", 0);
        do
        {
            var page = await client.AskAsync($"hscan h {cursor} COUNT 1000000");
            Assert.InRange(page.Length, 1, 10 << 20);
            (cursor, seen) = (page[2..page.IndexOf(' ')], seen + page.Split("$k").Length / 2);
        }
        while (cursor != "0");
        Assert.Equal(20, seen);
        Assert.Equal(["$k22/", "$k14/", "$k10/"], await PagesAsync());
        Assert.InRange((await client.AskAsync("raw-scan")).Length, 2 << 20, 10 << 20);

        async Task<List<string>> PagesAsync()
        {
            var (first, next) = (new List<string>(), "0");
            do
            {
                await client.SendAsync("*5\r\n$15\r\ndeque-scan-back\r\n$1\r\nd\r\n"u8.ToArray());
                await client.SendAsync($"${next.Length}\r\n{next}\r\n$5\r\nCOUNT\r\n$7\r\n1000000\r\n");
                var page = await client.ReadAsync();
                next = page[2..page.IndexOf(" [", StringComparison.Ordinal)];
                first.Add(page.Substring(page.IndexOf('[', 1) + 1, 5));
            }
            while (next != "0");
            return first;
        }
    }

    [Fact]
    public async Task Values_that_are_taken_away_are_not_lost_for_want_of_room()
    {
        await using var door = await RespDouble.StartAsync(Patient);
        using var client = await door.ConnectAsync();
        for (var i = 0; i < 40; i++) await client.AskAsync($"deque-push-back d {Value(i)}");
        await client.SendAsync(string.Concat(Enumerable.Repeat("DEQUE-POP-FRONT d\r\n", 20)));
        for (var i = 0; i < 20; i++) Assert.True((await client.ReadAsync()).StartsWith($"$k{i}/", StringComparison.Ordinal), $"pop {i}");
        await client.SendAsync("MULTI\r\n" + string.Concat(Enumerable.Repeat("DEQUE-POP-FRONT d\r\n", 20)) + "EXEC\r\n");
        await RespServerTests.ReadAsync(client, 21);
        var popped = await client.ReadAsync();
        Assert.Contains("$k34/", popped);
        Assert.DoesNotContain("$k35/", popped);
        Assert.Contains("-ERR reply too large: ", popped);
        Assert.Equal(":5", await client.AskAsync("deque-len d"));
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");
    }

    [Fact]
    public async Task Transactions_of_all_clients_are_bounded()
    {
        await using var door = await RespDouble.StartAsync("backlog-bytes = 1 MiB, question-bytes = 2 MiB, reply-most = 16 MiB, backlog-total = 32 MiB");
        var value = new string('x', 1 << 20);
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => door.ConnectAsync()));
        var refused = 0;
        foreach (var client in clients)
        {
            Assert.Equal("+OK", await client.AskAsync("multi"));
            Assert.Equal("+QUEUED", await client.AskAsync("set a 1"));
            if (await client.AskAsync($"set b {value}") != "+QUEUED") refused++;
        }
        Assert.Equal(3, refused); // a quarter of the whole is 8 MiB
        await Eventually.True(() => door.Server.BacklogBytes < 8 << 20, "what is refused is not kept");
        Assert.Equal("+OK", await clients[0].AskAsync("discard"));
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", await clients[9].AskAsync("exec"));
        Assert.Equal("+OK", await clients[9].AskAsync("multi"));
        Assert.Equal("+QUEUED", await clients[9].AskAsync($"set b {value}"));
        Assert.Equal("[+OK]", await clients[9].AskAsync("exec"));
        foreach (var client in clients) await client.AskAsync("reset");
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");
    }

    [Fact]
    public async Task Names_of_channels_are_bounded()
    {
        await using var door = await RespDouble.StartAsync("channel-bytes = 4 KiB");
        using var client = await door.ConnectAsync();
        await client.SendAsync(RespClient.Command([.. new[] { "subscribe" }, .. Enumerable.Range(0, 14).Select(i => $"channel-{i}")]));
        await RespServerTests.ReadAsync(client, 14);
        Assert.Equal("-ERR too many channels: their names take at most 4096 bytes", await client.AskAsync("subscribe a b"));
        Assert.Equal("[$unsubscribe $channel-1 :13]", await client.AskAsync("unsubscribe channel-1"));
        Assert.Equal("[$subscribe $a :14]", await client.AskAsync("subscribe a"));
        Assert.Equal("+RESET", await client.AskAsync("reset"));
        await Eventually.True(() => door.Server.BacklogBytes == 0, "all is given back");
    }

    /// <summary>A value of 1 MiB that says whose it is.</summary>
    private static string Value(int key) => $"k{key}/".PadRight(1 << 20, 'x');

    private static async Task FillAsync(RespClient client)
    {
        for (var i = 0; i < Values; i++)
        {
            await client.SendAsync(RespClient.Command("set", $"k{i}", Value(i)));
            Assert.Equal("+OK", await client.ReadAsync());
        }
    }

    /// <summary>The most that the door held while another client was served a few hundred times.</summary>
    private static async Task<long> WatchAsync(RespDouble door, RespClient other)
    {
        var most = 0L;
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal("+OK", await other.AskAsync($"set n {i}"));
            Assert.Equal($"${i}", await other.AskAsync("get n"));
            most = Math.Max(most, door.Server.BacklogBytes);
        }
        Assert.StartsWith("$k7/", await other.AskAsync("get k7"));
        return Math.Max(most, door.Server.BacklogBytes);
    }
}
