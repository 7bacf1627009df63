using Akka.Configuration;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>`Eos.Host restore`: a new group of one member from a checkpoint, while no node runs on the folders.</summary>
public static class RestoreCommand
{
    public const string Word = "restore";

    /// <summary>Restores, and says what.</summary>
    /// <exception cref="ConfigurationException">The command line or a setting is wrong.</exception>
    /// <exception cref="EosException">It can't be done.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> args)
    {
        var at = args.ToList().IndexOf("--from");
        if (at < 0 || at + 1 == args.Count) throw new ConfigurationException("--from is missing: the folder of a checkpoint, or of a member");
        var from = Path.GetFullPath(args[at + 1]);
        var options = HostOptions.Parse([.. args.Take(at), .. args.Skip(at + 2)]);
        if (options.Members is not [var member]) throw new ConfigurationException("restore needs one --member: the remoting address of the node that will run on the data folder");
        var config = NodeConfig.Given(options).SafeWithFallback(ConfigurationFactory.ParseString($"eos.qdb.members = [\"{member}\"]")).SafeWithFallback(Settings.Reference);
        var settings = RaftNodeSettings.From(config);
        using var former = TakeOf(from, options.Data);
        using var folder = DataFolder.Take(options.Data);
        var place = Path.Combine(folder.Qdb, settings.Qdb.Group);
        var order = new GroupRestore.Order(from, place, $"{settings.Qdb.Cluster}/{settings.Qdb.Group}", settings.Qdb.Members[0]);
        var restored = await GroupRestore.RunAsync(order, StateSettings.From(new Settings(config, "eos.qdb.state")), settings.Log);
        return
            $"""
            restored the group {order.Cluster} of {order.Member} in {place}
            with {restored.Rows} rows, digest {restored.Digest}, as after entry {restored.At.Index} of term {restored.At.Term} of the group {restored.Cluster} ({string.Join(", ", restored.Members.All)})
            every node of it needs eos.qdb.cluster = {settings.Qdb.Cluster}; no node of the former group may serve any more
            """;
    }

    /// <summary>A member's folder is taken from its node; a checkpoint belongs to nobody.</summary>
    private static DataFolder? TakeOf(string from, string target)
    {
        var data = Path.GetDirectoryName(Path.GetDirectoryName(from));
        return data is not null && data != target && DataFolder.IsOne(data) ? DataFolder.Take(data) : null;
    }
}
