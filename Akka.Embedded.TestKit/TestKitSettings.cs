using Akka.Actor;
using Akka.Configuration;

namespace Akka.TestKit;

/// <summary>How long expectations wait.</summary>
public class TestKitSettings : IExtension
{
    public TestKitSettings(Config config)
    {
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", allowInfinite: false);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", allowInfinite: false);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", allowInfinite: false);
        TestTimeFactor = config.GetDouble("akka.test.timefactor");
        if (TestTimeFactor <= 0) throw new ConfigurationException($"akka.test.timefactor must be positive, not {TestTimeFactor}");
    }

    public TimeSpan DefaultTimeout { get; }
    public TimeSpan SingleExpectDefault { get; }
    public TimeSpan TestEventFilterLeeway { get; }
    public double TestTimeFactor { get; }
}

/// <summary>The test kit's settings as an extension of a system.</summary>
public class TestKitExtension : ExtensionIdProvider<TestKitSettings>
{
    private static readonly TestKitExtension Instance = new();

    internal static readonly Config Reference = ConfigurationFactory.FromResource<TestKitExtension>("testkit.reference.conf");

    public override TestKitSettings CreateExtension(ExtendedActorSystem system) =>
        new(system.Settings.Config.SafeWithFallback(Reference));

    public static TestKitSettings For(ActorSystem system) => Instance.Get(system);
}
