using Akka.Actor.Setup;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>A system's settings: what was given over the reference.</summary>
public class Settings
{
    private readonly ActorSystem _system;

    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        _system = system;
        Setup = setup;
        Config = config.SafeWithFallback(ConfigurationFactory.Default());
        ProviderClass = setup.Get<BootstrapSetup>() is { HasValue: true, Value.ActorRefProvider: { HasValue: true } chosen }
            ? chosen.Value.Name
            : Config.GetString("akka.actor.provider");
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", allowInfinite: true);
        CreationTimeout = Config.GetTimeSpan("akka.actor.creation-timeout");
        Loggers = Config.GetStringList("akka.loggers");
        LogLevel = Config.GetString("akka.loglevel");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel");
        SchedulerClass = Config.GetString("akka.scheduler.implementation");
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy");
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate = Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
    }

    public ActorSystem System => _system;

    public Config Config { get; private set; }

    public ActorSystemSetup Setup { get; private set; }

    public string ProviderClass { get; private set; }

    public bool HasCluster => ProviderClass.Contains("cluster", StringComparison.OrdinalIgnoreCase);

    internal bool HasRemoting => HasCluster || ProviderClass.Contains("remote", StringComparison.OrdinalIgnoreCase);

    public TimeSpan AskTimeout { get; private set; }

    public TimeSpan CreationTimeout { get; private set; }

    public IList<string> Loggers { get; private set; }

    public string LogLevel { get; private set; }

    public string StdoutLogLevel { get; private set; }

    public string SchedulerClass { get; private set; }

    public string SupervisorStrategyClass { get; private set; }

    public bool CoordinatedShutdownTerminateActorSystem { get; private set; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; private set; }

    public void InjectTopLevelFallback(Config config) => Config = Config.SafeWithFallback(config);

    public override string ToString() => Config.ToString();
}
