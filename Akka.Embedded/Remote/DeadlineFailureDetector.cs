using Akka.Configuration;
using Akka.Event;

namespace Akka.Remote;

/// <summary>Gone when no heartbeat has come for the interval plus the acceptable pause.</summary>
public class DeadlineFailureDetector : FailureDetector
{
    private readonly long _patience;
    private readonly Clock _clock;
    private long _last;
    private volatile bool _active;

    public DeadlineFailureDetector(TimeSpan acceptableHeartbeatPause, TimeSpan heartbeatInterval, Clock? clock = null)
    {
        if (acceptableHeartbeatPause < TimeSpan.Zero) throw new ArgumentException("failure-detector.acceptable-heartbeat-pause must be >= 0");
        if (heartbeatInterval <= TimeSpan.Zero) throw new ArgumentException("failure-detector.heartbeat-interval must be > 0");
        _patience = (long)(acceptableHeartbeatPause + heartbeatInterval).TotalMilliseconds;
        _clock = clock ?? DefaultClock;
    }

    public DeadlineFailureDetector(Config config, EventStream ev)
        : this(config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetTimeSpan("heartbeat-interval"))
    {
    }

    public override bool IsAvailable => !_active || _clock() - Volatile.Read(ref _last) < _patience;

    public override bool IsMonitoring => _active;

    public sealed override void HeartBeat()
    {
        Volatile.Write(ref _last, _clock());
        _active = true;
    }
}
