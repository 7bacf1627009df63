using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>
/// What regions (and proxies), the coordinator and shards say to each other.
/// <para>
/// A region registers until it is acknowledged. It holds messages of a shard whose home it does not know and asks
/// <see cref="GetShardHome"/> until it is told. The coordinator stores where a shard runs before anybody is told; it repeats
/// <see cref="HostShard"/> until <see cref="ShardStarted"/>. A move: <see cref="BeginHandOff"/> to all (they forget the home and hold),
/// acknowledgements from all, <see cref="HandOff"/> to the owner, <see cref="ShardStopped"/>, stored, and a new home is given out.
/// All questions are repeated; all answers are idempotent.
/// </para>
/// </summary>
internal static class ShardProtocol
{
    // region -> coordinator
    internal sealed record Register(IActorRef Region) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record RegisterProxy(IActorRef Proxy) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record GetShardHome(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record ShardStarted(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record BeginHandOffAck(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record ShardStopped(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record GracefulShutdownReq(IActorRef Region) : IClusterShardingSerializable, IDeadLetterSuppression;

    // coordinator -> region
    internal sealed record RegisterAck(IActorRef Coordinator) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record ShardHome(string Shard, IActorRef Region) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record HostShard(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record BeginHandOff(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;
    internal sealed record HandOff(string Shard) : IClusterShardingSerializable, IDeadLetterSuppression;

    // region <-> its shards
    internal sealed record ShardInitialized(string Shard) : INoSerializationVerificationNeeded;
    internal sealed record GetShardState : INoSerializationVerificationNeeded;

    // to the coordinator, when its singleton is to stop
    internal sealed record Terminate : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}
