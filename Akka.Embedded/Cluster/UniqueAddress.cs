using Akka.Actor;

namespace Akka.Cluster;

/// <summary>One incarnation of a node: its address and the uid that its actor system drew when it started.</summary>
public sealed class UniqueAddress : IComparable<UniqueAddress>, IEquatable<UniqueAddress>
{
    public UniqueAddress(Address address, int uid)
    {
        Address = address;
        Uid = uid;
    }

    /// <summary>Where the node listens.</summary>
    public Address Address { get; }

    /// <summary>What tells two systems at the same address apart.</summary>
    public int Uid { get; }

    /// <summary>Orders by address (host, port), then by uid.</summary>
    public int CompareTo(UniqueAddress? other)
    {
        if (other is null) return 1;
        var byAddress = Member.AddressOrdering.Compare(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    public bool Equals(UniqueAddress? other) => other is not null && Uid == other.Uid && Address.Equals(other.Address);

    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    public override int GetHashCode() => Uid;

    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";

    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);
}
