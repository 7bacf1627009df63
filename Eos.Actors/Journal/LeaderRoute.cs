using System.Collections.Immutable;
using Eos.Raft;

namespace Eos.Journal;

/// <summary>Whom to ask: the leader where one is known, else the members in turn. Pure.</summary>
/// <param name="Members">All that may be members, this node's own first.</param>
/// <param name="Leader">Where the leader was last said to be.</param>
/// <param name="Turn">Which member is next while no leader is known.</param>
/// <param name="Hints">How often in a row somebody was named as leader who was not.</param>
/// <param name="Sure">The leader by this node's own member, which hears from it.</param>
internal sealed record LeaderRoute(ImmutableArray<MemberId> Members, MemberId? Leader, int Turn, int Hints, MemberId? Sure)
{
    private const int MaxHints = 3;

    public static readonly LeaderRoute None = new([], null, 0, 0, null);

    /// <summary>Null when there is nobody to ask.</summary>
    public MemberId? Target => Leader ?? (Members.IsEmpty ? null : Members[Turn % Members.Length]);

    /// <summary>The member asked is not the leader. With a name the next try may be made at once, unless names have been wrong too often.</summary>
    public (LeaderRoute Next, bool AtOnce) Refused(MemberId by, MemberId? hint)
    {
        if (Target != by) return (this, true);
        if (hint is { } leader && leader != by && Hints < MaxHints) return (this with { Leader = leader, Hints = Hints + 1 }, true);
        return (by == Sure ? this : After(by), false);   // it leads, and has too much to do
    }

    /// <summary>The member asked has not answered.</summary>
    public LeaderRoute Silent(MemberId by) => Target == by ? After(by) : this;

    /// <summary>This node's own member says who leads.</summary>
    public LeaderRoute Said(MemberId? leader) => leader is null ? this with { Sure = null } : this with { Leader = leader, Hints = 0, Sure = leader };

    /// <summary>The member asked is the leader indeed.</summary>
    public LeaderRoute Answered(MemberId by) => Leader == by && Hints == 0 ? this : this with { Leader = by, Hints = 0 };

    /// <summary>The next member, and not the one just asked.</summary>
    private LeaderRoute After(MemberId asked)
    {
        var next = this with { Leader = null, Turn = Turn + 1, Hints = 0, Sure = null };
        return next.Target == asked && Members.Length > 1 ? next with { Turn = Turn + 2 } : next;
    }
}
