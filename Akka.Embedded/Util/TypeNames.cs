using System.Collections.Concurrent;

namespace Akka.Util;

/// <summary>Finds the type that a HOCON key names, also where the name carries the assembly of an official Akka package.</summary>
internal static class TypeNames
{
    private static readonly ConcurrentDictionary<string, Type?> Known = new();

    /// <summary>The type of that name, or null. "Akka.X.Y, Akka.X" is looked for here when no such assembly is loaded.</summary>
    public static Type? Find(string name) => Known.GetOrAdd(name, static n =>
    {
        var bare = n.Split(',', 2)[0].Trim();
        return typeof(TypeNames).Assembly.GetType(bare)
            ?? Type.GetType(n, throwOnError: false)
            ?? AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(bare)).FirstOrDefault(t => t != null);
    });

    /// <summary>As <see cref="Find"/>; a missing type is a configuration error that names the key's owner.</summary>
    public static Type Require(string name, string neededBy) =>
        Find(name) ?? throw new Akka.Configuration.ConfigurationException($"{neededBy}: there is no type '{name}'");
}
