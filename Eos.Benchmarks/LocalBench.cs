using System.Diagnostics;
using Akka.Actor;

namespace Eos.Benchmarks;

/// <summary>Messages between actors of one process.</summary>
public sealed class LocalBench : IBenchmark
{
    public string Name => "local";

    public string Purpose => "local tell: ping-pong with 1 and 100 in flight, two pairs, fan-in of 100 actors to one";

    public async Task Run(string[] args)
    {
        using var system = ActorSystem.Create("bench", "akka.loglevel = WARNING");
        await Report.Median("local ping-pong, 1 in flight", "messages/s", () => PingPong(system, 1, 1, 3_000_000));
        await Report.Median("local ping-pong, 100 in flight", "messages/s", () => PingPong(system, 1, 100, 5_000_000));
        await Report.Median("local, 2 pairs x 100 in flight", "messages/s", () => PingPong(system, 2, 100, 5_000_000));
        await Report.Median("fan-in, 100 actors to one", "messages/s", () => FanIn(system, 100, 50_000));
        await system.Terminate();
    }

    private static async Task<double> PingPong(ActorSystem system, int pairs, int inFlight, int messages)
    {
        var done = new CountdownEvent(pairs);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var players = Enumerable.Range(0, pairs).Select(_ =>
        {
            var pong = system.ActorOf(Props.Create<Pong>());
            return (Ping: system.ActorOf(Props.Create(() => new Ping(pong, messages / 2, inFlight, done, ended))), Pong: pong);
        }).ToList();
        var clock = Stopwatch.StartNew();
        foreach (var (ping, _) in players) ping.Tell(Start.Instance, ActorRefs.NoSender);
        await ended.Task;
        var rate = pairs * (double)messages / clock.Elapsed.TotalSeconds;
        foreach (var (ping, pong) in players)
        {
            system.Stop(ping);
            system.Stop(pong);
        }
        return rate;
    }

    private static async Task<double> FanIn(ActorSystem system, int actors, int each)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = system.ActorOf(Props.Create(() => new Sink(actors * each, ended)));
        var sources = Enumerable.Range(0, actors).Select(_ => system.ActorOf(Props.Create(() => new Source(sink, each)))).ToList();
        var clock = Stopwatch.StartNew();
        foreach (var source in sources) source.Tell(Start.Instance, ActorRefs.NoSender);
        await ended.Task;
        var rate = actors * (double)each / clock.Elapsed.TotalSeconds;
        foreach (var actor in sources.Append(sink)) system.Stop(actor);
        return rate;
    }

    private sealed class Start
    {
        public static readonly Start Instance = new();
    }

    private sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Ping(IActorRef pong, int rounds, int inFlight, CountdownEvent done, TaskCompletionSource ended) : UntypedActor
    {
        private int _left = rounds;

        protected override void OnReceive(object message)
        {
            if (message is Start)
            {
                for (var i = 0; i < inFlight; i++) pong.Tell("ball", Self);
                return;
            }
            _left--;
            if (_left >= inFlight) pong.Tell(message, Self);
            else if (_left == 0 && done.Signal()) ended.SetResult();
        }
    }

    private sealed class Source(IActorRef sink, int each) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (var i = 0; i < each; i++) sink.Tell(message, Self);
        }
    }

    private sealed class Sink(int expected, TaskCompletionSource ended) : UntypedActor
    {
        private int _left = expected;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) ended.SetResult();
        }
    }
}
