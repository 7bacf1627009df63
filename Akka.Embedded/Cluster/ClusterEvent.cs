using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What a subscriber of the cluster hears: the state at first, then one event for each change.</summary>
public partial class ClusterEvent
{
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    /// <summary>How a new subscriber learns what already is.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>One <see cref="CurrentClusterState"/> before the first event.</summary>
        InitialStateAsSnapshot = 0,

        /// <summary>The events that lead from an empty cluster to the present one.</summary>
        InitialStateAsEvents = 1,
    }

    /// <summary>Anything that can be subscribed to.</summary>
    public interface IClusterDomainEvent;

    /// <summary>A member came, changed its status or went.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        /// <summary>The member after the change.</summary>
        Member Member { get; }
    }

    /// <summary>A failure detector changed its mind about a member.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The whole state of the cluster as one node sees it.</summary>
    public sealed class CurrentClusterState
    {
        private readonly ImmutableDictionary<string, Address?> _roleLeaders;

        public CurrentClusterState()
            : this([], [], [], null, ImmutableDictionary<string, Address?>.Empty)
        {
        }

        public CurrentClusterState(
            ImmutableSortedSet<Member> members,
            ImmutableHashSet<Member> unreachable,
            ImmutableHashSet<Address> seenBy,
            Address? leader,
            ImmutableDictionary<string, Address?> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>All members, by address.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        /// <summary>The members that some failure detector misses.</summary>
        public ImmutableHashSet<Member> Unreachable { get; }

        /// <summary>The nodes that are known to have this view.</summary>
        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>The node that acts for the cluster; null while there is none.</summary>
        public Address? Leader { get; }

        /// <summary>Every role that some member has.</summary>
        public ImmutableHashSet<string> AllRoles => Members.SelectMany(m => m.Roles).ToImmutableHashSet();

        /// <summary>The node that would lead among those of one role; null if there is none.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);

        /// <summary>The same state with some parts replaced.</summary>
        public CurrentClusterState Copy(
            ImmutableSortedSet<Member>? members = null,
            ImmutableHashSet<Member>? unreachable = null,
            ImmutableHashSet<Address>? seenBy = null,
            Address? leader = null,
            ImmutableDictionary<string, Address?>? roleLeaderMap = null) =>
            new(members ?? Members, unreachable ?? Unreachable, seenBy ?? SeenBy, leader ?? Leader, roleLeaderMap ?? _roleLeaders);
    }
}
