using Akka.Actor;

namespace Akka.Cluster.SBR;

/// <summary>Downs the side of a partition that a strategy gives up; see <c>akka.cluster.split-brain-resolver</c>.</summary>
public class SplitBrainResolverProvider : IDowningProvider
{
    private readonly Cluster _cluster;
    private readonly SplitBrainResolverSettings _settings;

    public SplitBrainResolverProvider(ActorSystem system, Cluster cluster)
    {
        _cluster = cluster;
        _settings = new SplitBrainResolverSettings(system.Settings.Config);
    }

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin => _cluster.Settings.DownRemovalMargin ?? _settings.StableAfter;

    /// <inheritdoc/>
    public Props DowningActorProps => Props.Create(() => new SplitBrainResolver(_cluster, _settings));
}
