using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using Eos.Logs;
using Eos.Tests.Support;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>`debug` and `rtlog` through a gateway, of the node in this process.</summary>
public sealed class LogTests : ActorTest
{
    private readonly EosInProcess _eos;

    public LogTests() : base("akka.loglevel = WARNING")
    {
        _eos = new EosInProcess(Sys, SystemClock.Instance, TestActor);
        Sys.ActorOf(LogActor.Props("here:1", "node1", new HashSet<string>(), LogSettings.From(new Settings(Settings.Reference, "eos.log")), SystemClock.Instance), LogProtocol.Name);
    }

    [Fact]
    public async Task The_level_is_changed_while_it_runs_and_what_is_logged_then_is_read()
    {
        Assert.Equal(["/eos/here:1 node1 := warning"], await Lines("debug", "get", "*"));
        Sys.Log.Info("a whisper before");
        Assert.Equal(["success: log level is now debug on node1"], await Lines("debug", "set", "debug", "node1"));
        Assert.Equal(LogLevel.DebugLevel, Sys.EventStream.LogLevel);
        Sys.Log.Info("a whisper after");
        await Eventually.Is(() => Lines("rtlog", "", "*", "600", "info", "whisper"), lines => lines.Length == 1 && lines[0].EndsWith("a whisper after", StringComparison.Ordinal), "the line");
        Assert.Empty(await Lines("rtlog", "", ".", "600", "crit"));
    }

    [Fact]
    public async Task Wrong_words_and_nodes_are_refused()
    {
        Assert.Equal(Errno.Invalid, (await Assert.ThrowsAsync<EosException>(() => Lines("debug", "set", "loud"))).Why);
        Assert.Equal(Errno.NoEntry, (await Assert.ThrowsAsync<EosException>(() => Lines("debug", "set", "err", "there:2"))).Why);
        Assert.Equal(Errno.Invalid, (await Assert.ThrowsAsync<EosException>(() => Lines("rtlog", "", "*", "x"))).Why);
    }

    private async Task<string[]> Lines(string noun, string verb, params string[] words) => [.. (await _eos.Client.AdministerAsync(noun, verb, words)).Lines];
}
