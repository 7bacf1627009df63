using Akka.Configuration;

namespace Akka.Persistence.Sql;

/// <summary>What journal and snapshot store read alike from their configuration.</summary>
internal static class SqlProvider
{
    /// <exception cref="ConfigurationException">No connection string, or a database that is not SQLite.</exception>
    public static string ConnectionString(Config plugin, string id)
    {
        var provider = plugin.GetString("provider-name", "");
        if (provider is null || !provider.StartsWith("SQLite", StringComparison.OrdinalIgnoreCase))
            throw new ConfigurationException($"{id}.provider-name is '{provider}': this engine knows SQLite only (SQLite.MS)");
        var connection = plugin.GetString("connection-string", "");
        return string.IsNullOrWhiteSpace(connection) ? throw new ConfigurationException($"{id}.connection-string is empty") : connection;
    }

    /// <summary>The serializer for payloads that no binding names; null for the engine's own choice.</summary>
    public static string? Serializer(Config plugin) => plugin.GetString("serializer", null) is { Length: > 0 } name && name != "null" ? name : null;
}
