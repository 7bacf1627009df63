using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Remote;

/// <summary>Makes the failure detector that a configuration names.</summary>
public static class FailureDetectorLoader
{
    /// <param name="fqcn">Its class; it has a constructor (Config, EventStream).</param>
    /// <param name="config">Its settings.</param>
    /// <param name="system">The system whose event stream it gets.</param>
    public static FailureDetector Load(string fqcn, Config config, ActorSystem system)
    {
        var type = TypeNames.Require(fqcn, "failure detector");
        return type.GetConstructor([typeof(Config), typeof(EventStream)])?.Invoke([config, system.EventStream]) as FailureDetector
            ?? throw new ConfigurationException($"Could not create failure detector [{fqcn}]: it needs a constructor (Config, EventStream)");
    }
}
