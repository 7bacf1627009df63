using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>
/// The state machine that every member runs: a function of the log. The same entries at the same indexes and log times give the same rows, replies and
/// digest everywhere. Used from one thread at a time.
/// </summary>
public sealed class KvMachine
{
    /// <summary>Replies up to this are given although there is no room: they say what a write did.</summary>
    private const int SmallReply = 256;

    private readonly IKvStore _store;
    private readonly Rows _rows;
    private readonly UserSpace _user;
    private readonly SystemSpace _system;

    /// <summary>Goes on where the store stopped.</summary>
    public KvMachine(IKvStore store)
    {
        _store = store;
        _rows = new Rows(store);
        _user = new UserSpace(new KeySpace(_rows, KeySpace.User));
        _system = new SystemSpace(new KeySpace(_rows, KeySpace.System));
    }

    /// <summary>How far it has come, and the digest of everything it holds.</summary>
    public KvMark Mark => _store.Mark;

    /// <summary>Applies an entry and commits it with its mark.</summary>
    /// <param name="index">Greater than any before: an entry is never applied twice. Indexes without commands may be left out.</param>
    /// <param name="logTime">The log time of the entry; one that is less than the last counts as the last.</param>
    public Outcome Apply(LogIndex index, TimeSpan logTime, IEntry entry)
    {
        if (index <= Mark.Applied) throw new InvalidOperationException($"entry {index} comes after {Mark.Applied}");
        var time = logTime > Mark.LogTime ? logTime : Mark.LogTime;
        _user.Begin(Milliseconds(time));
        var at = new Moment(index, time);
        var outcome = entry is Once once ? _system.Once(once, at, inner => Run(inner, at)) : Run(entry, at);
        _store.Commit(new KvMark(index, time, _rows.Digest));
        return outcome;
    }

    /// <summary>Answers from the state as it is.</summary>
    /// <param name="logTime">Log time as the reader reckons it now: what remains of leases depends on it.</param>
    /// <param name="room">Bounds the replies to data commands; see <see cref="KvReading"/>.</param>
    public IAnswer Answer(IQuestion question, TimeSpan logTime, IReplyRoom? room = null)
    {
        var now = logTime > Mark.LogTime ? logTime : Mark.LogTime;
        if (question is not UserReads reads) return _system.Answer(question, now);
        _user.BeginRead(Milliseconds(Mark.LogTime), Milliseconds(now));
        return room is null ? Run(reads.Requests, Access.Read) : Run(reads.Requests, room);
    }

    private Outcome Run(IEntry entry, Moment at) => entry switch
    {
        UserCommands x => new Outcome(Run(x.Requests, Access.Write), _user.Publications()),
        ClearKeys x => new Outcome(new Replies([Reply.BulkOrNil(Removal.Of(_user.Rows, x.From, new Allowance(x.Rows, x.Bytes)))]), []),
        _ => new Outcome(_system.Apply(entry, at), []),
    };

    private Replies Run(ImmutableArray<Request> requests, Access access)
    {
        var replies = new Reply[requests.Length];
        var room = (long)KvLimits.MaxReplies;
        for (var i = 0; i < replies.Length; i++)
        {
            _user.Room = room;
            var reply = CommandTable.Run(_user, requests[i], access);
            if (reply.Size is > SmallReply and var size && size > room) reply = UserSpace.TooLarge;
            room -= reply.Size;
            replies[i] = reply;
        }
        return new Replies(ImmutableCollectionsMarshal.AsImmutableArray(replies));
    }

    /// <summary>The replies of the first commands, as many as fit.</summary>
    private Replies Run(ImmutableArray<Request> requests, IReplyRoom room)
    {
        var (replies, count, most, taken) = (new Reply[requests.Length], 0, room.Open(), 0L);
        for (; count < replies.Length; count++)
        {
            _user.Room = most - taken;
            var reply = _user.Room > 0 ? CommandTable.Run(_user, requests[count], Access.Read) : UserSpace.TooLarge;
            if (ReferenceEquals(reply, UserSpace.TooLarge) || reply.Size > most - taken) break;
            taken += reply.Size;
            replies[count] = reply;
        }
        room.Take(taken);
        return new Replies(count == replies.Length ? ImmutableCollectionsMarshal.AsImmutableArray(replies) : ImmutableArray.Create(replies, 0, count));
    }

    private static ulong Milliseconds(TimeSpan time) => (ulong)(time.Ticks / TimeSpan.TicksPerMillisecond);
}
