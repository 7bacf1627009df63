using System.Diagnostics.CodeAnalysis;

namespace Akka.Configuration;

/// <summary>Questions to configurations that may be absent.</summary>
public static class ConfigExtensions
{
    public static bool IsNullOrEmpty([NotNullWhen(false)] this Config? config) => config is null || config.IsEmpty;

    /// <summary>The configuration over its fallback, where either may be null.</summary>
    [return: NotNullIfNotNull(nameof(config)), NotNullIfNotNull(nameof(fallback))]
    public static Config? SafeWithFallback(this Config? config, Config? fallback) =>
        config is null ? fallback : fallback is null || ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);
}
