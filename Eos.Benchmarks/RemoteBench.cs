using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;

namespace Eos.Benchmarks;

/// <summary>Remoting over loopback, two systems in one process: ping-pong with 1, 100 and 1000 strings in flight, and a one-way stream. Median of five.</summary>
public sealed class RemoteBench : IBenchmark
{
    public string Name => "remote";

    public string Purpose => "remoting over loopback: ping-pong with 1, 100 and 1000 in flight, one-way stream";

    private const string Settings = """
        akka {
          loglevel = ERROR
          actor.provider = remote
          remote.dot-netty.tcp {
            hostname = 127.0.0.1
            port = 0
          }
        }
        """;

    /// <summary>Sends back what it gets; counts what it gets of a stream and says when it has all.</summary>
    private sealed class Pong : UntypedActor
    {
        private int _left;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case int count:
                    _left = count;
                    Sender.Tell("ready");
                    break;
                case "stream":
                    if (--_left == 0) Sender.Tell("all");
                    break;
                default:
                    Sender.Tell(message);
                    break;
            }
        }
    }

    private sealed class Ping : UntypedActor
    {
        private readonly IActorRef _pong;
        private readonly TaskCompletionSource _done;
        private readonly int _window;
        private int _toSend;
        private int _toHear;

        public Ping(IActorRef pong, int messages, int window, TaskCompletionSource done)
        {
            _pong = pong;
            _done = done;
            _window = window;
            _toSend = _toHear = messages;
        }

        protected override void OnReceive(object message)
        {
            if (message is "go")
            {
                for (var i = 0; i < _window && _toSend > 0; i++, _toSend--) _pong.Tell("ping");
                return;
            }
            if (--_toHear == 0) _done.SetResult();
            else if (_toSend > 0)
            {
                _toSend--;
                _pong.Tell("ping");
            }
        }
    }

    private sealed class Streamer : UntypedActor
    {
        private readonly IActorRef _pong;
        private readonly int _messages;
        private readonly TaskCompletionSource _done;

        public Streamer(IActorRef pong, int messages, TaskCompletionSource done)
        {
            _pong = pong;
            _messages = messages;
            _done = done;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "go":
                    _pong.Tell(_messages);
                    break;
                case "ready":
                    for (var i = 0; i < _messages; i++) _pong.Tell("stream");
                    break;
                default:
                    _done.SetResult();
                    break;
            }
        }
    }

    public async Task Run(string[] args)
    {
        using var here = ActorSystem.Create("here", ConfigurationFactory.ParseString(Settings));
        using var there = ActorSystem.Create("there", ConfigurationFactory.ParseString(Settings));
        var local = there.ActorOf(Props.Create(() => new Pong()), "pong");
        var address = ((ExtendedActorSystem)there).Provider.DefaultAddress;
        var pong = await here.ActorSelection(address + "/user/pong").ResolveOne(TimeSpan.FromSeconds(10));
        foreach (var (window, messages) in new[] { (1, 20_000), (100, 300_000), (1000, 600_000) })
            await Measure($"remote ping-pong, {window} in flight", messages, done => Props.Create(() => new Ping(pong, messages, window, done)), here);
        const int Stream = 60_000;
        await Measure("remote one-way stream", Stream, done => Props.Create(() => new Streamer(pong, Stream, done)), here);
        await Task.WhenAll(here.Terminate(), there.Terminate());
        GC.KeepAlive(local);
    }

    private static async Task Measure(string name, int messages, Func<TaskCompletionSource, Props> runner, ActorSystem system)
    {
        var rates = new List<double>();
        var cpu = new List<double>();
        for (var round = 0; round < 6; round++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = system.ActorOf(runner(done));
            var clock = Stopwatch.StartNew();
            var used = Process.GetCurrentProcess().TotalProcessorTime;
            actor.Tell("go");
            await done.Task.WaitAsync(TimeSpan.FromMinutes(2));
            if (round == 0) continue;
            rates.Add(messages / clock.Elapsed.TotalSeconds);
            cpu.Add((Process.GetCurrentProcess().TotalProcessorTime - used).TotalMicroseconds / messages);
            system.Stop(actor);
        }
        rates.Sort();
        cpu.Sort();
        Console.WriteLine(FormattableString.Invariant($"{name}: {rates[2]:N0} messages/s [{rates[0]:N0}..{rates[4]:N0}], {cpu[2]:F1} us of CPU each"));
    }
}
