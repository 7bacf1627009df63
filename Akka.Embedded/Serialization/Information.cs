using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Who is serializing, and the address by which the reader can find the writer's references.</summary>
public sealed class Information : IEquatable<Information>
{
    public Information(Address address, ActorSystem system)
    {
        Address = address;
        System = system;
    }

    public Address Address { get; }

    public ActorSystem System { get; }

    public bool Equals(Information? other) => other is not null && Address.Equals(other.Address) && ReferenceEquals(System, other.System);

    public override bool Equals(object? obj) => Equals(obj as Information);

    public override int GetHashCode() => HashCode.Combine(Address, System);

    public static bool operator ==(Information? left, Information? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Information? left, Information? right) => !(left == right);
}
