using System.Globalization;
using System.Text;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>CLIENT and what of it QuarkDB spells otherwise.</summary>
internal static class ClientCommands
{
    public const string BadName = "ERR Client names cannot contain spaces, newlines or special characters.";

    public static readonly DoorCommand[] All =
    [
        new("client", Arity.AtLeast(2), "connection", Client),
        new("client-id", Arity.Exactly(1), "connection", (s, _) => Session.Answer(w => w.Simple(s.Uuid))),
        new("monitor", Arity.Exactly(1), "server", Monitor),
    ];

    public static bool IsName(string name) => name.All(c => c is >= '!' and <= '~');

    private static LocalTurn Client(Session session, Request r) => r.Text(1).ToLowerInvariant() switch
    {
        "id" when r.Count == 2 => Session.Answer(w => w.Integer(session.Id)),
        "getname" when r.Count == 2 => Name(session),
        "setname" when r.Count == 3 => SetName(session, r.Text(2)),
        "info" when r.Count == 2 => Session.Answer(w => w.Verbatim(Line(session) + "\n")),
        "list" => Session.Answer(w => w.Verbatim(string.Concat(session.Server.Connections.Select(c => Line(c.Session) + "\n")))),
        "kill" when r.Count >= 3 => Kill(session, r),
        "setinfo" when r.Count == 4 => Session.Ok(),
        "no-evict" or "no-touch" when r.Count == 3 => Session.Ok(),
        "id" or "getname" or "setname" or "info" or "kill" or "setinfo" or "no-evict" or "no-touch" =>
            Session.Error($"ERR wrong number of arguments for 'client|{r.Text(1).ToLowerInvariant()}' command"),
        _ => Session.Error($"ERR unknown subcommand '{r.Text(1)}'. Try CLIENT HELP."),
    };

    private static LocalTurn Name(Session session)
    {
        var name = session.Name;
        return Session.Answer(w =>
        {
            if (name.Length == 0) w.Null();
            else w.Bulk(name);
        });
    }

    private static LocalTurn SetName(Session session, string name)
    {
        if (!IsName(name)) return Session.Error(BadName);
        session.Name = name;
        return Session.Ok();
    }

    /// <summary>By address, in the old form; by id or address in the new, where the answer is how many.</summary>
    private static LocalTurn Kill(Session session, Request r)
    {
        if (r.Count == 3)
        {
            var found = session.Server.Connections.FirstOrDefault(c => c.Session.Remote == r.Text(2));
            found?.Abort();
            return found is null ? Session.Error("ERR No such client") : Session.Ok();
        }
        if (r.Count != 4 || !(r.Is(2, "id") || r.Is(2, "addr"))) return Session.Error(RespErrors.Syntax);
        var killed = session.Server.Connections.Where(c => c.Session.Remote == r.Text(3) || c.Session.Id.ToString(CultureInfo.InvariantCulture) == r.Text(3)).ToList();
        killed.ForEach(c => c.Abort());
        return Session.Answer(w => w.Integer(killed.Count));
    }

    private static LocalTurn Monitor(Session session, Request r)
    {
        session.IsMonitor = true;
        session.Server.Monitors.Add(session.Connection);
        return Session.Ok();
    }

    private static string Line(Session session)
    {
        var connection = session.Connection;
        var age = (long)(session.Server.Clock.Now.ToDateTimeOffset() - session.Since).TotalSeconds;
        var idle = (Environment.TickCount64 - connection.LastActive) / 1000;
        var flags = session.IsMonitor ? "O" : session.Subscriptions > 0 ? "P" : session.Transaction is not null ? "x" : "N";
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"id={session.Id} addr={session.Remote} laddr={session.Local} fd=0 name={session.Name} age={age} idle={idle} flags={flags} db=0 ")
            .Append(CultureInfo.InvariantCulture, $"sub={session.Channels.Count} psub={session.Patterns.Count} multi={session.Transaction?.Count ?? -1} qbuf={connection.BacklogBytes} ")
            .Append(CultureInfo.InvariantCulture, $"backlog={connection.Backlog} cmd={session.LastCommand} user=default resp={(int)session.Version}")
            .ToString();
    }
}

/// <summary>Connections that watch all commands of all others.</summary>
internal sealed class Monitors
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Connection, bool> _watching = new();

    public int Count => _watching.Count;

    public void Add(Connection connection) => _watching[connection] = true;

    public void Remove(Connection connection) => _watching.TryRemove(connection, out _);

    public void Tell(Session from, Request request)
    {
        if (_watching.IsEmpty) return;
        var words = request.Words.Select(w => Quoted(w.Span));
        if (request.Is(0, "auth") || request.Is(0, "hello")) words = [Quoted(request[0]), "\"(redacted)\""];
        var line = new Push.Line($"[{from.Remote}]: {string.Join(' ', words)}");
        foreach (var watcher in _watching.Keys) watcher.Push(line);
    }

    private static string Quoted(ReadOnlySpan<byte> word)
    {
        var text = new StringBuilder("\"");
        foreach (var b in word)
        {
            if (b is (byte)'"' or (byte)'\\') text.Append('\\').Append((char)b);
            else if (b is >= 32 and < 127) text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }
        return text.Append('"').ToString();
    }
}
