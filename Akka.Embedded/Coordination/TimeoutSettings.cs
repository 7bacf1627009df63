using Akka.Configuration;

namespace Akka.Coordination;

/// <summary>How often a lease is renewed, how long it lasts without, and how long one operation may take.</summary>
public sealed class TimeoutSettings
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(5);

    public TimeoutSettings(TimeSpan heartbeatInterval, TimeSpan heartbeatTimeout, TimeSpan operationTimeout)
    {
        if (heartbeatTimeout < heartbeatInterval + heartbeatInterval)
            throw new ArgumentException("heartbeat-interval must be at most half of heartbeat-timeout", nameof(heartbeatInterval));
        HeartbeatInterval = heartbeatInterval;
        HeartbeatTimeout = heartbeatTimeout;
        OperationTimeout = operationTimeout;
    }

    public TimeSpan HeartbeatInterval { get; }

    public TimeSpan HeartbeatTimeout { get; }

    public TimeSpan OperationTimeout { get; }

    /// <summary>Reads heartbeat-interval (empty: a tenth of the timeout, at least 5 s), heartbeat-timeout and lease-operation-timeout.</summary>
    public static TimeoutSettings Create(Config config)
    {
        var timeout = config.GetTimeSpan("heartbeat-timeout");
        var tenth = TimeSpan.FromTicks(timeout.Ticks / 10);
        var interval = string.IsNullOrWhiteSpace(config.GetString("heartbeat-interval"))
            ? tenth < LeastInterval ? LeastInterval : tenth
            : config.GetTimeSpan("heartbeat-interval");
        return new TimeoutSettings(interval, timeout, config.GetTimeSpan("lease-operation-timeout"));
    }

    public TimeoutSettings WithHeartbeatInterval(TimeSpan heartbeatInterval) => new(heartbeatInterval, HeartbeatTimeout, OperationTimeout);

    public TimeoutSettings WithHeartbeatTimeout(TimeSpan heartbeatTimeout) => new(HeartbeatInterval, heartbeatTimeout, OperationTimeout);

    public override string ToString() => $"TimeoutSettings({HeartbeatInterval}, {HeartbeatTimeout}, {OperationTimeout})";
}
