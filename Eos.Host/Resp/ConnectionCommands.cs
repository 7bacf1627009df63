using System.Globalization;
using System.Text;
using Eos.Gateway;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Commands about the connection itself.</summary>
internal static class ConnectionCommands
{
    public static readonly DoorCommand[] All =
    [
        new("ping", Arity.Between(1, 2), "connection", Ping, WhileSubscribed: true),
        new("echo", Arity.Exactly(2), "connection", (_, r) => Session.Answer(w => w.Bulk(r[1]))),
        new("quit", Arity.AtLeast(1), "connection", Quit, Needs: CommandNeeds.Nothing, WhileSubscribed: true, RunsInTransaction: true),
        new("reset", Arity.Exactly(1), "connection", Reset, Needs: CommandNeeds.Nothing, WhileSubscribed: true, RunsInTransaction: true),
        new("hello", Arity.AtLeast(1), "connection", Hello, Needs: CommandNeeds.Nothing),
        new("select", Arity.Exactly(2), "connection", Select),
        new("activate-stale-reads", Arity.Exactly(1), "connection", StaleReads),
        new("activate-push-types", Arity.Exactly(1), "connection", PushTypes),
        new("convert-string-to-int", Arity.Exactly(2), "connection", StringToInt),
        new("convert-int-to-string", Arity.Exactly(2), "connection", IntToString),
    ];

    private static LocalTurn Ping(Session session, Request r)
    {
        if (session.Subscriptions > 0 && session is { Version: RespVersion.Two, HasPushTypes: false })
        {
            return Session.Answer(w =>
            {
                w.Array(2);
                w.Bulk("pong");
                w.Bulk(r.Count == 2 ? r[1] : default);
            });
        }
        return r.Count == 2 ? Session.Answer(w => w.Bulk(r[1])) : Session.Answer(w => w.Simple("PONG"));
    }

    private static LocalTurn Quit(Session session, Request r)
    {
        session.IsLeaving = true;
        return Session.Ok();
    }

    private static LocalTurn Reset(Session session, Request r)
    {
        session.Transaction?.Drop();
        session.Transaction = null;
        session.DropChannels();
        session.Server.Hub.Forget(session.Connection);
        session.Server.Monitors.Remove(session.Connection);
        session.Channels.Clear();
        session.Patterns.Clear();
        (session.Name, session.Version, session.TakesStale, session.HasPushTypes, session.IsMonitor) = ("", RespVersion.Two, false, false, false);
        session.IsAuthenticated = session.Server.Password.Admits(session.RemoteEnd);
        return Session.Answer(w =>
        {
            w.Version = RespVersion.Two;
            w.Simple("RESET");
        });
    }

    private static LocalTurn Hello(Session session, Request r)
    {
        var version = session.Version;
        string? name = null;
        for (var i = 1; i < r.Count; i++)
        {
            if (i == 1)
            {
                if (!r.TryInteger(1, out var number)) return Session.Error("ERR Protocol version is not an integer or out of range");
                if (number is not (2 or 3)) return Session.Error("NOPROTO unsupported protocol version");
                version = (RespVersion)number;
            }
            else if (r.Is(i, "auth") && i + 2 < r.Count)
            {
                if (Authentication.Refuse(session, r[i + 1], r[i + 2]) is { } error) return Session.Error(error);
                i += 2;
            }
            else if (r.Is(i, "setname") && i + 1 < r.Count)
            {
                name = r.Text(++i);
                if (!ClientCommands.IsName(name)) return Session.Error(ClientCommands.BadName);
            }
            else
            {
                return Session.Error($"ERR Syntax error in HELLO option '{r.Text(i)}'");
            }
        }
        if (!session.IsAuthenticated)
            return Session.Error("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time");
        if (name is not null) session.Name = name;
        session.Version = version;
        return Session.Answer(w => Greet(w, session, version));
    }

    private static void Greet(RespWriter w, Session session, RespVersion version)
    {
        w.Version = version;
        w.Map(8);
        w.Bulk("server");
        w.Bulk("redis");
        w.Bulk("version");
        w.Bulk(ServerCommands.RedisVersion);
        w.Bulk("eos_version");
        w.Bulk(NodeVersion.Server);
        w.Bulk("proto");
        w.Integer((int)version);
        w.Bulk("id");
        w.Integer(session.Id);
        w.Bulk("mode");
        w.Bulk("standalone");
        w.Bulk("role");
        w.Bulk(session.Server.Group.View.Leads ? "master" : "replica");
        w.Bulk("modules");
        w.Array(0);
    }

    private static LocalTurn Select(Session session, Request r) =>
        !r.TryInteger(1, out var number) ? Session.Error("ERR invalid DB index") : number != 0 ? Session.Error("ERR DB index is out of range") : Session.Ok();

    private static LocalTurn StaleReads(Session session, Request r)
    {
        session.TakesStale = true;
        return Session.Ok();
    }

    private static LocalTurn PushTypes(Session session, Request r)
    {
        session.HasPushTypes = true;
        return Session.Ok();
    }

    private static LocalTurn StringToInt(Session session, Request r)
    {
        if (r[1].Length != 8) return Session.Error($"ERR expected string with 8 characters, was given {r[1].Length} instead");
        var value = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(r[1]);
        return Session.Answer(w =>
        {
            w.Array(2);
            w.Simple($"Interpreted as int64_t: {value}");
            w.Simple($"Interpreted as uint64_t: {(ulong)value}");
        });
    }

    private static LocalTurn IntToString(Session session, Request r)
    {
        long value;
        if (ulong.TryParse(r.Text(1), NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned)) value = (long)unsigned;
        else if (!r.TryInteger(1, out value)) return Session.Error("ERR cannot parse integer");
        Span<byte> bytes = stackalloc byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        byte[] signed = [.. "As int64_t: "u8, .. bytes];
        byte[] without = [.. "As uint64_t: "u8, .. bytes];
        return Session.Answer(w =>
        {
            w.Array(2);
            w.Bulk(signed);
            w.Bulk(without);
        });
    }
}
