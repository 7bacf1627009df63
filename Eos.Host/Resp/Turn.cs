using System.Collections.Immutable;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>What a turn needs of the turns before it on its connection.</summary>
internal enum TurnKind
{
    /// <summary>Nothing: it happens when its answer is due.</summary>
    Local,

    /// <summary>Earlier reads must be done, or they might see it.</summary>
    Write,

    /// <summary>Earlier writes must be done, or it might miss them.</summary>
    Read,

    /// <summary>Everything earlier must be done.</summary>
    Alone,
}

/// <summary>One answer, or the answers of commands that go together, in the order of a connection. Started, written and forgotten by the connection's pump.</summary>
internal abstract class Turn
{
    public abstract TurnKind Kind { get; }

    /// <summary>Requests that wait for this turn, and the memory they take: counted against the connection's backlog.</summary>
    public int Commands { get; protected set; } = 1;

    public long Bytes { get; protected set; } = 64;

    public abstract bool IsDone { get; }

    public virtual void Start()
    {
    }

    public abstract void Write(RespWriter output);
}

/// <summary>Answered by this node, at once, when its turn to be answered comes.</summary>
internal sealed class LocalTurn(Action<RespWriter> write) : Turn
{
    public override TurnKind Kind => TurnKind.Local;

    public override bool IsDone => true;

    public override void Write(RespWriter output) => write(output);
}

/// <summary>A question about the group that takes a while.</summary>
internal sealed class AdminTurn(IGroup group, Request request, Connection connection) : Turn
{
    private volatile Reply? _reply;

    public override TurnKind Kind => TurnKind.Alone;

    public override bool IsDone => _reply is not null;

    public override void Start() => _ = RunAsync();

    public override void Write(RespWriter output) => ReplyText.Write(output, _reply!);

    private async Task RunAsync()
    {
        Reply reply;
        try
        {
            reply = await group.AdministerAsync(request, connection.Closed).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            reply = e is OperationCanceledException or TimeoutException ? new Reply.ErrorReply(RespErrors.Unavailable) : Reply.Err(e.Message);
        }
        _reply = reply;
        connection.Continue();
    }
}

/// <summary>Consecutive data commands of one kind: one entry of the log, or one question.</summary>
internal sealed class DataTurn(IGroup group, Connection connection, Access access, bool stale, DataTurn.Form form) : Turn, IGroupCall
{
    private readonly ImmutableArray<Request>.Builder _gathered = ImmutableArray.CreateBuilder<Request>();
    private ImmutableArray<Request> _requests;
    private ImmutableArray<Reply> _replies;
    private volatile string? _error;
    private volatile bool _done;

    /// <summary>How the answers are given.</summary>
    public enum Form
    {
        /// <summary>Each for itself.</summary>
        Each,

        /// <summary>All in one array: EXEC.</summary>
        Together,
    }

    public override TurnKind Kind => access == Access.Write ? TurnKind.Write : TurnKind.Read;

    public override bool IsDone => _done;

    public Access Access => access;

    public int Count => _gathered.Count;

    public void Add(Request request, long bytes)
    {
        _gathered.Add(request);
        Commands = _gathered.Count;
        Bytes += bytes;
    }

    public override void Start()
    {
        _requests = _gathered.DrainToImmutable();
        if (access == Access.Write) group.Write(_requests, this);
        else group.Read(_requests, stale, this);
    }

    public void Done(ImmutableArray<Reply> replies)
    {
        _replies = replies;
        _done = true;
        connection.Continue();
    }

    public void Refused(string? leader) => Fail(GroupView.Redirect(leader));

    public void Unknown() => Fail(RespErrors.Unavailable);

    public override void Write(RespWriter output)
    {
        if (form == Form.Together && _error is null) output.Array(_requests.Length);
        for (var i = 0; i < (form == Form.Together && _error is not null ? 1 : _requests.Length); i++)
        {
            if (_error is { } error) output.Error(error);
            else ReplyText.Write(output, _replies[i], _requests[i]);
        }
    }

    private void Fail(string error)
    {
        _error = error;
        _done = true;
        connection.Continue();
    }
}
