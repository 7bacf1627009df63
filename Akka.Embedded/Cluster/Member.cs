using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One node as the cluster knows it: incarnation, status, roles, and the number that tells its age.</summary>
public class Member : IComparable<Member>
{
    /// <summary>Orders addresses by host, then port.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(CompareAddresses);

    /// <summary>Orders members from the oldest to the youngest.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create(CompareAge);

    private static readonly ImmutableDictionary<MemberStatus, ImmutableHashSet<MemberStatus>> Transitions =
        new Dictionary<MemberStatus, ImmutableHashSet<MemberStatus>>
        {
            [MemberStatus.Joining] = [MemberStatus.WeaklyUp, MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed],
            [MemberStatus.WeaklyUp] = [MemberStatus.Up, MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed],
            [MemberStatus.Up] = [MemberStatus.Leaving, MemberStatus.Down, MemberStatus.Removed],
            [MemberStatus.Leaving] = [MemberStatus.Exiting, MemberStatus.Down, MemberStatus.Removed],
            [MemberStatus.Exiting] = [MemberStatus.Down, MemberStatus.Removed],
            [MemberStatus.Down] = [MemberStatus.Removed],
            [MemberStatus.Removed] = [],
        }.ToImmutableDictionary();

    private Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
    }

    /// <summary>The incarnation.</summary>
    public UniqueAddress UniqueAddress { get; }

    /// <summary>Where the node listens.</summary>
    public Address Address => UniqueAddress.Address;

    /// <summary>Where the member stands in its life.</summary>
    public MemberStatus Status { get; }

    /// <summary>The roles that the node joined with.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>The position in the order of becoming Up; <see cref="int.MaxValue"/> until then.</summary>
    internal int UpNumber { get; }

    internal static Member Joining(UniqueAddress node, ImmutableHashSet<string> roles) =>
        new(node, int.MaxValue, MemberStatus.Joining, roles);

    internal static Member Gone(UniqueAddress node) => new(node, int.MaxValue, MemberStatus.Removed, []);

    internal static Member Of(UniqueAddress node, int upNumber, MemberStatus status, ImmutableHashSet<string> roles) =>
        new(node, upNumber, status, roles);

    /// <summary>Says whether the node joined with the role.</summary>
    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Says whether this member was Up before the other; only meaningful for members that have been Up.</summary>
    public bool IsOlderThan(Member other) =>
        UpNumber == other.UpNumber ? AddressOrdering.Compare(Address, other.Address) < 0 : UpNumber < other.UpNumber;

    /// <summary>The same member with another status; refuses a step that no member may take.</summary>
    public Member Copy(MemberStatus status)
    {
        if (status == Status) return this;
        if (!Transitions[Status].Contains(status)) throw new InvalidOperationException($"Invalid member status transition {Status} -> {status} of {UniqueAddress}");
        return new Member(UniqueAddress, UpNumber, status, Roles);
    }

    /// <summary>The same member as Up, with its place in the order of age.</summary>
    public Member CopyUp(int upNumber) => new(UniqueAddress, upNumber, Copy(MemberStatus.Up).Status, Roles);

    /// <summary>Of two views of one member, the one that is further in its life.</summary>
    public static Member HighestPriorityOf(Member m1, Member m2)
    {
        if (m1.Status == m2.Status) return m1.IsOlderThan(m2) ? m1 : m2;
        return Rank(m1.Status) >= Rank(m2.Status) ? m1 : m2;
    }

    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    public override int GetHashCode() => UniqueAddress.GetHashCode();

    public override string ToString() => $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, role=[{string.Join(",", Roles.Order(StringComparer.Ordinal))}], upNumber={UpNumber})";

    /// <summary>How far a status is in a member's life; what is decided about a member wins by it when views are merged.</summary>
    private static int Rank(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    private static int CompareAge(Member? x, Member? y)
    {
        if (Equals(x, y)) return 0;
        if (x is null) return -1;
        if (y is null) return 1;
        var byNumber = x.UpNumber.CompareTo(y.UpNumber);
        return byNumber != 0 ? byNumber : x.CompareTo(y);
    }

    private static int CompareAddresses(Address? x, Address? y)
    {
        if (ReferenceEquals(x, y)) return 0;
        if (x is null) return -1;
        if (y is null) return 1;
        var byHost = string.CompareOrdinal(x.Host, y.Host);
        if (byHost != 0) return byHost;
        var byPort = Nullable.Compare(x.Port, y.Port);
        if (byPort != 0) return byPort;
        var bySystem = string.CompareOrdinal(x.System, y.System);
        return bySystem != 0 ? bySystem : string.CompareOrdinal(x.Protocol, y.Protocol);
    }
}
