using System.Collections.Immutable;
using System.CommandLine;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`attr ls|get|set|rm`: extended attributes, of directories. They are how a directory says how its files are stored.</summary>
internal static class AttrCommand
{
    /// <summary>What `default=replica` stands for, as in EOS.</summary>
    private static readonly KeyValuePair<string, string>[] Replica =
    [
        new("sys.forced.blocksize", "4k"), new("sys.forced.checksum", "adler"), new("sys.forced.layout", "replica"), new("sys.forced.nstripes", "2"),
        new("sys.forced.space", "default"),
    ];

    public static Command Build(Session session) =>
        new("attr", "Extended attributes of directories.") { List(session), Get(session), Set(session), Remove(session) };

    private static Command List(Session session)
    {
        var path = new Argument<string>("path");
        var command = new Command("ls", "All attributes, one key=\"value\" a line.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            foreach (var (key, value) in await AttributesAsync(session, parsed.GetValue(path)!, cancel)) session.Out.WriteLine(Line(key, value));
            return 0;
        });
        return command;
    }

    private static Command Get(Session session)
    {
        var (key, path) = (new Argument<string>("key"), new Argument<string>("path"));
        var command = new Command("get", "One attribute; ENODATA if it is not set.") { key, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var wanted = parsed.GetValue(key)!;
            var attributes = await AttributesAsync(session, parsed.GetValue(path)!, cancel);
            session.Out.WriteLine(attributes.TryGetValue(wanted, out var value)
                ? Line(wanted, value)
                : throw new EosException(Errno.NoData, $"attribute '{wanted}' of {parsed.GetValue(path)} is not set"));
            return 0;
        });
        return command;
    }

    private static Command Set(Session session)
    {
        var onlyNew = new Option<bool>("-c") { Description = "Only if it is not set yet (EEXIST)." };
        var (pair, path) = (new Argument<string>("key=value") { Description = "default=replica sets the five attributes of two replicas." }, new Argument<string>("path"));
        var command = new Command("set", "Set an attribute.") { onlyNew, pair, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(pair)!, session.Path(parsed.GetValue(path)!));
            var attributes = Of(typed);
            await session.Client.SetAttributesAsync(target, attributes, parsed.GetValue(onlyNew), cancel);
            foreach (var (key, value) in attributes) session.Out.WriteLine($"success: set attribute '{key}'='{value}' in file/directory {target}");
            return 0;
        });
        return command;
    }

    private static Command Remove(Session session)
    {
        var (key, path) = (new Argument<string>("key"), new Argument<string>("path"));
        var command = new Command("rm", "Take an attribute away; ENODATA if it is not set.") { key, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = session.Path(parsed.GetValue(path)!);
            await session.Client.RemoveAttributeAsync(target, parsed.GetValue(key)!, cancel);
            session.Out.WriteLine($"success: removed attribute '{parsed.GetValue(key)}' from file/directory {target}");
            return 0;
        });
        return command;
    }

    private static KeyValuePair<string, string>[] Of(string typed)
    {
        var equals = typed.IndexOf('=');
        if (equals <= 0) throw new EosException(Errno.Invalid, $"attr set needs key=value, not '{typed}'");
        var (key, value) = (typed[..equals], typed[(equals + 1)..].Trim('"'));
        if (key != "default") return [new(key, value)];
        return value == "replica" ? Replica : throw new EosException(Errno.NotSupported, $"default={value} is not supported: replica is");
    }

    private static async Task<ImmutableSortedDictionary<string, string>> AttributesAsync(Session session, string path, CancellationToken cancel) =>
        await session.Client.InfoAsync(session.Path(path), cancel) switch
        {
            DirectoryInformation directory => directory.Directory.Attributes,
            FileInformation file => file.File.Attributes,
            var other => throw new EosException(Errno.BadMessage, $"unexpected answer {other.GetType().Name}"),
        };

    private static string Line(string key, string value) => $"{key}=\"{value}\"";
}
