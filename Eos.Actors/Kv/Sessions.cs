using Eos.Kernel;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// Entries that happen once. What came of each is kept for its client until the client has it, or for ten minutes of log time; then the client's floor rises above
/// its number, and a repeat is told that nothing is known any more. A client of whom nothing is kept is forgotten another ten minutes later.
/// </summary>
/// <remarks>
/// Outcomes carry the client's AnsweredBelow, so a session is its rows: the highest of those, and the floor in its own row. A session is looked at when its
/// review is due, not with each entry. What is in memory is read back from the rows when a client is first seen.
/// </remarks>
internal sealed class Sessions(KeySpace rows)
{
    public const int MaxKept = 1_024;
    public const int MaxOutcome = 64 << 10;
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const int Header = 16;
    private readonly Dictionary<Guid, Session> _known = [];
    private TimeSpan? _review = TimeSpan.MinValue;

    private sealed class Session
    {
        /// <summary>Numbers below that have no outcome here are over.</summary>
        public ulong Below { get; set; }

        /// <summary>When each outcome that is kept was made.</summary>
        public SortedDictionary<ulong, TimeSpan> Kept { get; } = [];
    }

    /// <summary>Runs the entry if this is the first time it is seen.</summary>
    public Outcome Run(Once entry, Moment at, Func<IEntry, Outcome> run)
    {
        Review(at.Now);
        var (client, number) = (entry.Op.Client, entry.Op.Number);
        var session = Find(client);
        if (session is not null && session.Kept.ContainsKey(number))
            return new Outcome(KvWire.DecodeAnswer(rows.Get(SystemKeys.Outcome(client, number))!.Value[Header..]), []);
        if (entry.Entry is Once) return Refuse(Errno.Invalid, "an entry that happens once can't hold another");
        if (session is not null && number < session.Below)
            return new Outcome(NotKept.Instance, []);
        var below = Math.Max(session?.Below ?? 0, Math.Min(entry.AnsweredBelow, number));
        var over = session is null ? [] : session.Kept.Keys.TakeWhile(n => n < below).ToArray();
        if (session?.Kept.Count - over.Length >= MaxKept)
            return Refuse(Errno.TryAgain, $"client {client:n} has {MaxKept} outcomes that it does not say to have seen");
        session ??= Open(client, at.Now);
        foreach (var n in over) Forget(client, session, n);
        var outcome = run(entry.Entry);
        var answer = KvWire.Encode(outcome.Answer);
        if (answer.Length > MaxOutcome) answer = KvWire.Encode((IAnswer)NotKept.Instance);
        rows.Add(SystemKeys.Outcome(client, number), [.. SystemKeys.Time(at.Now), .. Keys.Number(below), .. answer.Span]);
        session.Kept.Add(number, at.Now);
        session.Below = below;
        return outcome;
    }

    /// <summary>Looks at the sessions whose time has come.</summary>
    private void Review(TimeSpan now)
    {
        if (_review is not { } due || due > now) return;
        foreach (var row in rows.Under(SystemKeys.Reviews).TakeWhile(row => SystemKeys.Time(row.Key.Span) <= now.Ticks).ToList())
        {
            rows.Delete([.. SystemKeys.Reviews, .. row.Key.Span]);
            Review(new Guid(row.Key.Span[8..], bigEndian: true), now);
        }
        _review = rows.Under(SystemKeys.Reviews).Select(row => (TimeSpan?)new TimeSpan(SystemKeys.Time(row.Key.Span))).FirstOrDefault();
    }

    private void Review(Guid client, TimeSpan now)
    {
        var session = Find(client)!;
        if (session.Kept.Count == 0)
        {
            rows.Delete(SystemKeys.Session(client));
            _known.Remove(client);
            return;
        }
        var over = session.Kept.Where(kept => kept.Value + Life <= now).Select(kept => kept.Key).ToArray();
        if (over.Length > 0)
        {
            session.Below = Math.Max(session.Below, over[^1] + 1);
            rows.Put(SystemKeys.Session(client), Keys.Number(session.Below));
            foreach (var number in over) Forget(client, session, number);
        }
        Schedule(client, (session.Kept.Count == 0 ? now : session.Kept.Values.Min()) + Life);
    }

    private Session? Find(Guid client)
    {
        if (_known.TryGetValue(client, out var session)) return session;
        if (rows.Get(SystemKeys.Session(client)) is not { } floor) return null;
        session = new Session { Below = Keys.Number(floor.Span) };
        foreach (var row in rows.Under(SystemKeys.Outcomes(client)))
        {
            session.Kept.Add(Keys.Number(row.Key.Span), new TimeSpan(SystemKeys.Time(row.Value.Span)));
            session.Below = Math.Max(session.Below, Keys.Number(row.Value.Span[8..]));
        }
        return _known[client] = session;
    }

    private Session Open(Guid client, TimeSpan now)
    {
        rows.Put(SystemKeys.Session(client), Keys.Number(0UL));
        Schedule(client, now + Life);
        return _known[client] = new Session();
    }

    private void Schedule(Guid client, TimeSpan at)
    {
        rows.Put(SystemKeys.Review(at, client), default);
        if (_review is null || at < _review) _review = at;
    }

    private void Forget(Guid client, Session session, ulong number)
    {
        rows.Delete(SystemKeys.Outcome(client, number));
        session.Kept.Remove(number);
    }

    private static Outcome Refuse(Errno why, string text) => new(new Refused(why, text), []);
}
