using System.Collections.Immutable;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>The most that one entry of a FLUSHALL removes, in rows and in bytes of rows.</summary>
public readonly record struct ClearBounds(ulong Rows, ulong Bytes);

/// <summary>
/// FLUSHALL outside of a transaction: one bounded entry after the other, each asked for when the one before is applied, so that entries of others come between them.
/// It goes on when its client has left. Where the group refuses a part or loses track of it, the client is told and the rest stays; asking again is safe.
/// </summary>
internal sealed class FlushTurn(IGroup group, Connection connection, ClearBounds most) : Turn, IGroupCall
{
    private volatile string? _error;
    private volatile bool _done;

    /// <summary>What the door does for FLUSHALL in place of gathering it with other writes.</summary>
    public static FlushTurn Begin(Session session, Request request)
    {
        session.Server.Statistics.Count(Access.Write);
        return new FlushTurn(session.Server.Group, session.Connection, session.Server.Settings.FlushMost);
    }

    /// <summary>Writes that come after it on its connection must find all of it done.</summary>
    public override TurnKind Kind => TurnKind.Alone;

    public override bool IsDone => _done;

    public override void Start() => group.Clear(default, most, this);

    public void Done(ImmutableArray<Reply> replies)
    {
        if (replies is [Reply.BulkString next]) group.Clear(next.Value, most, this);
        else End(null);
    }

    public void Refused(string? leader) => End(GroupView.Redirect(leader));

    public void Unknown() => End(RespErrors.Unavailable);

    public override void Write(RespWriter output)
    {
        if (_error is { } error) output.Error(error);
        else output.Simple("OK");
    }

    private void End(string? error)
    {
        _error = error;
        _done = true;
        connection.Continue();
    }
}
