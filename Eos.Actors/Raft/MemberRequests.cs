using Akka.Actor;
using static Eos.Raft.RaftNodeProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Changes of membership and of leadership that somebody asked for and waits for.</summary>
internal sealed class MemberRequests(IActorRef self)
{
    private readonly Dictionary<ulong, (IActorRef Asker, bool Commits)> _asked = [];
    private readonly List<(LogIndex At, IActorRef Asker)> _logged = [];

    /// <param name="commits">Done only when what it puts into the log is committed.</param>
    public void Asked(ulong tag, IActorRef asker, bool commits) => _asked.Add(tag, (asker, commits));

    /// <param name="last">The end of the log with it.</param>
    public void Taken(ulong tag, LogIndex last)
    {
        if (!_asked.Remove(tag, out var a)) return;
        if (a.Commits) _logged.Add((last, a.Asker));
        else a.Asker.Tell(new Done(), self);
    }

    public void NotTaken(NotTaken no)
    {
        if (_asked.Remove(no.Tag, out var a)) a.Asker.Tell(new NotDone(no.Leader, no.Why, Unknown: false), self);
    }

    public void Committed(LogIndex upTo) => Answer(r => r.At <= upTo, new Done());

    public void Lost(LogIndex above) => Answer(r => r.At > above, new NotDone(null, "the leadership was lost", Unknown: true));

    /// <summary>The member ends.</summary>
    public void Close(string why)
    {
        foreach (var (asker, _) in _asked.Values) asker.Tell(new NotDone(null, why, Unknown: false), self);
        _asked.Clear();
        Answer(_ => true, new NotDone(null, why, Unknown: true));
    }

    private void Answer(Predicate<(LogIndex At, IActorRef Asker)> which, object answer)
    {
        foreach (var (_, asker) in _logged.FindAll(which)) asker.Tell(answer, self);
        _logged.RemoveAll(which);
    }
}
