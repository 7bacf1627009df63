using Akka.Actor;
using static Eos.Raft.RaftNodeProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Changes of membership and of leadership that somebody asked for and waits for.</summary>
internal sealed class MemberRequests(IActorRef self)
{
    /// <summary>When a request is done.</summary>
    public enum Until
    {
        /// <summary>It is under way.</summary>
        Taken,

        /// <summary>What it puts into the log is committed.</summary>
        Committed,

        /// <summary>This member leads no more.</summary>
        Succeeded,
    }

    private readonly Dictionary<ulong, (IActorRef Asker, Until Until)> _asked = [];
    private readonly List<(LogIndex At, IActorRef Asker)> _logged = [];
    private readonly List<IActorRef> _leaving = [];

    public void Asked(ulong tag, IActorRef asker, Until until) => _asked.Add(tag, (asker, until));

    /// <param name="last">The end of the log with it.</param>
    public void Taken(ulong tag, LogIndex last)
    {
        if (!_asked.Remove(tag, out var a)) return;
        switch (a.Until)
        {
            case Until.Committed:
                _logged.Add((last, a.Asker));
                break;
            case Until.Succeeded:
                _leaving.Add(a.Asker);
                break;
            default:
                a.Asker.Tell(new Done(), self);
                break;
        }
    }

    public void NotTaken(NotTaken no)
    {
        if (_asked.Remove(no.Tag, out var a)) a.Asker.Tell(new NotDone(no.Leader, no.Why, Unknown: false), self);
    }

    public void Committed(LogIndex upTo) => Answer(r => r.At <= upTo, new Done());

    public void Lost(LogIndex above)
    {
        Answer(r => r.At > above, new NotDone(null, "the leadership was lost", Unknown: true));
        Leave(new Done());
    }

    /// <summary>After each round: a leader whose successor did not take over in time leads on.</summary>
    public void Look(RaftState state)
    {
        if (state.Lead is { Successor: null }) Leave(new NotDone(state.Self, "no other full node took the lead in time", Unknown: false));
    }

    /// <summary>The member ends.</summary>
    public void Close(string why)
    {
        foreach (var (asker, _) in _asked.Values) asker.Tell(new NotDone(null, why, Unknown: false), self);
        _asked.Clear();
        Answer(_ => true, new NotDone(null, why, Unknown: true));
        Leave(new NotDone(null, why, Unknown: false));
    }

    private void Leave(object answer)
    {
        _leaving.ForEach(asker => asker.Tell(answer, self));
        _leaving.Clear();
    }

    private void Answer(Predicate<(LogIndex At, IActorRef Asker)> which, object answer)
    {
        foreach (var (_, asker) in _logged.FindAll(which)) asker.Tell(answer, self);
        _logged.RemoveAll(which);
    }
}
