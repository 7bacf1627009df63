using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>Links that delay, drop, repeat and reorder, and can be cut, also one way.</summary>
internal sealed class Net(World world)
{
    private readonly Dictionary<(MemberId, MemberId), TimeSpan> _cutUntil = [];

    /// <summary>Cuts these members off from all others, or only their words, for so long.</summary>
    public void Split(HashSet<MemberId> side, bool oneWay, TimeSpan time)
    {
        foreach (var a in world.Members.Select(m => m.Id).Where(side.Contains))
            foreach (var b in world.Members.Select(m => m.Id).Where(m => !side.Contains(m)))
            {
                Cut(a, b, time);
                if (!oneWay) Cut(b, a, time);
            }
    }

    public void Cut(MemberId from, MemberId to, TimeSpan time)
    {
        var until = world.Agenda.Now + time;
        if (!_cutUntil.TryGetValue((from, to), out var known) || known < until) _cutUntil[(from, to)] = until;
    }

    public void Heal() => _cutUntil.Clear();

    public void Send(MemberId from, MemberId to, IPeerMessage message)
    {
        world.Nemesis.Sees(from, to, message);
        var copies = world.Chances.Of(0.02) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (world.Chances.Of(world.Film.Drops)) continue;
            var delay = world.Chances.Of(world.Film.Late) ? world.Chances.Between(5, 600) : world.Chances.Between(0.3, 8);
            world.Agenda.After(delay + world.Nemesis.HoldsUp(from, message), () => Arrive(from, to, message));
        }
    }

    private void Arrive(MemberId from, MemberId to, IPeerMessage message)
    {
        if (_cutUntil.TryGetValue((from, to), out var until) && world.Agenda.Now < until) return;
        var target = world.Member(to);
        if (!target.Up) return;
        if (target.Paused) world.Agenda.After(TimeSpan.FromMilliseconds(7), () => Arrive(from, to, message));
        else target.Input(new Received(target.Now, from, world.Rules.Deliver(message, target.Now)));
    }
}
