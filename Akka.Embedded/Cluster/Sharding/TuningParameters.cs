using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Timings, limits and sizes of sharding.</summary>
public class TuningParameters
{
    public readonly TimeSpan CoordinatorFailureBackoff;
    public readonly TimeSpan RetryInterval;
    public readonly int BufferSize;
    public readonly TimeSpan HandOffTimeout;
    public readonly TimeSpan ShardStartTimeout;
    public readonly TimeSpan ShardFailureBackoff;
    public readonly TimeSpan RebalanceInterval;
    public readonly int SnapshotAfter;
    public readonly int KeepNrOfBatches;
    public readonly int LeastShardAllocationRebalanceThreshold;
    public readonly int LeastShardAllocationMaxSimultaneousRebalance;
    public readonly int LeastShardAllocationAbsoluteLimit;
    public readonly double LeastShardAllocationRelativeLimit;

    internal TuningParameters(Config config)
    {
        CoordinatorFailureBackoff = config.GetTimeSpan("coordinator-failure-backoff");
        RetryInterval = config.GetTimeSpan("retry-interval");
        BufferSize = config.GetInt("buffer-size");
        HandOffTimeout = config.GetTimeSpan("handoff-timeout");
        ShardStartTimeout = config.GetTimeSpan("shard-start-timeout");
        ShardFailureBackoff = config.GetTimeSpan("shard-failure-backoff");
        RebalanceInterval = config.GetTimeSpan("rebalance-interval");
        SnapshotAfter = config.GetInt("snapshot-after");
        KeepNrOfBatches = config.GetInt("keep-nr-of-batches");
        var least = config.GetConfig("least-shard-allocation-strategy");
        LeastShardAllocationRebalanceThreshold = least.GetInt("rebalance-threshold");
        LeastShardAllocationMaxSimultaneousRebalance = least.GetInt("max-simultaneous-rebalance");
        LeastShardAllocationAbsoluteLimit = least.GetInt("rebalance-absolute-limit");
        LeastShardAllocationRelativeLimit = least.GetDouble("rebalance-relative-limit");
    }
}
