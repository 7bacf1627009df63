namespace Akka.Cluster.SBR;

/// <summary>What a strategy wants done.</summary>
internal enum Decision
{
    DownUnreachable = 0,
    DownReachable = 1,
    DownAll = 2,

    /// <summary>Down those that are cut off from some but not from all, and decide on the rest without them.</summary>
    DownIndirectlyConnected = 3,

    /// <summary>Down the unreachable if the lease can be had, else this side.</summary>
    AcquireLease = 4,
}
