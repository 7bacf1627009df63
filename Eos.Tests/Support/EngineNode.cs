using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Eos.Host;

namespace Eos.Tests.Support;

/// <summary>
/// A node of nothing but the engine, as a process: it joins its seed nodes by the settings of hocon/akka.conf, tells on standard
/// output what happens to the cluster and obeys the lines of standard input. It ends when that closes.
/// <code>
///   says:  STARTED uid · UP · EVENT MemberRemoved port · DEAD (this incarnation ended)
///   hears: members · leave · down port · stop
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
              akka.cluster.seed-nodes = [{{string.Join(", ", seeds.Select(s => $"\"akka.tcp://{SystemName}@127.0.0.1:{s}\""))}}]
              """)
            .WithFallback(ConfigurationFactory.FromResource("akka.conf", typeof(Eos.Kernel.DirectoryId).Assembly));
        var loop = new NodeLoop(() => Start(config), TimeSpan.FromMilliseconds(500));
        using var stop = new CancellationTokenSource();
        var running = loop.Run(stop.Token);
        while (await Console.In.ReadLineAsync() is { } line && line != "stop") Obey(loop, line);
        await stop.CancelAsync();
        await running;
    }

    private static ActorSystem Start(Config config)
    {
        var system = ActorSystem.Create(SystemName, config);
        var cluster = Akka.Cluster.Cluster.Get(system);
        Console.WriteLine($"STARTED {cluster.SelfUniqueAddress.Uid}");
        cluster.RegisterOnMemberUp(() => Console.WriteLine("UP"));
        system.RegisterOnTermination(() => Console.WriteLine("DEAD"));
        system.ActorOf(Props.Create(() => new Reporter()), "reporter");
        return system;
    }

    private static void Obey(NodeLoop loop, string line)
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
            case ["leave"]:
                cluster.Leave(cluster.SelfAddress);
                break;
            case ["down", var port]:
                cluster.Down(cluster.SelfAddress.WithPort(int.Parse(port)));
                break;
        }
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
