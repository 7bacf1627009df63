using Akka.Configuration;

namespace Akka.TestKit.Configs;

/// <summary>Ready-made configurations of systems under test.</summary>
public static class TestConfigs
{
    /// <summary>Logs through the listener that event filters talk to.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString("""
        akka.loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
        akka.suppress-json-serializer-warning = true
        """).WithFallback(TestKitExtension.Reference);

    /// <summary>Time passes only when the test says so, by <see cref="TestScheduler"/>.</summary>
    public static Config TestSchedulerConfig { get; } =
        ConfigurationFactory.ParseString("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """);
}
