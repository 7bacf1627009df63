using System.Globalization;
using System.Text;
using Eos.Gateway;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Commands about the server: what it knows, how it is.</summary>
internal static class ServerCommands
{
    /// <summary>The version of Redis whose protocol this is: clients choose their features by it.</summary>
    public const string RedisVersion = "7.0.0";

    public static readonly DoorCommand[] All =
    [
        new("command", Arity.AtLeast(1), "server", Describe),
        new("command-stats", Arity.Exactly(1), "server", (s, _) => Session.Answer(s.Server.Statistics.Write)),
        new("info", Arity.AtLeast(1), "server", (s, r) => Session.Answer(w => w.Verbatim(ServerInfo.Text(s.Server, Sections(r))))),
        new("config", Arity.AtLeast(2), "server", Config),
        new("time", Arity.Exactly(1), "server", Time),
    ];

    private static string[] Sections(Request r) => [.. Enumerable.Range(1, r.Count - 1).Select(i => r.Text(i).ToLowerInvariant())];

    private static LocalTurn Time(Session session, Request r) => Session.Answer(w =>
    {
        var now = session.Server.Clock.Now;
        w.Array(2);
        w.Bulk(now.Seconds.ToString(CultureInfo.InvariantCulture));
        w.Bulk((now.NanosecondOfSecond / 1000).ToString(CultureInfo.InvariantCulture));
    });

    private static LocalTurn Describe(Session session, Request r)
    {
        if (r.Count == 1) return Rows(DoorCommands.All);
        if (r.Is(1, "count") && r.Count == 2) return Session.Answer(w => w.Integer(DoorCommands.All.Count));
        if (r.Is(1, "list") && r.Count == 2) return Session.Answer(w => Names(w, [.. DoorCommands.All.Select(c => c.Name)]));
        if (r.Is(1, "info")) return r.Count == 2 ? Rows(DoorCommands.All) : Rows([.. Named(r)]);
        if (r.Is(1, "docs")) return Docs(r.Count == 2 ? DoorCommands.All : [.. Named(r).OfType<DoorCommand>()]);
        return Session.Error($"ERR unknown subcommand '{r.Text(1)}'. Try COMMAND HELP.");
    }

    private static IEnumerable<DoorCommand?> Named(Request r) => Enumerable.Range(2, r.Count - 2).Select(i => DoorCommands.Find(r.Words[i].Span));

    private static void Names(RespWriter w, IReadOnlyList<string> names)
    {
        w.Array(names.Count);
        foreach (var name in names) w.Bulk(name);
    }

    /// <summary>Name, arity, flags, first key, last key, step; and what newer clients expect after that.</summary>
    private static LocalTurn Rows(IReadOnlyCollection<DoorCommand?> commands) => Session.Answer(w =>
    {
        w.Array(commands.Count);
        foreach (var command in commands)
        {
            if (command is null) w.NullArray();
            else Row(w, command);
        }
    });

    private static void Row(RespWriter w, DoorCommand command)
    {
        var (first, last, step) = Keys(command);
        w.Array(10);
        w.Bulk(command.Name);
        w.Integer(command.RedisArity);
        Flags(w, command);
        w.Integer(first);
        w.Integer(last);
        w.Integer(step);
        w.Set(0);
        w.Array(0);
        w.Array(0);
        w.Array(0);
    }

    private static void Flags(RespWriter w, DoorCommand command)
    {
        string[] flags = command switch
        {
            { Data.Access: Access.Read } => ["readonly"],
            { Data.Access: Access.Write } => ["write", "denyoom"],
            { Group: "pubsub" } => ["pubsub", "noscript", "loading", "stale"],
            { Needs: CommandNeeds.Nothing } => ["noscript", "loading", "stale", "fast", "no_auth"],
            { Group: "raft" } => ["admin", "noscript", "loading", "stale"],
            _ => ["noscript", "loading", "stale", "fast"],
        };
        w.Set(flags.Length);
        foreach (var flag in flags) w.Simple(flag);
    }

    private static (int First, int Last, int Step) Keys(DoorCommand command) => command switch
    {
        { Data: null } or { Arity.Max: 1 } => (0, 0, 0),
        { Name: "keys" or "scan" or "flushall" or "raw-scan" } => (0, 0, 0),
        { Name: var name } when name.StartsWith("config", StringComparison.Ordinal) => (0, 0, 0),
        { Name: "del" or "exists" or "mget" } => (1, -1, 1),
        { Name: "mset" } => (1, -1, 2),
        { Name: "smove" or "hclone" } => (1, 2, 1),
        _ => (1, 1, 1),
    };

    private static LocalTurn Docs(IReadOnlyCollection<DoorCommand> commands) => Session.Answer(w =>
    {
        w.Map(commands.Count);
        foreach (var command in commands)
        {
            w.Bulk(command.Name);
            w.Map(3);
            w.Bulk("summary");
            w.Bulk(command.Data is { } data ? $"{(data.Access == Access.Write ? "Writes" : "Reads")} replicated data" : $"About the {command.Group}");
            w.Bulk("since");
            w.Bulk("1.0.0");
            w.Bulk("group");
            w.Bulk(command.Group);
        }
    });

    private static LocalTurn Config(Session session, Request r)
    {
        if (r.Is(1, "resetstat") && r.Count == 2) return Session.Ok();
        if (r.Is(1, "get") && r.Count >= 3) return ConfigGet(session, r);
        if (r.Is(1, "set")) return Session.Error("ERR CONFIG SET failed: settings are in the node's configuration file");
        return Session.Error($"ERR unknown subcommand '{r.Text(1)}'. Try CONFIG HELP.");
    }

    private static LocalTurn ConfigGet(Session session, Request r)
    {
        var settings = session.Server.Settings;
        (string Key, string Value)[] known =
        [
            ("appendfsync", "always"), ("appendonly", "yes"), ("bind", settings.Bind), ("databases", "1"), ("maxclients", Number(settings.MaxClients)), ("maxmemory", "0"),
            ("port", Number(session.Server.Port)), ("proto-max-bulk-len", Number(settings.Limits.BulkBytes)), ("save", ""), ("timeout", Number((long)settings.IdleTimeout.TotalSeconds)),
        ];
        var found = known.Where(k => Enumerable.Range(2, r.Count - 2).Any(i => Pattern.Fits(r.Words[i].Span, Encoding.ASCII.GetBytes(k.Key)))).ToList();
        return Session.Answer(w =>
        {
            w.Map(found.Count);
            foreach (var (key, value) in found)
            {
                w.Bulk(key);
                w.Bulk(value);
            }
        });
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>INFO: sections of key:value lines.</summary>
internal static class ServerInfo
{
    public static string Text(RespServer server, IReadOnlyCollection<string> wanted)
    {
        var view = server.Group.View;
        var memory = GC.GetTotalMemory(false);
        var uptime = (long)(server.Clock.Now - server.Started).TotalSeconds;
        var statistics = server.Statistics;
        (string Name, (string Key, object Value)[] Lines)[] sections =
        [
            ("Server", [("redis_version", ServerCommands.RedisVersion), ("redis_mode", "standalone"), ("eos_version", NodeVersion.Server), ("os", Environment.OSVersion),
                ("process_id", Environment.ProcessId), ("tcp_port", server.Port), ("uptime_in_seconds", uptime), ("uptime_in_days", uptime / 86400)]),
            ("Clients", [("connected_clients", server.Connections.Count), ("maxclients", server.Settings.MaxClients), ("monitors", server.Monitors.Count),
                ("pubsub_clients", server.Hub.Subscribers)]),
            ("Memory", [("used_memory", memory), ("used_memory_rss", Environment.WorkingSet), ("client_backlog_bytes", server.BacklogBytes)]),
            ("Persistence", [("loading", 0), ("aof_enabled", 1), ("aof_last_write_status", "ok")]),
            ("Stats", [("total_connections_received", server.Received), ("total_commands_processed", statistics.Total), ("rejected_connections", server.Rejected),
                ("pubsub_channels", server.Hub.Channels), ("pubsub_patterns", server.Hub.Patterns)]),
            ("Replication", [("role", view.Leads ? "master" : "slave"), ("leader", view.Leader ?? "")]),
            ("CPU", [("used_cpu_user", Environment.CpuUsage.UserTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture)),
                ("used_cpu_sys", Environment.CpuUsage.PrivilegedTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture))]),
            ("Cluster", [("cluster_enabled", 0)]),
        ];
        var all = wanted.Count == 0 || wanted.Any(w => w is "all" or "default" or "everything");
        var text = new StringBuilder();
        foreach (var (name, lines) in sections)
        {
            if (!all && !wanted.Contains(name.ToLowerInvariant())) continue;
            if (text.Length > 0) text.Append("\r\n");
            text.Append("# ").Append(name).Append("\r\n");
            foreach (var (key, value) in lines) text.Append(CultureInfo.InvariantCulture, $"{key}:{value}\r\n");
        }
        return text.ToString();
    }
}
