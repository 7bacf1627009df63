using Akka.Actor;
using Akka.Cluster;
using Settings = Eos.Kernel.Settings;

namespace Eos.Master;

/// <summary>
/// The group decides who is over: a member whose node session has ended is downed. For `akka.cluster.downing-provider-class`; every node of the cluster must hold a
/// session. Nothing has to wait after a removal, since a shard starts elsewhere only once its lease is free.
/// </summary>
public sealed class RaftDowningProvider : IDowningProvider
{
    private readonly FormationSettings _settings;

    /// <param name="cluster">Not used: the engine gives it to every provider.</param>
    public RaftDowningProvider(ActorSystem system, Cluster cluster) => (_settings, _) = (FormationSettings.From(new Settings(system.Settings.Config, "eos.formation")), cluster);

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps => RaftDowning.Props(_settings);
}
