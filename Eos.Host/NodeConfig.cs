using Akka.Configuration;
using Eos.Client;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>The settings of a node, the strongest first: --set, --config, what follows from folder and roles, the keys, what Eos ships.</summary>
public static class NodeConfig
{
    public static Config Of(HostOptions options, DataFolder folder)
    {
        var given = Given(options);
        var settings = HostSettings.From(new Settings(given.SafeWithFallback(Settings.Reference), "eos.node"));
        return given
            .SafeWithFallback(Derived(options, settings, folder))
            .SafeWithFallback(Keytab.OpenOrCreate(folder.Keytab))
            .SafeWithFallback(EosNode.GroupConfiguration);
    }

    /// <summary>What stands on the command line and in the file that it names.</summary>
    public static Config Given(HostOptions options)
    {
        var given = options.Overrides.Aggregate(Config.Empty, (all, pair) => all.SafeWithFallback(Pair(pair)));
        return options.ConfigFile is { } file ? given.SafeWithFallback(ConfigurationFactory.ParseString(Text(file))) : given;
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"the configuration file can't be read: {e.Message}", e);
        }
    }

    private static Config Pair(string pair)
    {
        var equals = pair.IndexOf('=');
        var value = pair[(equals + 1)..].Replace("\\", "\\\\").Replace("\"", "\\\"");
        return ConfigurationFactory.ParseString($"{pair[..equals]} = \"{value}\"");
    }

    private static Config Derived(HostOptions options, HostSettings settings, DataFolder folder)
    {
        var journal = $"connection-string = \"Data Source={folder.Journal}\", provider-name = \"SQLite.MS\"";
        return ConfigurationFactory.ParseString(
            $$"""
            akka {
              actor.provider = cluster
              cluster.roles = [{{string.Join(", ", options.Roles.Select(r => $"\"{r}\""))}}]
              remote.dot-netty.tcp { hostname = "{{settings.Host}}", port = 2552 }
              persistence {
                journal.sql { {{journal}} }
                snapshot-store.sql { {{journal}} }
              }
            }
            {{(options.Members.Count > 0 ? $"eos.qdb.members = [{string.Join(", ", options.Members.Select(m => $"\"{m}\""))}]" : "")}}
            """);
    }
}
