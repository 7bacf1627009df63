using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a proxy finds its singleton; immutable.</summary>
public sealed class ClusterSingletonProxySettings
{
    private ClusterSingletonProxySettings(string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize)
    {
        if (string.IsNullOrWhiteSpace(singletonName)) throw new ArgumentException("the singleton needs a name", nameof(singletonName));
        if (singletonIdentificationInterval <= TimeSpan.Zero)
            throw new ArgumentException("singleton-identification-interval must be positive", nameof(singletonIdentificationInterval));
        if (bufferSize is < 0 or > 10_000) throw new ArgumentException("buffer-size is from 0 to 10000", nameof(bufferSize));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
    }

    public string SingletonName { get; }

    /// <summary>Role of the nodes that run the singleton; nothing: every node.</summary>
    public string? Role { get; }

    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>Most messages that wait while the singleton's place is unknown.</summary>
    public int BufferSize { get; }

    /// <summary>Settings from <c>akka.cluster.singleton-proxy</c>.</summary>
    public static ClusterSingletonProxySettings Create(ActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.cluster.singleton-proxy");
        return new(config.GetString("singleton-name"), config.GetString("role"), config.GetTimeSpan("singleton-identification-interval"), config.GetInt("buffer-size"));
    }

    public ClusterSingletonProxySettings WithSingletonName(string singletonName) =>
        new(singletonName, Role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithRole(string? role) => new(SingletonName, role, SingletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) =>
        new(SingletonName, Role, singletonIdentificationInterval, BufferSize);

    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) => new(SingletonName, Role, SingletonIdentificationInterval, bufferSize);
}
