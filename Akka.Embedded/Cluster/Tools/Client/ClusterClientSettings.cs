using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Client;

/// <summary>How a client finds and keeps its receptionist; immutable.</summary>
public sealed class ClusterClientSettings
{
    public ClusterClientSettings(
        IImmutableSet<ActorPath> initialContacts, TimeSpan establishingGetContactsInterval, TimeSpan refreshContactsInterval,
        TimeSpan heartbeatInterval, TimeSpan acceptableHeartbeatPause, int bufferSize, TimeSpan? reconnectTimeout = null)
    {
        if (bufferSize is < 0 or > 10_000) throw new ArgumentException("buffer-size is from 0 to 10000", nameof(bufferSize));
        InitialContacts = initialContacts;
        EstablishingGetContactsInterval = establishingGetContactsInterval;
        RefreshContactsInterval = refreshContactsInterval;
        HeartbeatInterval = heartbeatInterval;
        AcceptableHeartbeatPause = acceptableHeartbeatPause;
        BufferSize = bufferSize;
        ReconnectTimeout = reconnectTimeout;
    }

    /// <summary>Paths of receptionists to begin with.</summary>
    public IImmutableSet<ActorPath> InitialContacts { get; }

    public TimeSpan EstablishingGetContactsInterval { get; }

    public TimeSpan RefreshContactsInterval { get; }

    public TimeSpan HeartbeatInterval { get; }

    public TimeSpan AcceptableHeartbeatPause { get; }

    /// <summary>Most messages that wait while there is no connection.</summary>
    public int BufferSize { get; }

    /// <summary>The client stops itself after this long without a connection; nothing: it tries for ever.</summary>
    public TimeSpan? ReconnectTimeout { get; }

    /// <summary>Settings from <c>akka.cluster.client</c>.</summary>
    public static ClusterClientSettings Create(ActorSystem system) => Create(system.Settings.Config.GetConfig("akka.cluster.client"));

    public static ClusterClientSettings Create(Config config) => new(
        config.GetStringList("initial-contacts").Select(ActorPath.Parse).ToImmutableHashSet(),
        config.GetTimeSpan("establishing-get-contacts-interval"), config.GetTimeSpan("refresh-contacts-interval"),
        config.GetTimeSpan("heartbeat-interval"), config.GetTimeSpan("acceptable-heartbeat-pause"), config.GetInt("buffer-size"),
        config.GetString("reconnect-timeout") is "off" or "false" ? null : config.GetTimeSpan("reconnect-timeout"));

    public ClusterClientSettings WithInitialContacts(IImmutableSet<ActorPath> initialContacts)
    {
        if (initialContacts.Count == 0) throw new ArgumentException("a client needs at least one contact", nameof(initialContacts));
        return Copy(initialContacts: initialContacts);
    }

    public ClusterClientSettings WithEstablishingGetContactsInterval(TimeSpan value) => Copy(establishing: value);

    public ClusterClientSettings WithRefreshContactsInterval(TimeSpan value) => Copy(refresh: value);

    public ClusterClientSettings WithHeartbeatInterval(TimeSpan value) => Copy(heartbeat: value);

    public ClusterClientSettings WithBufferSize(int bufferSize) => Copy(bufferSize: bufferSize);

    public ClusterClientSettings WithReconnectTimeout(TimeSpan? reconnectTimeout) =>
        new(InitialContacts, EstablishingGetContactsInterval, RefreshContactsInterval, HeartbeatInterval, AcceptableHeartbeatPause, BufferSize, reconnectTimeout);

    private ClusterClientSettings Copy(
        IImmutableSet<ActorPath>? initialContacts = null, TimeSpan? establishing = null, TimeSpan? refresh = null, TimeSpan? heartbeat = null, int? bufferSize = null) =>
        new(initialContacts ?? InitialContacts, establishing ?? EstablishingGetContactsInterval, refresh ?? RefreshContactsInterval,
            heartbeat ?? HeartbeatInterval, AcceptableHeartbeatPause, bufferSize ?? BufferSize, ReconnectTimeout);
}
