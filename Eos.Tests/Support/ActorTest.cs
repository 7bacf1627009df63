using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace Eos.Tests.Support;

/// <summary>
/// A test with a system of its own that waits long for what must come: on a busy machine three seconds are nothing. Snapshots are in memory, as the journal is: those in a folder
/// would be found by the next test.
/// </summary>
public abstract class ActorTest(Config config) : TestKit(config.WithFallback(Patient))
{
    private static readonly Config Patient = ConfigurationFactory.ParseString(
        """
        akka.logger-startup-timeout = 60s
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        akka.test { single-expect-default = 30s, default-timeout = 30s, filter-leeway = 30s }
        """);

    protected ActorTest(string config = "") : this(ConfigurationFactory.ParseString(config))
    {
    }
}
