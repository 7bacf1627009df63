using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Configuration;
using Eos.Host;

namespace Eos.Tests.Support;

/// <summary>
/// A node of nothing but the engine, as a process: it joins its seed nodes by the settings of hocon/akka.conf, tells on standard
/// output what happens to the cluster and obeys the lines of standard input. It ends when that closes.
/// <code>
///   says:  STARTED uid · UP · EVENT MemberRemoved port · DEAD (this incarnation ended) · NEWS text
///   hears: members · regions · leave · down port · stop · publish text · all word count milliseconds
/// </code>
/// With a journal file it also runs the sharded persistent counters of <see cref="CounterEntity"/>, a subscriber of the topic "news" and an echo
/// for cluster clients. <c>all</c> asks that many entities and says how many answered in time, and what:
/// <code>
///   ALL answered=40 e0=1 e1=1 …
/// </code>
/// </summary>
internal static class EngineNode
{
    public const string SystemName = "engine";

    public static async Task Run(string[] arguments)
    {
        var (port, seeds) = (int.Parse(arguments[0]), arguments[1].Split(','));
        var config = ConfigurationFactory.ParseString(
            $$"""
              akka.loglevel = INFO
              akka.stdout-loglevel = OFF
              akka.actor.provider = cluster
              akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
              akka.cluster.roles = [engine]
              akka.cluster.seed-nodes = [{{string.Join(", ", seeds.Select(s => $"\"akka.tcp://{SystemName}@127.0.0.1:{s}\""))}}]
              """)
            .WithFallback(ConfigurationFactory.FromResource("akka.conf", typeof(Eos.Kernel.DirectoryId).Assembly));
        var journal = arguments[2];
        if (journal.Length > 0) config = ConfigurationFactory.ParseString(SqlitePlugins.Hocon(journal)).WithFallback(config);
        var loop = new NodeLoop(() => Start(config, journal.Length > 0), TimeSpan.FromMilliseconds(500), e => Console.WriteLine($"ERROR {e.Message}"));
        using var stop = new CancellationTokenSource();
        var running = loop.Run(stop.Token);
        while (await Console.In.ReadLineAsync() is { } line && line != "stop") await Obey(loop, line);
        await stop.CancelAsync();
        await running;
    }

    private static ActorSystem Start(Config config, bool serves)
    {
        var system = ActorSystem.Create(SystemName, config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        Console.WriteLine($"STARTED {cluster.SelfUniqueAddress.Uid}");
        cluster.RegisterOnMemberUp(() => Console.WriteLine("UP"));
        system.RegisterOnTermination(() => Console.WriteLine("DEAD"));
        system.ActorOf(Props.Create(() => new Reporter()), "reporter");
        if (serves)
        {
            CounterEntity.Start(system, new CounterEntity.Ledger());
            system.ActorOf(Props.Create(() => new Reader()), "reader");
            ClusterClientReceptionist.Get(system).RegisterService(system.ActorOf(Props.Create(() => new Echo($"{cluster.SelfAddress.Port}")), "echo"));
        }
        return system;
    }

    private static async Task Obey(NodeLoop loop, string line)
    {
        if (loop.Current is not { } system)
        {
            Console.WriteLine("ERROR no incarnation");
            return;
        }
        var cluster = Akka.Cluster.Cluster.Get(system);
        switch (line.Split(' '))
        {
            case ["members"]:
                Console.WriteLine($"MEMBERS {string.Join(' ', cluster.State.Members.Select(m => $"{m.Address.Port}:{m.Status}"))}");
                break;
            case ["regions"]:
                Console.WriteLine($"REGIONS {(await ClusterSharding.Get(system).ShardRegion("counter").Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(30))).Regions.Count}");
                break;
            case ["publish", var text]:
                DistributedPubSub.Get(system).Mediator.Tell(new Publish("news", text));
                break;
            case ["all", var word, var count, var milliseconds]:
                await AskAll(ClusterSharding.Get(system).ShardRegion("counter"), word, int.Parse(count), TimeSpan.FromMilliseconds(int.Parse(milliseconds)));
                break;
            case ["leave"]:
                cluster.Leave(cluster.SelfAddress);
                break;
            case ["down", var port]:
                cluster.Down(cluster.SelfAddress.WithPort(int.Parse(port)));
                break;
        }
    }

    private static async Task AskAll(IActorRef region, string word, int count, TimeSpan patience)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            try
            {
                return await region.Ask<string>($"e{i}:{word}", patience);
            }
            catch (AskTimeoutException)
            {
                return null;
            }
        }));
        Console.WriteLine($"ALL answered={answers.Count(a => a is not null)} {string.Join(' ', answers)}");
    }

    /// <summary>Reads the news.</summary>
    private sealed class Reader : ReceiveActor
    {
        public Reader()
        {
            Receive<SubscribeAck>(_ => Console.WriteLine("SUBSCRIBED"));
            Receive<string>(news => Console.WriteLine($"NEWS {news}"));
        }

        protected override void PreStart() => DistributedPubSub.Get(Context.System).Mediator.Tell(new Subscribe("news", Self));
    }

    /// <summary>Answers cluster clients with its node's port.</summary>
    private sealed class Echo : ReceiveActor
    {
        public Echo(string port) => Receive<string>(text => Sender.Tell($"{port}: {text}"));
    }

    private sealed class Reporter : ReceiveActor
    {
        public Reporter()
        {
            Receive<ClusterEvent.IMemberEvent>(e => Console.WriteLine($"EVENT {e.GetType().Name} {e.Member.Address.Port}"));
            Receive<ClusterEvent.ReachabilityEvent>(e => Console.WriteLine($"EVENT {e.GetType().Name} {e.Member.Address.Port}"));
        }

        protected override void PreStart() => Akka.Cluster.Cluster.Get(Context.System).Subscribe(
            Self,
            ClusterEvent.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent));
    }
}
