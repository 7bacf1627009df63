using System.Collections.Immutable;
using Eos.Raft;

namespace Eos.Journal;

/// <summary>
/// Whom to ask: the leader where one is known, else this node's own member, which is the first to hear of one, else the members in turn. Pure.
/// </summary>
/// <param name="Members">All that may be members, this node's own first.</param>
/// <param name="Own">This node's own member, if it has one.</param>
/// <param name="Leader">Where the leader was last said to be.</param>
/// <param name="Turn">Which member is next while no leader is known.</param>
/// <param name="Hints">How often in a row somebody was named as leader who was not.</param>
/// <param name="Sure">The leader by this node's own member, which hears from it.</param>
/// <param name="Waits">How often in a row the own member knew no leader, or one that did not answer.</param>
internal sealed record LeaderRoute(ImmutableArray<MemberId> Members, MemberId? Own, MemberId? Leader, int Turn, int Hints, MemberId? Sure, int Waits)
{
    private const int MaxHints = 3;

    /// <summary>An election takes no longer: then the own member is cut off, or none of the group any more, and others may know better.</summary>
    private const int MaxWaits = 60;

    public static readonly LeaderRoute None = new([], null, null, 0, 0, null, 0);

    /// <summary>Null when there is nobody to ask.</summary>
    public MemberId? Target => Leader ?? (Members.IsEmpty ? null : Members[Turn % Members.Length]);

    /// <summary>The member asked is not the leader. With a name the next try may be made at once, unless names have been wrong too often.</summary>
    public (LeaderRoute Next, bool AtOnce) Refused(MemberId by, MemberId? hint)
    {
        if (Target != by) return (this, true);
        if (hint is { } leader && leader != by && Hints < MaxHints) return (this with { Leader = leader, Hints = Hints + 1 }, true);
        if (by == Sure) return (this, false);   // it leads, and has too much to do
        return (by == Own && Waits < MaxWaits ? this with { Waits = Waits + 1 } : After(by), false);
    }

    /// <summary>The member asked has not answered. One that the own member hears is asked again, for some time: if it is lost, the own member soon says so, and others could only name it.</summary>
    public LeaderRoute Silent(MemberId by)
    {
        if (Target != by) return this;
        return by == Sure && Waits < MaxWaits ? this with { Waits = Waits + 1 } : After(by);
    }

    /// <summary>This node's own member says who leads. When it knows nobody it is asked until it does: whoever led is perhaps lost.</summary>
    public LeaderRoute Said(MemberId? leader) => leader is null
        ? this with { Leader = null, Turn = 0, Hints = 0, Sure = null, Waits = 0 }
        : this with { Leader = leader, Hints = 0, Sure = leader, Waits = 0 };

    /// <summary>The member asked is the leader indeed.</summary>
    public LeaderRoute Answered(MemberId by) => Leader == by && Hints == 0 && Waits == 0 ? this : this with { Leader = by, Hints = 0, Waits = 0 };

    /// <summary>The next member, and not the one just asked.</summary>
    private LeaderRoute After(MemberId asked)
    {
        var next = this with { Leader = null, Turn = Turn + 1, Hints = 0, Sure = null, Waits = 0 };
        return next.Target == asked && Members.Length > 1 ? next with { Turn = Turn + 2 } : next;
    }
}
