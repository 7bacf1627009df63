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

    /// <summary>Memory of answers that wait to be written, counted against the connection's backlog.</summary>
    public long Replies { get; protected set; }

    /// <summary>Memory that must be set aside before the turn is started; what is set aside for it now.</summary>
    public long Needs { get; protected set; }

    public long Reserve { get; protected set; }

    /// <summary>The answer can be written, or the next part of it.</summary>
    public abstract bool IsDone { get; }

    /// <summary>Nothing is asked any more.</summary>
    public virtual bool IsComplete => IsDone;

    /// <summary>It is to be started again, to get more of its answer.</summary>
    public virtual bool Waits => false;

    /// <summary>The request is held by the turn.</summary>
    public void Carry(long bytes) => Bytes += bytes;

    /// <summary>Which turn of the kind was started last, if it is not complete yet.</summary>
    public virtual void Follow(Turn? before)
    {
    }

    public virtual void Start()
    {
    }

    public abstract void Write(RespWriter output);

    /// <summary>After each <see cref="Write"/>: whether there is more to come.</summary>
    public virtual bool GoesOn() => false;
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
        Replies = reply.Size;
        connection.HoldReplies(Replies);
        _reply = reply;
        connection.Continue();
    }
}
