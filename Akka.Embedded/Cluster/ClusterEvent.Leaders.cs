using Akka.Actor;

namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>Another node leads.</summary>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        /// <summary>The leader; null if there is none.</summary>
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is LeaderChanged other && Equals(other.Leader, Leader);

        public override int GetHashCode() => HashCode.Combine(nameof(LeaderChanged), Leader);

        public override string ToString() => $"LeaderChanged(NewLeader={Leader})";
    }

    /// <summary>Another node leads among those of one role.</summary>
    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        /// <summary>The role.</summary>
        public string Role { get; } = role;

        /// <summary>The leader; null if there is none.</summary>
        public Address? Leader { get; } = leader;

        public override bool Equals(object? obj) => obj is RoleLeaderChanged other && other.Role == Role && Equals(other.Leader, Leader);

        public override int GetHashCode() => HashCode.Combine(Role, Leader);

        public override string ToString() => $"RoleLeaderChanged(Leader={Leader}, Role={Role})";
    }

    /// <summary>This node's part in the cluster ends.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        /// <summary>The only one.</summary>
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        public override string ToString() => "ClusterShuttingDown";
    }
}
