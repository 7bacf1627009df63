using System.IO.Pipelines;
using System.Net;
using System.Text;
using Eos.Host.Resp;
using Eos.Tests.Support;
using static Eos.Tests.Unit.Resp.RespServerTests;

namespace Eos.Tests.Unit.Resp;

public class PubSubTests
{
    [Fact]
    public async Task Messages_reach_channels_and_patterns()
    {
        await using var door = await RespDouble.StartAsync();
        using var listener = await door.ConnectAsync();
        using var speaker = await door.ConnectAsync();
        await listener.SendAsync("SUBSCRIBE news sport\r\n");
        Assert.Equal(["[$subscribe $news :1]", "[$subscribe $sport :2]"], await ReadAsync(listener, 2));
        Assert.Equal("[$psubscribe $n*s :3]", await listener.AskAsync("psubscribe n*s"));
        Assert.Equal(":2", await speaker.AskAsync("publish news hello"));
        Assert.Equal(["[$message $news $hello]", "[$pmessage $n*s $news $hello]"], await ReadAsync(listener, 2));
        Assert.Equal(":0", await speaker.AskAsync("publish other hello"));
        Assert.Equal("-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context", await listener.AskAsync("GET a"));
        Assert.Equal("[$pong $]", await listener.AskAsync("ping"));
        Assert.Equal("[$unsubscribe $sport :2]", await listener.AskAsync("unsubscribe sport"));
        Assert.Equal("[$unsubscribe $news :1]", await listener.AskAsync("unsubscribe"));
        Assert.Equal("[$punsubscribe $n*s :0]", await listener.AskAsync("punsubscribe"));
        Assert.Equal("[$punsubscribe nil :0]", await listener.AskAsync("punsubscribe"));
        Assert.Equal("nil", await listener.AskAsync("get a"));
        Assert.Equal(":0", await speaker.AskAsync("publish news hello"));
    }

    [Fact]
    public async Task With_push_types_other_commands_stay_allowed()
    {
        await using var door = await RespDouble.StartAsync();
        using var listener = await door.ConnectAsync();
        using var speaker = await door.ConnectAsync();
        Assert.Equal("+OK", await listener.AskAsync("activate-push-types"));
        await listener.SendAsync("SUBSCRIBE a b\r\n");
        Assert.Equal([">($pubsub $subscribe $a :1)", ">($pubsub $subscribe $b :2)", "+OK"], await ReadAsync(listener, 3));
        Assert.Equal("nil", await listener.AskAsync("get x"));
        await speaker.AskAsync("publish a 1");
        Assert.Equal(">($pubsub $message $a $1)", await listener.ReadAsync());
    }

    [Fact]
    public async Task Version_3_gets_pushes()
    {
        await using var door = await RespDouble.StartAsync();
        using var listener = await door.ConnectAsync();
        await listener.AskAsync("hello 3");
        Assert.Equal(">($psubscribe $* :1)", await listener.AskAsync("psubscribe *"));
        await listener.SendAsync("PUBLISH c x\r\nGET a\r\n");
        Assert.Equal([":1", ">($pmessage $* $c $x)", "nil"], (await ReadAsync(listener, 3)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Versioned_hashes_tell_their_changes()
    {
        await using var door = await RespDouble.StartAsync();
        using var listener = await door.ConnectAsync();
        using var writer = await door.ConnectAsync();
        await listener.AskAsync("subscribe __vhash@v");
        await writer.SendAsync("VHSET v f 1\r\n");
        Assert.Equal(":1", await writer.ReadAsync());
        Assert.Equal("[$message $__vhash@v $*2\r\n:1\r\n*2\r\n$1\r\nf\r\n$1\r\n1\r\n]", await listener.ReadAsync());
        await writer.AskAsync("vhdel v f");
        Assert.Equal("[$message $__vhash@v $*2\r\n:2\r\n*2\r\n$1\r\nf\r\n$0\r\n\r\n]", await listener.ReadAsync());
    }

    [Fact]
    public async Task Subscribers_are_sent_to_the_new_leader()
    {
        await using var door = await RespDouble.StartAsync();
        using var listener = await door.ConnectAsync();
        using var other = await door.ConnectAsync();
        await listener.AskAsync("subscribe c");
        door.Group.View = new GroupView(false, "10.0.0.1:7777");
        Assert.Equal("-MOVED 0 10.0.0.1:7777", await listener.ReadAsync());
        Assert.True(await listener.IsClosedAsync());
        Assert.Equal("+PONG", await other.AskAsync("ping"));
    }

    /// <summary>The client has its answer before the server knows that it is on its way.</summary>
    [Fact]
    public async Task Where_to_go_is_said_also_when_it_comes_while_an_answer_is_being_sent()
    {
        await using var door = await RespDouble.StartAsync();
        var (asked, answered) = (new Pipe(), new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1)));
        var connection = new Connection(door.Server, new Ends(asked.Reader, answered.Writer), 1, new IPEndPoint(IPAddress.Loopback, 1), null, () => { });
        var running = connection.RunAsync();
        await asked.Writer.WriteAsync("PING\r\n"u8.ToArray());
        var pong = await answered.Reader.ReadAsync();   // nothing more is sent before this is taken
        Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(pong.Buffer));
        connection.Dismiss("MOVED 0 10.0.0.1:7777");
        answered.Reader.AdvanceTo(pong.Buffer.End);
        var last = await answered.Reader.ReadAsync();
        Assert.Equal("-MOVED 0 10.0.0.1:7777\r\n", Encoding.ASCII.GetString(last.Buffer));
        answered.Reader.AdvanceTo(last.Buffer.End);
        await running.WaitAsync(Eventually.Patience);
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_let_go_and_others_are_not_hurt()
    {
        await using var door = await RespDouble.StartAsync("push-queue = 64 KiB");
        using var slow = await door.ConnectAsync();
        using var quick = await door.ConnectAsync();
        using var speaker = await door.ConnectAsync();
        await slow.AskAsync("subscribe c");
        await quick.AskAsync("subscribe c");
        var payload = new string('x', 20_000);
        var receivers = ":2";
        for (var i = 0; receivers == ":2"; i++)
        {
            Assert.True(i < 100_000, "the slow subscriber stays");
            receivers = await speaker.AskAsync($"publish c {payload}");
            Assert.Equal($"[$message $c ${payload}]", await quick.ReadAsync());
        }
        Assert.Equal("+PONG", await speaker.AskAsync("ping"));
    }
}
