using System.Reflection;
using Akka.Actor;

namespace Eos.Gateway;

/// <summary>What runs here.</summary>
public static class NodeVersion
{
    public static string Server { get; } = Of(typeof(NodeVersion).Assembly);

    /// <summary>The actor engine, by the name of its assembly and its version.</summary>
    public static string Engine { get; } = $"{typeof(ActorSystem).Assembly.GetName().Name} {Of(typeof(ActorSystem).Assembly)}";

    private static string Of(Assembly assembly)
    {
        var text = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly.GetName().Version?.ToString() ?? "";
        return text.Split('+')[0];
    }
}
