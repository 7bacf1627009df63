using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.TestKit.Xunit2;

/// <summary>Base of xunit tests with actors: makes a system (or takes one) and terminates it at the end.</summary>
public class TestKit : TestKitBase, IDisposable
{
    private bool _disposed;

    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null) : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null) : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), null, output) { }

    public static new Config DefaultConfig => TestKitBase.DefaultConfig;
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Where xunit collects what a test prints; null unless given.</summary>
    protected readonly ITestOutputHelper? Output;

    /// <summary>Runs when the test is over.</summary>
    protected virtual void AfterAll() => Shutdown();

    protected void InitializeLogger(ActorSystem system)
    {
        if (Output is null) return;
        var logger = ((ExtendedActorSystem)system).SystemActorOf(Props.Create<Internals.TestOutputLogger>(Output), "log-test");
        logger.Ask<LoggerInitialized>(new InitializeLogger(system.EventStream), TestKitSettings.DefaultTimeout).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_disposed || !disposing) return;
        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            ImplicitSender.Leave();
        }
    }
}
