using System.Net;
using Eos.Kernel;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>What a connection has said so far: who it is, its open transaction, its channels. Sorts requests into turns; used by the thread that reads the connection.</summary>
internal sealed class Session(RespServer server, Connection connection, long id, EndPoint? remote, EndPoint? local)
{
    private DataTurn? _open;
    private int _pendingSubscriptions;
    private long _channelBytes;
    private volatile bool _hasPushTypes;
    private volatile bool _isAuthenticated = server.Password.Admits(remote);

    public RespServer Server => server;

    public Connection Connection => connection;

    public long Id => id;

    public string Uuid { get; } = Guid.NewGuid().ToString("d");

    public EndPoint? RemoteEnd => remote;

    public string Remote { get; } = remote?.ToString() ?? "";

    public string Local { get; } = local?.ToString() ?? "";

    public DateTimeOffset Since { get; } = server.Clock.Now.ToDateTimeOffset();

    public string Name { get; set; } = "";

    public string LastCommand { get; private set; } = "";

    public RespVersion Version { get; set; } = RespVersion.Two;

    public bool IsAuthenticated { get => _isAuthenticated; set => _isAuthenticated = value; }

    /// <summary>Said goodbye: nothing more is read.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Reads may be answered by a member that does not lead.</summary>
    public bool TakesStale { get; set; }

    /// <summary>Messages come in QuarkDB's form, and other commands stay allowed while subscribed.</summary>
    public bool HasPushTypes { get => _hasPushTypes; set => _hasPushTypes = value; }

    public bool IsMonitor { get; set; }

    public Challenge? Challenge { get; set; }

    /// <summary>Commands between MULTI and EXEC; null outside.</summary>
    public Transaction? Transaction { get; set; }

    public HashSet<string> Channels { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Patterns { get; } = new(StringComparer.Ordinal);

    public int Subscriptions => Channels.Count + Patterns.Count;

    /// <summary>Subscriptions whose confirmation is not written yet: no message may overtake it.</summary>
    public int PendingSubscriptions => Volatile.Read(ref _pendingSubscriptions);

    public void Pending(int change) => Interlocked.Add(ref _pendingSubscriptions, change);

    public static LocalTurn Answer(Action<RespWriter> write) => new(write);

    public static LocalTurn Ok() => new(w => w.Simple("OK"));

    public static LocalTurn Error(string text) => new(w => w.Error(text));

    /// <summary>Takes the next request.</summary>
    public void Take(Request request)
    {
        if (IsLeaving) return;
        var known = DoorCommands.Find(request);
        if (known is { Data: { } data, IsAlone: false } && Transaction is null && data.Arity.Allows(request.Count) && MayUseData && KvLimits.Refusal(request) is null)
        {
            Note(request, known);
            server.Statistics.Count(data.Access);
            Gather(request, data);
            return;
        }
        Seal();
        var turn = Sorted(request, known);
        turn.Carry(SizeOf(request));
        connection.Take(turn);
    }

    /// <summary>The next request is too large to be taken.</summary>
    public void Refuse(string why)
    {
        if (IsLeaving) return;
        Seal();
        connection.Take(Spoil($"ERR {Errno.FileTooLarge.Text()}: {why}"));
    }

    /// <summary>What was gathered so far goes on its way.</summary>
    public void Seal()
    {
        if (_open is null) return;
        connection.Take(_open);
        _open = null;
    }

    /// <summary>A turn for data commands that go together, answered in one array.</summary>
    public DataTurn Together(IReadOnlyList<Request> requests, Access access)
    {
        var turn = new DataTurn(server.Group, connection, access, TakesStale, DataTurn.Form.Together);
        foreach (var request in requests) turn.Add(request, SizeOf(request), access == Access.Write ? CommandTable.Find(request)!.Yields : 0);
        return turn;
    }

    /// <summary>The connection has ended.</summary>
    public void End()
    {
        server.Hub.Forget(connection);
        server.Monitors.Remove(connection);
    }

    /// <summary>Keeps so much for the client beyond its request, unless that is too much: for all connections together a quarter of their memory, each one a little in any case.</summary>
    public bool Keep(long bytes)
    {
        var (kept, settings) = (connection.Kept, server.Settings);
        if (server.Kept.Bytes + bytes > settings.BacklogTotal / 4 && kept.Bytes + bytes > settings.EntryBytes) return false;
        kept.Add(bytes);
        return true;
    }

    public void Drop(long bytes) => connection.Kept.Add(-bytes);

    public static long SizeOf(Request request)
    {
        var bytes = 0L;
        foreach (var word in request.Words) bytes += word.Length + 32;
        return bytes;
    }

    /// <summary>Names of channels that are new to the client; why they are too many, or null.</summary>
    public string? KeepChannels(IEnumerable<string> names)
    {
        var bytes = names.Sum(SizeOf);
        var most = server.Settings.ChannelBytes;
        if (_channelBytes + bytes > most) return $"ERR too many channels: their names take at most {most} bytes";
        if (!Keep(bytes)) return "ERR too many channels: those of all clients take what eos.resp.backlog-total allows";
        _channelBytes += bytes;
        return null;
    }

    public void DropChannel(string name)
    {
        _channelBytes -= SizeOf(name);
        Drop(SizeOf(name));
    }

    public void DropChannels()
    {
        Drop(_channelBytes);
        _channelBytes = 0;
    }

    private static long SizeOf(string channel) => (2L * channel.Length) + 256;

    private bool MayUseData => IsAuthenticated && (Subscriptions == 0 || HasPushTypes || Version == RespVersion.Three);

    private Turn Sorted(Request request, DoorCommand? known)
    {
        if (!IsAuthenticated && known is not { Needs: CommandNeeds.Nothing }) return Error(RespErrors.NotAuthenticated);
        Note(request, known);
        if (known is null) return Spoil(RespErrors.Unknown(request));
        if (!known.Arity.Allows(request.Count)) return Spoil(RespErrors.Arity(request));
        if (KvLimits.Refusal(request) is { } large) return Spoil(large.Message);
        if (!MayUseData && IsAuthenticated && !known.WhileSubscribed)
            return Error($"ERR Can't execute '{request.Text(0).ToLowerInvariant()}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context");
        if (Transaction is { } open && !known.RunsInTransaction) return open.Queue(request, known);
        return known.Run(this, request);
    }

    /// <summary>A command that can't be queued spoils the transaction.</summary>
    private LocalTurn Spoil(string error)
    {
        Transaction?.Spoil();
        return Error(error);
    }

    private void Gather(Request request, Command data)
    {
        var (access, bytes, settings) = (data.Access, SizeOf(request), server.Settings);
        var (most, mostBytes, yields) = access == Access.Write ? (settings.EntryCommands, settings.EntryBytes, data.Yields) : (settings.QuestionCommands, long.MaxValue, 0L);
        if (_open is { } open && (open.Access != access || open.Count >= most || open.Bytes + bytes > mostBytes || (yields > 0 && open.Needs + yields > Math.Min(settings.BacklogBytes, KvLimits.MaxReplies)))) Seal();
        _open ??= new DataTurn(server.Group, connection, access, TakesStale, DataTurn.Form.Each);
        _open.Add(request, bytes, yields);
    }

    private void Note(Request request, DoorCommand? known)
    {
        LastCommand = known?.Name ?? "";
        server.Monitors.Tell(this, request);
    }
}
