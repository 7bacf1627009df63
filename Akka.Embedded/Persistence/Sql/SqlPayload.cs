using Akka.Actor;

namespace Akka.Persistence.Sql;

/// <summary>A payload as a row keeps it: bytes, the serializer's number and its manifest.</summary>
internal readonly record struct SqlPayload(byte[] Bytes, int SerializerId, string Manifest)
{
    /// <summary>Actor references inside are written with this system's address.</summary>
    public static SqlPayload Of(ExtendedActorSystem system, object payload, string? defaultSerializer) =>
        Akka.Serialization.Serialization.WithTransport(system, () =>
        {
            var serializer = system.Serialization.FindSerializerFor(payload, defaultSerializer);
            return new SqlPayload(serializer.ToBinary(payload), serializer.Identifier, Akka.Serialization.Serialization.ManifestFor(serializer, payload));
        });

    public object Read(ExtendedActorSystem system) => system.Serialization.Deserialize(Bytes, SerializerId, Manifest);
}
