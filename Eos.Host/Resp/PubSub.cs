using System.Collections.Immutable;
using System.Text;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Who listens to which channel on this node. Names are bytes, kept as text of one byte a character.</summary>
internal sealed class PubSub
{
    private sealed record Lists(ImmutableDictionary<string, ImmutableHashSet<Connection>> Channels, ImmutableDictionary<string, ImmutableHashSet<Connection>> Patterns);

    private Lists _lists = new(ImmutableDictionary<string, ImmutableHashSet<Connection>>.Empty, ImmutableDictionary<string, ImmutableHashSet<Connection>>.Empty);

    public int Channels => _lists.Channels.Count;

    public int Patterns => _lists.Patterns.Count;

    public int Subscribers => Everyone().Count;

    /// <summary>Everyone who listens to anything.</summary>
    public IReadOnlyCollection<Connection> Everyone() => [.. _lists.Channels.Values.Concat(_lists.Patterns.Values).SelectMany(c => c).Distinct()];

    public void Subscribe(string name, bool isPattern, Connection connection) => ImmutableInterlocked.Update(ref _lists, lists => isPattern
        ? lists with { Patterns = With(lists.Patterns, name, connection) }
        : lists with { Channels = With(lists.Channels, name, connection) });

    public void Unsubscribe(string name, bool isPattern, Connection connection) => ImmutableInterlocked.Update(ref _lists, lists => isPattern
        ? lists with { Patterns = Without(lists.Patterns, name, connection) }
        : lists with { Channels = Without(lists.Channels, name, connection) });

    /// <summary>The connection listens to nothing any more.</summary>
    public void Forget(Connection connection)
    {
        foreach (var channel in connection.Session.Channels) Unsubscribe(channel, false, connection);
        foreach (var pattern in connection.Session.Patterns) Unsubscribe(pattern, true, connection);
    }

    /// <summary>Says it to all who listen; how often it was said.</summary>
    public int Publish(string channel, ReadOnlyMemory<byte> payload)
    {
        var (lists, said) = (_lists, 0);
        if (lists.Channels.TryGetValue(channel, out var listeners))
        {
            var message = new Push.Message(null, channel, payload);
            foreach (var listener in listeners) listener.Push(message);
            said += listeners.Count;
        }
        if (lists.Patterns.IsEmpty) return said;
        var name = Encoding.Latin1.GetBytes(channel);
        foreach (var (pattern, watchers) in lists.Patterns)
        {
            if (!Pattern.Fits(Encoding.Latin1.GetBytes(pattern), name)) continue;
            var message = new Push.Message(pattern, channel, payload);
            foreach (var watcher in watchers) watcher.Push(message);
            said += watchers.Count;
        }
        return said;
    }

    /// <summary>Says what an entry had to say.</summary>
    public void Publish(ImmutableArray<Publication> publications)
    {
        if (_lists.Channels.IsEmpty && _lists.Patterns.IsEmpty) return;
        foreach (var publication in publications) Publish(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(publication.Channel)), publication.Payload.ToBytes());
    }

    private static ImmutableDictionary<string, ImmutableHashSet<Connection>> With(ImmutableDictionary<string, ImmutableHashSet<Connection>> lists, string name, Connection connection) =>
        lists.SetItem(name, lists.GetValueOrDefault(name, []).Add(connection));

    private static ImmutableDictionary<string, ImmutableHashSet<Connection>> Without(ImmutableDictionary<string, ImmutableHashSet<Connection>> lists, string name, Connection connection)
    {
        if (!lists.TryGetValue(name, out var listeners)) return lists;
        var left = listeners.Remove(connection);
        return left.IsEmpty ? lists.Remove(name) : lists.SetItem(name, left);
    }
}

/// <summary>SUBSCRIBE and its kin. Channels live on the leader; a subscriber elsewhere would hear nothing.</summary>
internal static class PubSubCommands
{
    public static readonly DoorCommand[] All =
    [
        new("subscribe", Arity.AtLeast(2), "pubsub", (s, r) => Subscribe(s, r, false), WhileSubscribed: true),
        new("psubscribe", Arity.AtLeast(2), "pubsub", (s, r) => Subscribe(s, r, true), WhileSubscribed: true),
        new("unsubscribe", Arity.AtLeast(1), "pubsub", (s, r) => Unsubscribe(s, r, false), WhileSubscribed: true),
        new("punsubscribe", Arity.AtLeast(1), "pubsub", (s, r) => Unsubscribe(s, r, true), WhileSubscribed: true),
        new("publish", Arity.Exactly(3), "pubsub", Publish),
    ];

    private static LocalTurn Subscribe(Session session, Request r, bool isPattern)
    {
        if (session.Server.Group.View is { Leads: false } view) return Session.Error(view.Redirection);
        var mine = isPattern ? session.Patterns : session.Channels;
        var names = r.Words.AsSpan()[1..].ToArray().Select(w => Encoding.Latin1.GetString(w.Span)).ToList();
        if (session.KeepChannels(names.Where(n => !mine.Contains(n)).Distinct(StringComparer.Ordinal)) is { } refusal) return Session.Error(refusal);
        var said = new List<(string? Name, int Active)>();
        session.Pending(1);
        foreach (var name in names)
        {
            if (mine.Add(name)) session.Server.Hub.Subscribe(name, isPattern, session.Connection);
            said.Add((name, session.Subscriptions));
        }
        return Session.Answer(w =>
        {
            Confirm(w, session, isPattern ? "psubscribe" : "subscribe", said);
            session.Pending(-1);
        });
    }

    private static LocalTurn Unsubscribe(Session session, Request r, bool isPattern)
    {
        var mine = isPattern ? session.Patterns : session.Channels;
        var names = r.Count > 1 ? [.. Enumerable.Range(1, r.Count - 1).Select(i => Encoding.Latin1.GetString(r.Words[i].Span))] : mine.ToList();
        var said = new List<(string? Name, int Active)>();
        foreach (var name in names)
        {
            if (mine.Remove(name))
            {
                session.Server.Hub.Unsubscribe(name, isPattern, session.Connection);
                session.DropChannel(name);
            }
            said.Add((name, session.Subscriptions));
        }
        if (said.Count == 0) said.Add((null, session.Subscriptions));
        return Session.Answer(w =>
        {
            session.Connection.WritePushes();
            Confirm(w, session, isPattern ? "punsubscribe" : "unsubscribe", said);
        });
    }

    private static void Confirm(RespWriter w, Session session, string what, IEnumerable<(string? Name, int Active)> said)
    {
        foreach (var (name, active) in said)
        {
            Push.Head(w, 3, session.HasPushTypes);
            w.Bulk(what);
            if (name is null) w.Null();
            else w.Bulk(Encoding.Latin1.GetBytes(name));
            w.Integer(active);
        }
        if (session.HasPushTypes) w.Simple("OK");
    }

    private static LocalTurn Publish(Session session, Request r) => Session.Answer(w =>
    {
        if (session.Server.Group.View is { Leads: false } view) w.Error(view.Redirection);
        else w.Integer(session.Server.Hub.Publish(Encoding.Latin1.GetString(r[1]), r.Words[2]));
    });
}
