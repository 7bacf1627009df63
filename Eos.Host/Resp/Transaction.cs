using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>Commands between MULTI and EXEC. They become one entry of the log, or one question if all of them only look.</summary>
internal sealed class Transaction(long mostBytes)
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
        _queued.Clear();
    }

    public int Count => _queued.Count;

    public LocalTurn Queue(Request request, DoorCommand command)
    {
        if (command.Data is not { } data) return Spoilt("ERR Only reads and writes allowed within MULTI/EXEC blocks.");
        if (_spoilt) return Session.Answer(w => w.Simple("QUEUED"));
        _bytes += Session.SizeOf(request);
        if (_bytes > mostBytes) return Spoilt($"ERR transaction too large: at most {mostBytes} bytes");
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
        session.Transaction = new Transaction(session.Server.Settings.EntryMost);
        return Session.Ok();
    }

    private static Turn Execute(Session session, Request request)
    {
        if (session.Transaction is not { } open) return Session.Error("ERR EXEC without MULTI");
        session.Transaction = null;
        if (open._spoilt) return Session.Error("EXECABORT Transaction discarded because of previous errors.");
        session.Server.Statistics.CountTransaction(open._writes ? Access.Write : Access.Read);
        return open.Count == 0 ? Session.Answer(w => w.Array(0)) : session.Together(open._queued, open._writes ? Access.Write : Access.Read);
    }

    private static LocalTurn Discard(Session session, Request request)
    {
        if (session.Transaction is null) return Session.Error("ERR DISCARD without MULTI");
        session.Transaction = null;
        return Session.Ok();
    }

    private static LocalTurn Watch(Session session, Request request)
    {
        session.Transaction?.Spoil();
        return Session.Error($"ERR {request.Text(0).ToUpperInvariant()} is not supported: transactions run as one, without conditions");
    }
}
