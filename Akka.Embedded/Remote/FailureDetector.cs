namespace Akka.Remote;

/// <summary>Judges from the heartbeats of one resource whether it is there.</summary>
public abstract class FailureDetector
{
    public static readonly Clock DefaultClock = () => Environment.TickCount64;

    public abstract bool IsAvailable { get; }

    /// <summary>Whether any heartbeat has come so far.</summary>
    public abstract bool IsMonitoring { get; }

    public abstract void HeartBeat();
}
