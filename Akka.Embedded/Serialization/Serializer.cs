using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Turns objects into bytes and back. The identifier travels with the bytes, so it must be the same on every node, for ever.</summary>
public abstract class Serializer
{
    protected readonly ExtendedActorSystem system;
    private int? _identifier;

    protected Serializer(ExtendedActorSystem system)
    {
        this.system = system;
    }

    /// <summary>By default read from <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier => _identifier ??= SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type; its name travels with the bytes then.</summary>
    public abstract bool IncludeManifest { get; }

    public abstract byte[] ToBinary(object obj);

    /// <summary>As <see cref="ToBinary"/>, with references written so that they can be found from elsewhere by way of that address.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj) => Serialization.WithTransport(system, address, () => ToBinary(obj));

    public abstract object FromBinary(byte[] bytes, Type type);

    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}
