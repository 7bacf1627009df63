using Akka.Configuration;

namespace Eos.Tests.Support;

/// <summary>A quiet actor system that others reach on loopback, with the settings of a node below.</summary>
internal static class Loopback
{
    /// <param name="hocon">What the test wants otherwise.</param>
    public static Config At(int port, params string[] hocon) => hocon.Aggregate(Config.Empty, (config, text) => config.WithFallback(ConfigurationFactory.ParseString(text)))
        .WithFallback(ConfigurationFactory.ParseString(
            $$"""
              akka {
                loglevel = OFF
                stdout-loglevel = OFF
                log-dead-letters = off
                actor.provider = remote
                remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
              }
              """))
        .WithFallback(EosNode.Configuration);
}
