using System.Collections.Immutable;
using Eos.Kv;

namespace Eos.Host.Resp;

/// <summary>
/// Consecutive data commands of one kind: one entry of the log, or one question. A question is answered as far as there is room, and the rest is asked when that
/// has been written. A reply that does not fit into a question of its own is asked for again, alone, with the most that a reply may have set aside for it.
/// </summary>
internal sealed class DataTurn(IGroup group, Connection connection, Access access, bool stale, DataTurn.Form form) : Turn, IGroupQuestion
{
    private readonly ImmutableArray<Request>.Builder _gathered = ImmutableArray.CreateBuilder<Request>();
    private ImmutableArray<Request> _requests;
    private ImmutableArray<Reply> _replies;
    private DataTurn? _before;
    private int _from;
    private int _asked;
    private long _room;
    private long _taken;
    private string? _error;
    private volatile Stage _stage;

    /// <summary>How the answers are given.</summary>
    public enum Form
    {
        /// <summary>Each for itself.</summary>
        Each,

        /// <summary>All in one array: EXEC.</summary>
        Together,
    }

    private enum Stage
    {
        /// <summary>To be asked, or asked again.</summary>
        Waiting,
        Asked,

        /// <summary>The next answers are there, not all.</summary>
        Part,
        Complete,
    }

    public override TurnKind Kind => access == Access.Write ? TurnKind.Write : TurnKind.Read;

    public override bool IsDone => _stage is Stage.Part or Stage.Complete;

    public override bool IsComplete => _stage == Stage.Complete;

    public override bool Waits => _stage == Stage.Waiting;

    public Access Access => access;

    public int Count => _gathered.Count;

    /// <param name="yields">What its reply may take in memory, if that must be known before it is asked.</param>
    public void Add(Request request, long bytes, long yields)
    {
        _gathered.Add(request);
        Commands = _gathered.Count;
        Bytes += bytes;
        Needs = Math.Min(Needs + yields, KvLimits.MaxReplies);
    }

    /// <summary>A question is not answered before the one that was started before it, so that a client never reads back in time.</summary>
    public override void Follow(Turn? before) => _before = before as DataTurn;

    public override void Start()
    {
        if (_requests.IsDefault) _requests = _gathered.DrainToImmutable();
        Reserve = Needs;
        _asked = form == Form.Each && access == Access.Read && Needs > 0 ? 1 : _requests.Length - _from;
        _stage = Stage.Asked;
        var asked = _asked == _requests.Length ? _requests : _requests.Slice(_from, _asked);
        if (access == Access.Write) group.Write(asked, this);
        else group.Read(asked, stale, this);
    }

    public long Open()
    {
        GiveBack();
        _room = Reserve > 0 ? Reserve : _before is { IsComplete: false } ? 0 : connection.Room;
        return _room;
    }

    public void Take(long bytes)
    {
        _taken = bytes;
        if (Reserve == 0) connection.HoldReplies(bytes);
    }

    public void Done(ImmutableArray<Reply> replies)
    {
        if (access == Access.Write && Reserve > 0)
            foreach (var reply in replies) _taken += reply.Size;
        var isAll = replies.Length == _asked;
        var isRefused = !isAll && Reserve > 0 && (replies.IsEmpty || form == Form.Together);
        if (isRefused && form == Form.Together)
        {
            Fail(TooLarge);
            return;
        }
        if (!isRefused && (replies.IsEmpty || (!isAll && form == Form.Together)))
        {
            GiveBack();
            Needs = _room > 0 ? connection.ReplyMost : 0;
            _stage = Stage.Waiting;
            connection.Continue();
            return;
        }
        _replies = isRefused ? [new Reply.ErrorReply(TooLarge)] : replies;
        if (Reserve > 0) Settle(_taken);
        else Replies = _taken;
        (_taken, Needs) = (0, 0);
        End(_from + _replies.Length == _requests.Length ? Stage.Complete : Stage.Part);
    }

    public void Refused(string? leader) => Fail(GroupView.Redirect(leader));

    public void Unknown() => Fail(RespErrors.Unavailable);

    public override void Write(RespWriter output)
    {
        if (_error is { } error)
        {
            for (var i = form == Form.Together ? _requests.Length - 1 : _from; i < _requests.Length; i++) output.Error(error);
            return;
        }
        if (form == Form.Together) output.Array(_requests.Length);
        for (var i = 0; i < _replies.Length; i++) ReplyText.Write(output, _replies[i], _requests[_from + i]);
    }

    public override bool GoesOn()
    {
        if (_stage == Stage.Complete)
        {
            (_requests, _replies) = (default, default); // the connection remembers the turn that was started last
            return false;
        }
        _from += _replies.Length;
        (_replies, Replies, Reserve) = (default, 0, 0);
        _stage = Stage.Waiting;
        return true;
    }

    private string TooLarge => $"ERR reply too large: at most {connection.ReplyMost} bytes";

    private void Fail(string error)
    {
        GiveBack();
        if (Reserve > 0) Settle(0);
        _error = error;
        End(Stage.Complete);
    }

    private void End(Stage stage)
    {
        if (stage == Stage.Complete) _before = null;
        _stage = stage;
        connection.Continue();
    }

    /// <summary>What this try took is not answered.</summary>
    private void GiveBack()
    {
        if (Reserve == 0) connection.HoldReplies(-_taken);
        _taken = 0;
    }

    /// <summary>Of what was set aside, so much is needed until the answers are written.</summary>
    private void Settle(long needed)
    {
        connection.Reserved.Add(needed - Reserve);
        Reserve = needed;
    }
}
