namespace Akka.Remote;

/// <summary>One failure detector per resource, made at its first heartbeat. Unknown resources count as available.</summary>
public interface IFailureDetectorRegistry<in T>
{
    bool IsAvailable(T resource);

    bool IsMonitoring(T resource);

    void Heartbeat(T resource);

    void Remove(T resource);

    void Reset();
}
