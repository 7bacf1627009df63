using System.Collections.Concurrent;
using Akka.Util;

namespace Akka.Serialization;

/// <summary>The names by which types travel for serializers that ask for the type: full name and assembly, without versions.</summary>
internal static class TypeManifest
{
    private const string Core = "%core%";

    private static readonly ConcurrentDictionary<Type, string> Names = new();

    public static string Of(Type type) => Names.GetOrAdd(type, static t =>
    {
        var assembly = t.Assembly == typeof(object).Assembly ? Core : t.Assembly.GetName().Name;
        return $"{t.FullName}, {assembly}";
    });

    /// <exception cref="System.Runtime.Serialization.SerializationException">No such type here.</exception>
    public static Type Find(string manifest)
    {
        var name = manifest.EndsWith(", " + Core, StringComparison.Ordinal) ? manifest[..^(Core.Length + 2)] : manifest;
        return TypeNames.Find(name) ?? throw new System.Runtime.Serialization.SerializationException($"Cannot find the type of manifest [{manifest}]");
    }
}
