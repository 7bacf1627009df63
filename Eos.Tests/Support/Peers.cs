using Akka.Actor;
using Akka.Configuration;

namespace Eos.Tests.Support;

/// <summary>Actor systems with remoting on free loopback ports; all end with the test.</summary>
public sealed class Peers : IAsyncDisposable
{
    private readonly List<ActorSystem> _systems = [];

    /// <summary>A cluster of one.</summary>
    public ActorSystem StartNode(string name, string more = "")
    {
        var node = Start(name, more, provider: "cluster");
        var cluster = Akka.Cluster.Cluster.Get(node);
        cluster.Join(cluster.SelfAddress);
        return node;
    }

    public ActorSystem Start(string name, string more = "", int port = 0, string provider = "remote")
    {
        var system = ActorSystem.Create(name, ConfigurationFactory.ParseString($$"""
            {{more}}
            akka {
              loglevel = WARNING
              actor.provider = {{provider}}
              remote {
                dot-netty.tcp {
                  hostname = 127.0.0.1
                  port = {{port}}
                }
              }
            }
            """));
        _systems.Add(system);
        return system;
    }

    public static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>The reference that one system has of another's actor.</summary>
    public static IActorRef Seen(ActorSystem from, ActorSystem at, IActorRef actor) =>
        ((ExtendedActorSystem)from).Provider.ResolveActorRef(actor.Path.ToSerializationFormatWithAddress(AddressOf(at)));

    /// <summary>An ear for events of that type on the system's event stream.</summary>
    public static Hearing Events<T>(ActorSystem system)
    {
        var (ear, heard) = Ear.In(system);
        system.EventStream.Subscribe(ear, typeof(T));
        return heard;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _systems) await system.Terminate();
    }
}
