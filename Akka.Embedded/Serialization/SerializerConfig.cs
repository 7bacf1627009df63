using System.Reflection;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>Reads serializers and bindings from HOCON.</summary>
internal static class SerializerConfig
{
    public static void Apply(Serialization serialization, ExtendedActorSystem system)
    {
        var config = system.Settings.Config;
        foreach (var (alias, value) in config.GetConfig("akka.actor.serializers").AsEnumerable())
            if (TypeNames.Find(value.GetString()) is { } type)
                serialization.AddSerializer(alias, Make(type, alias, system));
            else
                Warn(system, $"The class of serializer '{alias}' does not exist here: '{value.GetString()}'");

        foreach (var (name, value) in config.GetConfig("akka.actor.serialization-bindings").AsEnumerable())
        {
            var alias = value.GetString();
            if (TypeNames.Find(name) is not { } type)
                Warn(system, $"The type of a serialization binding does not exist here: '{name}'");
            else if (serialization.ByName(alias) is { } serializer)
                serialization.AddSerializationMap(type, serializer);
            else
                Warn(system, $"The serialization binding of '{name}' names an unknown serializer: '{alias}'");
        }
    }

    private static void Warn(ExtendedActorSystem system, string text) =>
        system.EventStream.Publish(new Warning(nameof(Serialization), typeof(Serialization), text));

    /// <summary>By the constructor (system) or (system, settings), the settings being <c>akka.actor.serialization-settings.{alias}</c>.</summary>
    private static Serializer Make(Type type, string alias, ExtendedActorSystem system)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var settings = system.Settings.Config.GetConfig("akka.actor.serialization-settings." + alias);
        var made = settings is { IsEmpty: false } && type.GetConstructor(Any, [typeof(ExtendedActorSystem), typeof(Config)]) is { } two
            ? two.Invoke([system, settings])
            : type.GetConstructor(Any, [typeof(ExtendedActorSystem)])?.Invoke([system]);
        return made as Serializer ?? throw new ConfigurationException(
            $"akka.actor.serializers.{alias}: {type.FullName} is no Serializer with a constructor ({nameof(ExtendedActorSystem)})");
    }
}
