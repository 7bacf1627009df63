namespace Akka.Cluster;

/// <summary>Where a member stands in its life; it moves from Joining towards Removed and never back.</summary>
public enum MemberStatus
{
    Joining = 0,
    Up = 1,
    Leaving = 2,
    Exiting = 3,
    Down = 4,
    Removed = 5,
    WeaklyUp = 6,
}
