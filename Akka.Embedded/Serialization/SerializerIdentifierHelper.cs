using Akka.Actor;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Looks up the identifier that configuration gives a serializer class.</summary>
public static class SerializerIdentifierHelper
{
    private const string Path = "akka.actor.serialization-identifiers";

    /// <exception cref="ArgumentException">The class has no row below <c>akka.actor.serialization-identifiers</c>.</exception>
    public static int GetSerializerIdentifierFromConfig(Type type, ExtendedActorSystem system)
    {
        foreach (var (name, id) in system.Settings.Config.GetConfig(Path).AsEnumerable())
            if (TypeNames.Find(name) == type) return id.GetInt();
        throw new ArgumentException($"Serializer [{type.FullName}] has no identifier: override Identifier, or add a row to {Path}", nameof(type));
    }
}
