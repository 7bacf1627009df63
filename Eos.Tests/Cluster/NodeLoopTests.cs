using System.Threading.Channels;
using Akka.Actor;
using Eos.Host;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

public class NodeLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Channel<ActorSystem> _started = Channel.CreateUnbounded<ActorSystem>();

    [Fact]
    public async Task A_system_that_ends_unasked_is_followed_by_another()
    {
        var loop = new NodeLoop(Start, Pause, _ => { });
        using var stop = new CancellationTokenSource();
        var running = loop.Run(stop.Token);
        var first = await Started();
        await first.Terminate();
        var second = await Started();
        Assert.NotSame(first, second);
        await Eventually.True(() => loop.Incarnations == 2, "two have been started");
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task Asked_to_stop_it_ends_with_its_system()
    {
        var loop = new NodeLoop(Start, Pause, _ => { });
        using var stop = new CancellationTokenSource();
        var running = loop.Run(stop.Token);
        var system = await Started();
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.True(system.WhenTerminated.IsCompleted);
        Assert.Equal(CoordinatedShutdown.ClrExitReason.Instance, CoordinatedShutdown.Get(system).ShutdownReason);
        Assert.Null(loop.Current);
        Assert.Equal(1, loop.Incarnations);
    }

    [Fact]
    public async Task A_node_that_never_ran_is_an_error_and_one_that_ran_is_tried_again()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => new NodeLoop(() => throw new InvalidOperationException("no"), Pause, _ => { }).Run(CancellationToken.None));

        var starts = 0;
        var failures = new List<string>();
        var loop = new NodeLoop(() => ++starts == 2 ? throw new InvalidOperationException("port is busy") : Start(), Pause, e => failures.Add(e.Message));
        using var stop = new CancellationTokenSource();
        var running = loop.Run(stop.Token);
        await (await Started()).Terminate();
        await Started();
        Assert.Equal(3, starts);
        Assert.Equal(["port is busy"], failures);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    private ActorSystem Start()
    {
        var system = ActorSystem.Create("loop", "akka.loglevel = ERROR");
        _started.Writer.TryWrite(system);
        return system;
    }

    private async Task<ActorSystem> Started() => await _started.Reader.ReadAsync().AsTask().WaitAsync(Patience);
}
