using Akka.Actor;

namespace Akka.Cluster;

/// <summary>The downing provider that downs nobody: an unreachable member stays until somebody downs it by hand.</summary>
public sealed class NoDowning : IDowningProvider
{
    private readonly Cluster _cluster;

    public NoDowning(ActorSystem system, Cluster cluster) => _cluster = cluster;

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin => _cluster.Settings.DownRemovalMargin ?? TimeSpan.Zero;

    /// <inheritdoc/>
    public Props? DowningActorProps => null;
}
