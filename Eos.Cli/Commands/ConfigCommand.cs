using System.CommandLine;

namespace Eos.Cli.Commands;

/// <summary>`config`: the configuration of the instance, which every node follows.</summary>
internal static class ConfigCommand
{
    public static Command Build(Session session) => new("config", "The configuration of the instance.")
    {
        Reports.Verb(session, "config", "dump", "Print the configuration."),
    };
}
