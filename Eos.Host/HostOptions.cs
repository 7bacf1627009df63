using Akka.Configuration;

namespace Eos.Host;

/// <summary>The command line of a node.</summary>
/// <param name="Data">The folder that holds everything that the node owns.</param>
/// <param name="Name">Name of the node, for people.</param>
/// <param name="Roles">Any of qdb, mgm, fst.</param>
/// <param name="Members">host:port of the members of the replicated group; none: as the settings say, else this node alone.</param>
/// <param name="ConfigFile">HOCON that overrides what Eos ships.</param>
/// <param name="Overrides">key=value pairs that override everything.</param>
public sealed record HostOptions(string Data, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Members, string? ConfigFile, IReadOnlyList<string> Overrides)
{
    public const string Usage =
        """
        usage: Eos.Host --data DIR [--name NAME] [--roles qdb,mgm,fst] [--member HOST:PORT]… [--config FILE] [--set KEY=VALUE]…
               Eos.Host restore --from DIR --data DIR --member HOST:PORT --set eos.qdb.cluster=ID [--config FILE] [--set KEY=VALUE]…
          --data DIR       everything that the node owns lies below it; a second process on the same folder is refused
          --name NAME      default: the folder's name
          --roles LIST     any of qdb (replicated store), mgm (namespace), fst (file bytes); default: all
          --member ADDRESS where a member of the replicated group is, itself included; several times for several, the same on every node;
                           without any the node is a group of its own
          --config FILE    HOCON that overrides the settings that Eos ships
          --set KEY=VALUE  one setting that overrides everything, several times for several

        restore founds a new group of one member, with the state of a checkpoint, in a data folder without a member, and ends:
          --from DIR       a folder that quarkdb-checkpoint wrote, or that of a member that has lost the majority of its group for good
          --member ADDRESS the remoting address of the node that will run on the data folder
          --set eos.qdb.cluster=ID
                           the new group's id, which every node of it must be given from then on; not the former one
        """;

    private static readonly string[] KnownRoles = ["qdb", "mgm", "fst"];

    /// <exception cref="ConfigurationException">The command line is wrong; the text says how.</exception>
    public static HostOptions Parse(IReadOnlyList<string> args)
    {
        string? data = null, name = null, config = null;
        var roles = KnownRoles;
        List<string> members = [], overrides = [];
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) throw new ConfigurationException($"{args[i]} needs a value");
            var value = args[i + 1];
            switch (args[i])
            {
                case "--data":
                    data = Path.GetFullPath(value);
                    break;
                case "--name":
                    name = value;
                    break;
                case "--roles":
                    roles = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    break;
                case "--member":
                    members.Add(value);
                    break;
                case "--config":
                    config = value;
                    break;
                case "--set":
                    overrides.Add(value.Contains('=') ? value : throw new ConfigurationException($"--set needs KEY=VALUE, not '{value}'"));
                    break;
                default:
                    throw new ConfigurationException($"there is no option {args[i]}");
            }
        }
        if (data is null) throw new ConfigurationException("--data is missing");
        if (roles.Length == 0) throw new ConfigurationException("a node needs a role");
        if (roles.FirstOrDefault(r => !KnownRoles.Contains(r)) is { } unknown) throw new ConfigurationException($"there is no role '{unknown}'; roles are {string.Join(", ", KnownRoles)}");
        return new HostOptions(data, name ?? Path.GetFileName(data), roles, members, config, overrides);
    }
}
