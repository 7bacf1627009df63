using Akka.Actor;
using Akka.Cluster;
using Settings = Eos.Kernel.Settings;

namespace Eos.Master;

/// <summary>
/// The group decides who is over: a member whose node session has ended is downed. For `akka.cluster.downing-provider-class`; every node of the cluster must hold a
/// session. Nothing has to wait after a removal, since a shard starts elsewhere only once its lease is free.
/// </summary>
public sealed class RaftDowningProvider(ActorSystem system, Cluster cluster) : IDowningProvider
{
    private readonly FormationSettings _settings = FormationSettings.From(new Settings(system.Settings.Config, "eos.formation"));

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps => RaftDowning.Props(cluster, _settings);
}
