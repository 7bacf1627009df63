using System.CommandLine;
using Eos.Cli.Render;
using Eos.Kernel;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Commands;

/// <summary>`attr ls|get|set|rm|link|unlink|fold`: extended attributes. They are how a directory says how its files are stored, and who may do what.</summary>
internal static class AttrCommand
{
    private const string LinkKey = "sys.attr.link";

    /// <summary>Directories that are asked at once.</summary>
    private const int Width = 16;

    /// <summary>What `default=replica` stands for, as in EOS.</summary>
    private static readonly KeyValuePair<string, string>[] Replica =
    [
        new("sys.forced.blocksize", "4k"), new("sys.forced.checksum", "adler"), new("sys.forced.layout", "replica"), new("sys.forced.nstripes", "2"),
        new("sys.forced.space", "default"),
    ];

    public static Command Build(Session session) =>
        new("attr", "Extended attributes of files and directories.")
        {
            List(session), Get(session), Set(session), Remove(session), Link(session), Unlink(session), Fold(session),
        };

    private static Command List(Session session)
    {
        var recursive = Recursive();
        var path = new Argument<string>("path");
        var command = new Command("ls", "All attributes, one key=\"value\" a line.") { recursive, path };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(recursive)) return await EachAsync(session, session.Path(parsed.GetValue(path)!), cancel);
            foreach (var (key, value) in await session.Client.AttributesAsync(session.Path(parsed.GetValue(path)!), cancel)) session.Out.WriteLine(Line(key, value));
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
            var attributes = await session.Client.AttributesAsync(session.Path(parsed.GetValue(path)!), cancel);
            session.Out.WriteLine(attributes.TryGetValue(wanted, out var value)
                ? Line(wanted, value)
                : throw new EosException(Errno.NoData, $"attribute '{wanted}' of {parsed.GetValue(path)} is not set"));
            return 0;
        });
        return command;
    }

    private static Command Set(Session session)
    {
        var recursive = Recursive();
        var onlyNew = new Option<bool>("-c") { Description = "Only if it is not set yet (EEXIST)." };
        var (pair, path) = (new Argument<string>("key=value") { Description = "default=replica sets the five attributes of two replicas." }, new Argument<string>("path"));
        var command = new Command("set", "Set an attribute.") { recursive, onlyNew, pair, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (typed, target) = (parsed.GetValue(pair)!, session.Path(parsed.GetValue(path)!));
            var attributes = Of(typed);
            var (fresh, code) = (parsed.GetValue(onlyNew), 0);
            if (parsed.GetValue(recursive))
                code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeAttributesOfTreeAsync(target, attributes, "", fresh, take, cancel));
            else await session.Client.SetAttributesAsync(target, attributes, fresh, cancel);
            foreach (var (key, value) in code == 0 ? attributes : []) session.Out.WriteLine($"success: set attribute '{key}'='{value}' in file/directory {target}");
            return code;
        });
        return command;
    }

    private static Command Remove(Session session)
    {
        var recursive = Recursive();
        var (key, path) = (new Argument<string>("key"), new Argument<string>("path"));
        var command = new Command("rm", "Take an attribute away; ENODATA if it is not set.") { recursive, key, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = session.Path(parsed.GetValue(path)!);
            var (name, code) = (parsed.GetValue(key)!, 0);
            if (parsed.GetValue(recursive))
                code = await TreeProgress.ShowAsync(session, "changed", take => session.Client.ChangeAttributesOfTreeAsync(target, [], name, take: take, cancel: cancel));
            else await session.Client.RemoveAttributeAsync(target, name, cancel);
            if (code == 0) session.Out.WriteLine($"success: removed attribute '{name}' from file/directory {target}");
            return code;
        });
        return command;
    }

    private static Command Link(Session session)
    {
        var (origin, path) = (new Argument<string>("origin") { Description = "A directory, whose attributes count where there are none of the same key." }, new Argument<string>("path"));
        var command = new Command("link", "Take attributes from another directory.") { origin, path };
        command.SetAction(async (parsed, cancel) =>
        {
            var (from, target) = (session.Path(parsed.GetValue(origin)!), session.Path(parsed.GetValue(path)!));
            await session.Client.SetAttributesAsync(target, [new(LinkKey, from)], cancel: cancel);
            session.Out.WriteLine($"success: set attribute '{LinkKey}'='{from}' in file/directory {target}");
            return 0;
        });
        return command;
    }

    private static Command Unlink(Session session)
    {
        var path = new Argument<string>("path");
        var command = new Command("unlink", "Take attributes from nowhere else any more.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            var target = session.Path(parsed.GetValue(path)!);
            await session.Client.RemoveAttributeAsync(target, LinkKey, cancel);
            session.Out.WriteLine($"success: removed attribute '{LinkKey}' from file/directory {target}");
            return 0;
        });
        return command;
    }

    private static Command Fold(Session session)
    {
        var path = new Argument<string>("path");
        var command = new Command("fold", "Take away what the linked directory has too.") { path };
        command.SetAction(async (parsed, cancel) =>
        {
            await session.Client.FoldAttributesAsync(session.Path(parsed.GetValue(path)!), cancel);
            return 0;
        });
        return command;
    }

    /// <summary>The attributes of every directory, behind its path.</summary>
    private static async Task<int> EachAsync(Session session, string path, CancellationToken cancel)
    {
        var done = await session.Client.FindAsync(path, new FindQuery { Files = false }, async part =>
        {
            FindCommand.Complain(session, part);
            foreach (var some in part.Rows.Chunk(Width))
            {
                var attributes = await Task.WhenAll(some.Select(row => session.Client.AttributesAsync(row.Path, cancel)));
                foreach (var (row, found) in some.Zip(attributes))
                {
                    session.Out.WriteLine(row.Path + ":");
                    foreach (var (key, value) in found) session.Out.WriteLine(Line(key, value));
                }
            }
        }, cancel);
        return (int)done.First;
    }

    private static Option<bool> Recursive() => new("-r", "--recursive") { Description = "All directories below too." };

    private static KeyValuePair<string, string>[] Of(string typed)
    {
        var equals = typed.IndexOf('=');
        if (equals <= 0) throw new EosException(Errno.Invalid, $"attr set needs key=value, not '{typed}'");
        var (key, value) = (typed[..equals], Unquoted(typed[(equals + 1)..]));
        if (key != "default") return [new(key, value)];
        return value == "replica" ? Replica : throw new EosException(Errno.NotSupported, $"default={value} is not supported: replica is");
    }

    private static string Line(string key, string value) => $"{key}=\"{value}\"";

    /// <summary>Quotes around the whole value are not part of it; within it they are.</summary>
    private static string Unquoted(string value) => value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}
