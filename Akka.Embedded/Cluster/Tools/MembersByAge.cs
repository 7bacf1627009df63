using System.Collections.Immutable;

namespace Akka.Cluster.Tools;

/// <summary>
/// The members of a role that can host what only one node hosts, oldest first: a value folded from member events.
/// A member counts from Up until it is exiting or removed, so a member that leaves hands over before it goes and
/// one that was downed keeps its place until it is removed.
/// </summary>
internal sealed class MembersByAge
{
    private readonly string? role;
    private readonly ImmutableSortedSet<Member> members;

    private MembersByAge(string? role, ImmutableSortedSet<Member> members) => (this.role, this.members) = (role, members);

    public static MembersByAge Of(string? role) =>
        new(string.IsNullOrEmpty(role) ? null : role, ImmutableSortedSet.Create(Member.AgeOrdering));

    public Member? Oldest => members.IsEmpty ? null : members[0];

    public int Count => members.Count;

    public IEnumerable<Member> OldestFirst => members;

    public bool Contains(UniqueAddress node) => members.Any(m => m.UniqueAddress == node);

    public bool Matches(Member member) => role == null || member.HasRole(role);

    public MembersByAge Apply(ClusterEvent.IClusterDomainEvent change) => change switch
    {
        ClusterEvent.MemberExited or ClusterEvent.MemberRemoved => Without(((ClusterEvent.IMemberEvent)change).Member),
        ClusterEvent.IMemberEvent e => With(e.Member),
        _ => this,
    };

    public MembersByAge Apply(ClusterEvent.CurrentClusterState state) => state.Members.Aggregate(this, (all, m) => all.With(m));

    private MembersByAge With(Member member) => member.Status switch
    {
        MemberStatus.Up or MemberStatus.Leaving when Matches(member) => new(role, Without(member).members.Add(member)),
        MemberStatus.Down when Contains(member.UniqueAddress) => new(role, Without(member).members.Add(member)),
        _ => this,
    };

    private MembersByAge Without(Member member) =>
        new(role, members.Except(members.Where(m => m.UniqueAddress == member.UniqueAddress)));
}
