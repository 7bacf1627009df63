using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Commands between MULTI and EXEC. They become one entry of the log, or one question if all of them only look.</summary>
internal sealed class Transaction(Session session)
{
    public static readonly DoorCommand[] All =
    [
        new("multi", Arity.Exactly(1), "transactions", Begin, RunsInTransaction: true),
        new("exec", Arity.Exactly(1), "transactions", Execute, RunsInTransaction: true),
        new("discard", Arity.Exactly(1), "transactions", Discard, RunsInTransaction: true),
        new("watch", Arity.AtLeast(2), "transactions", Watch, RunsInTransaction: true),
        new("unwatch", Arity.Exactly(1), "transactions", Watch, RunsInTransaction: true),
    ];

    private readonly List<Request> _queued = [];
    private long _bytes;
    private bool _spoilt;
    private bool _writes;

    /// <summary>EXEC will refuse.</summary>
    public void Spoil()
    {
        _spoilt = true;
        Drop();
    }

    /// <summary>Nothing is kept for it any more.</summary>
    public void Drop()
    {
        session.Drop(_bytes);
        _bytes = 0;
        _queued.Clear();
    }

    public int Count => _queued.Count;

    public LocalTurn Queue(Request request, DoorCommand command)
    {
        if (command.Data is not { } data) return Spoilt("ERR Only reads and writes allowed within MULTI/EXEC blocks.");
        if (_spoilt) return Session.Answer(w => w.Simple("QUEUED"));
        var (bytes, most) = (Session.SizeOf(request), session.Server.Settings.EntryMost);
        if (_bytes + bytes > most) return Spoilt($"ERR transaction too large: at most {most} bytes");
        if (!session.Keep(bytes)) return Spoilt("ERR transaction too large: the transactions of all clients take what eos.resp.backlog-total allows");
        _bytes += bytes;
        _writes |= data.Access == Access.Write;
        _queued.Add(request);
        return Session.Answer(w => w.Simple("QUEUED"));
    }

    private LocalTurn Spoilt(string error)
    {
        Spoil();
        return Session.Error(error);
    }

    private static LocalTurn Begin(Session session, Request request)
    {
        if (session.Transaction is not null) return Session.Error("ERR MULTI calls can not be nested");
        session.Transaction = new Transaction(session);
        return Session.Ok();
    }

    private static Turn Execute(Session session, Request request)
    {
        if (session.Transaction is not { } open) return Session.Error("ERR EXEC without MULTI");
        session.Transaction = null;
        if (open._spoilt) return Session.Error("EXECABORT Transaction discarded because of previous errors.");
        session.Server.Statistics.CountTransaction(open._writes ? Access.Write : Access.Read);
        if (open.Count == 0) return Session.Answer(w => w.Array(0));
        var turn = session.Together(open._queued, open._writes ? Access.Write : Access.Read);
        open.Drop();
        return turn;
    }

    private static LocalTurn Discard(Session session, Request request)
    {
        if (session.Transaction is not { } open) return Session.Error("ERR DISCARD without MULTI");
        open.Drop();
        session.Transaction = null;
        return Session.Ok();
    }

    private static LocalTurn Watch(Session session, Request request)
    {
        session.Transaction?.Spoil();
        return Session.Error($"ERR {request.Text(0).ToUpperInvariant()} is not supported: transactions run as one, without conditions");
    }
}
