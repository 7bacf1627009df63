using System.Collections.Concurrent;

namespace Akka.Remote;

/// <summary>A registry that makes its detectors with a given function; may be used from any thread.</summary>
public class DefaultFailureDetectorRegistry<T> : IFailureDetectorRegistry<T> where T : notnull
{
    private readonly ConcurrentDictionary<T, Lazy<FailureDetector>> _detectors = new();
    private readonly Func<FailureDetector> _factory;

    public DefaultFailureDetectorRegistry(Func<FailureDetector> factory)
    {
        _factory = factory;
    }

    public bool IsAvailable(T resource) => GetFailureDetector(resource)?.IsAvailable ?? true;

    public bool IsMonitoring(T resource) => GetFailureDetector(resource)?.IsMonitoring ?? false;

    public void Heartbeat(T resource) => _detectors.GetOrAdd(resource, _ => new Lazy<FailureDetector>(_factory)).Value.HeartBeat();

    public void Remove(T resource) => _detectors.TryRemove(resource, out _);

    public void Reset() => _detectors.Clear();

    internal FailureDetector? GetFailureDetector(T resource) => _detectors.TryGetValue(resource, out var made) ? made.Value : null;
}
