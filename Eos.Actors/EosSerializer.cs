using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using Eos.Wire;

namespace Eos;

/// <summary>The only serializer of our messages, events and snapshots: looks the type or the manifest up in <see cref="Manifests"/>.</summary>
public sealed class EosSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands before every message and event; never changes.</summary>
    public const int Id = 1953;

    public override int Identifier => Id;

    /// <summary>Binds every type of the table to this serializer: part of what a node's configuration falls back to.</summary>
    public static Config Bindings { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka.actor {
          serializers.eos = "{{typeof(EosSerializer).FullName}}, {{typeof(EosSerializer).Assembly.GetName().Name}}"
          serialization-bindings {
            {{string.Join("\n    ", Manifests.All.Select(m => $"\"{m.Type.FullName}, {m.Type.Assembly.GetName().Name}\" = eos"))}}
          }
        }
        """);

    public override string Manifest(object o) => Row(o).Name;

    public override byte[] ToBinary(object obj) => Row(obj).Encode(obj);

    public override object FromBinary(byte[] bytes, string manifest) =>
        (Manifests.Named(manifest) ?? throw new System.Runtime.Serialization.SerializationException($"unknown manifest '{manifest}'")).Decode(bytes);

    private static Manifest Row(object message) =>
        Manifests.Of(message.GetType())
        ?? throw new System.Runtime.Serialization.SerializationException($"{message.GetType().FullName} is in no table and must not leave the process");
}
