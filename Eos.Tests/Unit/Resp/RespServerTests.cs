using System.Text;
using Eos.Host.Resp;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>The door before a group in memory: what each connection command answers, and in which order.</summary>
public class RespServerTests
{
    [Fact]
    public async Task Connection_commands()
    {
        await using var door = await RespDouble.StartAsync();
        await PlayAsync(door, """
            PING => +PONG
            ping hello => $hello
            echo x => $x
            select 0 => +OK
            select 1 => -ERR DB index is out of range
            client setname me => +OK
            client getname => $me
            client nonsense => -ERR unknown subcommand 'nonsense'. Try CLIENT HELP.
            client setname a\nb => -ERR Client names cannot contain spaces, newlines or special characters.
            client id => :1
            activate-stale-reads => +OK
            convert-string-to-int 12345678 => [+Interpreted as int64_t: 3544952156018063160 +Interpreted as uint64_t: 3544952156018063160]
            convert-string-to-int 1 => -ERR expected string with 8 characters, was given 1 instead
            convert-int-to-string 3544952156018063160 => [$As int64_t: 12345678 $As uint64_t: 12345678]
            config get save => [$save $]
            config get append* => [$appendfsync $always $appendonly $yes]
            command count x => -ERR unknown subcommand 'count'. Try COMMAND HELP.
            command info get nothing => [[$get :2 [+readonly] :1 :1 :1 [] [] [] []] nil]
            command info HMSET => [[$hmset :-4 [+write +denyoom] :1 :1 :1 [] [] [] []]]
            nonsense a => -ERR unknown command 'nonsense'
            get => -ERR wrong number of arguments for 'get' command
            ping a b => -ERR wrong number of arguments for 'ping' command
            watch a => -ERR WATCH is not supported: transactions run as one, without conditions
            raft_info => +OK
            reset => +RESET
            client getname => nil
            """);
    }

    [Fact]
    public async Task Data_commands_and_their_errors()
    {
        await using var door = await RespDouble.StartAsync();
        await PlayAsync(door, """
            SET a 1 => +OK
            get a => $1
            get b => nil
            hset h f 1 g '' => :2
            hgetall h => [$f $1 $g $]
            set h x => -ERR Invalid argument: WRONGTYPE Operation against a key holding the wrong kind of value
            incr a => :2
            del a h => :2
            """);
    }

    [Fact]
    public async Task Version_3_has_maps_sets_and_one_null()
    {
        await using var door = await RespDouble.StartAsync();
        await PlayAsync(door, """
            hset h f 1 => :1
            sadd s m => :1
            HELLO 4 => -NOPROTO unsupported protocol version
            HELLO x => -ERR Protocol version is not an integer or out of range
            HELLO 3 SETNAME => -ERR Syntax error in HELLO option 'SETNAME'
            """);
        using var client = await door.ConnectAsync();
        Assert.StartsWith("{$server $redis $version $7.0.0", await client.AskAsync("HELLO 3 SETNAME bob"));
        Assert.Equal("{$f $1}", await client.AskAsync("hgetall h"));
        Assert.Equal("~($m)", await client.AskAsync("smembers s"));
        Assert.Equal("nil", await client.AskAsync("get nothing"));
        Assert.Equal("$bob", await client.AskAsync("client getname"));
        Assert.Equal("{$save $}", await client.AskAsync("config get save"));
        Assert.StartsWith("=txt:# Server\r\nredis_version:7.0.0\r\n", await client.AskAsync("info server"));
        Assert.StartsWith("[$server", await client.AskAsync("HELLO 2"));
        Assert.Equal("[$f $1]", await client.AskAsync("hgetall h"));
    }

    [Fact]
    public async Task Replies_are_in_order_and_consecutive_writes_are_one_entry()
    {
        await using var door = await RespDouble.StartAsync("entry-commands = 10");
        using var client = await door.ConnectAsync();
        door.Group.Hold();
        var script = new StringBuilder();
        for (var i = 0; i < 25; i++) script.Append($"INCR n\r\n");
        await client.SendAsync(script + "PING\r\nGET n\r\nECHO x\r\nINCR n\r\nGET n\r\nnonsense\r\n");
        door.Group.Release();
        for (var i = 1; i <= 25; i++) Assert.Equal($":{i}", await client.ReadAsync());
        Assert.Equal(["+PONG", "$25", "$x", ":26", "$26", "-ERR unknown command 'nonsense'"], await ReadAsync(client, 6));
        Assert.Equal([10, 10, 5, 1], door.Group.Entries);
        Assert.Equal([1, 1], door.Group.Questions);
        Assert.False(door.Group.HasMixed, "a question was asked before the write before it was done");
    }

    [Fact]
    public async Task Transactions()
    {
        await using var door = await RespDouble.StartAsync();
        await PlayAsync(door, """
            exec => -ERR EXEC without MULTI
            discard => -ERR DISCARD without MULTI
            multi => +OK
            multi => -ERR MULTI calls can not be nested
            set a 1 => +QUEUED
            incr a => +QUEUED
            hget a f => +QUEUED
            get a => +QUEUED
            exec => [+OK :2 -ERR Invalid argument: WRONGTYPE Operation against a key holding the wrong kind of value $2]
            multi => +OK
            get a => +QUEUED
            exists a b => +QUEUED
            exec => [$2 :1]
            multi => +OK
            exec => []
            multi => +OK
            set a 3 => +QUEUED
            discard => +OK
            get a => $2
            multi => +OK
            set a => -ERR wrong number of arguments for 'set' command
            set a 3 => +QUEUED
            exec => -EXECABORT Transaction discarded because of previous errors.
            multi => +OK
            ping => -ERR Only reads and writes allowed within MULTI/EXEC blocks.
            exec => -EXECABORT Transaction discarded because of previous errors.
            get a => $2
            """);
        Assert.Equal([4], door.Group.Entries);
        Assert.Equal([2, 1, 1], door.Group.Questions);
    }

    [Fact]
    public async Task A_transaction_too_large_is_refused_as_a_whole()
    {
        await using var door = await RespDouble.StartAsync("entry-bytes = 1 KiB, entry-most = 2 KiB");
        using var client = await door.ConnectAsync();
        Assert.Equal("+OK", await client.AskAsync("multi"));
        Assert.Equal("+QUEUED", await client.AskAsync("set a 1"));
        Assert.Equal("-ERR transaction too large: at most 2048 bytes", await client.AskAsync("set b " + new string('x', 3000)));
        Assert.Equal("-EXECABORT Transaction discarded because of previous errors.", await client.AskAsync("exec"));
        Assert.Equal("nil", await client.AskAsync("get a"));
    }

    [Fact]
    public async Task A_follower_sends_clients_to_the_leader_and_reads_stale_on_request()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        Assert.Equal("+OK", await client.AskAsync("set a 1"));
        door.Group.View = new GroupView(false, "10.0.0.1:7777");
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await client.AskAsync("get a"));
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await client.AskAsync("set a 2"));
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await client.AskAsync("publish c x"));
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await client.AskAsync("subscribe c"));
        await client.SendAsync("MULTI\r\nSET a 2\r\nEXEC\r\n");
        Assert.Equal(["+OK", "+QUEUED", "-MOVED 0 10.0.0.1:7777"], await ReadAsync(client, 3));
        door.Group.View = new GroupView(false, null);
        Assert.Equal("-ERR unavailable", await client.AskAsync("get a"));
        Assert.Equal("+OK", await client.AskAsync("activate-stale-reads"));
        Assert.Equal("$1", await client.AskAsync("get a"));
        Assert.Equal("-ERR unavailable", await client.AskAsync("set a 2"));
        door.Group.View = new GroupView(true, null);
        door.Group.Forgets = true;
        Assert.Equal("-ERR unavailable", await client.AskAsync("set a 3"));
    }

    [Fact]
    public async Task Commands_are_counted()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        await client.SendAsync("SET a 1\r\nGET a\r\nGET a\r\nMULTI\r\nSET a 1\r\nEXEC\r\n");
        await ReadAsync(client, 6);
        Assert.StartsWith("[[+TOTALS [+READS 2 +WRITES 1 +TXREAD 0 +TXREADWRITE 1]]", await client.AskAsync("command-stats"));
        door.Clock.By = TimeSpan.FromSeconds(20);
        await Eventually.Is(() => client.AskAsync("command_stats"), s => s.Contains("[+TIMESTAMP ") && s.Split("+READS 2 +WRITES 1").Length == 3, "the interval is over");
    }

    [Fact]
    public async Task A_monitor_sees_the_commands_of_others_but_no_password()
    {
        await using var door = await RespDouble.StartAsync();
        using var watcher = await door.ConnectAsync();
        using var client = await door.ConnectAsync();
        Assert.Equal("+OK", await watcher.AskAsync("monitor"));
        await client.AskAsync("set a \"\n");
        await client.AskAsync("auth secret");
        Assert.EndsWith("]: \"set\" \"a\" \"\\\"\\x0a\"", await watcher.ReadAsync());
        Assert.EndsWith("]: \"auth\" \"(redacted)\"", await watcher.ReadAsync());
    }

    [Fact]
    public async Task Clients_are_listed_and_can_be_let_go()
    {
        await using var door = await RespDouble.StartAsync();
        using var victim = await door.ConnectAsync();
        using var client = await door.ConnectAsync();
        Assert.Equal("+OK", await victim.AskAsync("client setname victim"));
        var id = (await victim.AskAsync("client id"))[1..];
        Assert.Contains("name=victim", await client.AskAsync("client list"));
        Assert.Equal("$", (await client.AskAsync("client info"))[..1]);
        Assert.Equal(":0", await client.AskAsync("client kill id 99"));
        Assert.Equal(":1", await client.AskAsync($"client kill id {id}"));
        Assert.True(await victim.IsClosedAsync());
    }

    [Fact]
    public async Task Quit_and_the_end_of_input_close_after_the_last_answer()
    {
        await using var door = await RespDouble.StartAsync();
        using var quitter = await door.ConnectAsync();
        await quitter.SendAsync("SET a 1\r\nQUIT\r\nSET a 2\r\n");
        Assert.Equal(["+OK", "+OK", "<closed>"], await ReadAsync(quitter, 3));
        using var ender = await door.ConnectAsync();
        door.Group.Hold();
        await ender.SendAsync("GET a\r\nGET");
        ender.Finish();
        door.Group.Release();
        Assert.Equal(["$1", "<closed>"], await ReadAsync(ender, 2));
        await Eventually.True(() => door.Server.Clients == 0 && door.Server.BacklogBytes == 0, "nothing is left of them");
    }

    [Fact]
    public async Task Every_command_of_the_table_has_a_description()
    {
        await using var door = await RespDouble.StartAsync();
        using var client = await door.ConnectAsync();
        var count = int.Parse((await client.AskAsync("command count"))[1..]);
        Assert.True(count > 100);
        Assert.Equal(count, (await client.AskAsync("command list")).Split(' ').Length);
        Assert.Equal(count, (await client.AskAsync("command docs")).Split("$summary").Length - 1);
        Assert.Equal(count, (await client.AskAsync("command")).Split("[$").Length - 1);
    }

    internal static async Task PlayAsync(RespDouble door, string script)
    {
        using var client = await door.ConnectAsync();
        foreach (var line in script.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(" => ");
            Assert.Equal(line, $"{parts[0]} => {await client.AskAsync(parts[0].Replace("\\n", "\n"))}");
        }
    }

    internal static async Task<string[]> ReadAsync(RespClient client, int count)
    {
        var answers = new string[count];
        for (var i = 0; i < count; i++) answers[i] = await client.ReadAsync();
        return answers;
    }
}
