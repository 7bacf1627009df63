using System.Collections.Immutable;
using Eos.Raft;
using static Eos.Kv.KvProtocol;

namespace Eos.Kv;

/// <summary>
/// The state machine that every member runs: a function of the log. The same entries at the same indexes and log times give the same rows, replies and
/// digest everywhere. Used from one thread at a time.
/// </summary>
public sealed class KvMachine
{
    private readonly IKvStore _store;
    private readonly Rows _rows;
    private readonly UserSpace _user;

    /// <summary>Goes on where the store stopped.</summary>
    public KvMachine(IKvStore store)
    {
        _store = store;
        _rows = new Rows(store);
        _user = new UserSpace(new KeySpace(_rows, KeySpace.User));
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
        var outcome = entry switch
        {
            UserCommands x => Run(x),
            _ => throw new InvalidOperationException($"no rule for {entry.GetType().Name}"),
        };
        _store.Commit(new KvMark(index, time, _rows.Digest));
        return outcome;
    }

    /// <summary>Answers commands that only look, from the state as it is; a command that writes is refused.</summary>
    /// <param name="logTime">Log time as the reader reckons it now; for CLOCK-GET.</param>
    public ImmutableArray<Reply> Read(ImmutableArray<Request> requests, TimeSpan logTime)
    {
        _user.BeginRead(Milliseconds(Mark.LogTime), Milliseconds(logTime));
        return [.. requests.Select(r => CommandTable.Run(_user, r, Access.Read))];
    }

    private Outcome Run(UserCommands entry) =>
        new(new Replies([.. entry.Requests.Select(r => CommandTable.Run(_user, r, Access.Write))]), _user.Publications());

    private static ulong Milliseconds(TimeSpan time) => (ulong)(time.Ticks / TimeSpan.TicksPerMillisecond);
}
