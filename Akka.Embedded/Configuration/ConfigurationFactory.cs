using System.Reflection;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Where configurations come from: text, embedded resources, the engine's own reference.</summary>
public class ConfigurationFactory
{
    private static readonly Lazy<Config> Reference = new(() => FromReference(typeof(ConfigurationFactory).Assembly));

    public static Config Empty => Config.Empty;

    /// <summary>Parses HOCON text. Broken text is a <see cref="FormatException"/> that names the line.</summary>
    public static Config ParseString(string hocon) => ParseString(hocon, null);

    /// <param name="hocon">The text.</param>
    /// <param name="includeCallback">Is given the name in <c>include "name"</c> and answers what stands there.</param>
    public static Config ParseString(string hocon, Func<string, HoconRoot>? includeCallback)
    {
        var root = new HoconObject();
        new HoconParser(hocon, includeCallback).ReadInto(root);
        return new Config(root);
    }

    /// <summary>The engine's reference configuration: every <c>*.reference.conf</c> that this assembly carries.</summary>
    public static Config Default() => Reference.Value;

    public static Config FromResource(string resourceName, object instanceInAssembly) =>
        FromResource(resourceName, instanceInAssembly as Assembly ?? instanceInAssembly.GetType().Assembly);

    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    public static Config FromResource(string resourceName, Assembly assembly) => ParseString(Read(assembly, resourceName));

    private static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new ConfigurationException($"{assembly.GetName().Name} carries no resource '{name}'");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Config FromReference(Assembly assembly)
    {
        var root = new HoconObject();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
            if (name.EndsWith(".reference.conf", StringComparison.Ordinal))
                new HoconParser(Read(assembly, name), null, name).ReadInto(root);
        return new Config(root);
    }
}
