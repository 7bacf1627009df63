namespace Akka.Cluster;

public partial class ClusterEvent
{
    /// <summary>A member has a new status.</summary>
    public abstract class MemberStatusChange : IMemberEvent
    {
        protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            if (member.Status != validStatus) throw new ArgumentException($"Expected {validStatus} state, got: {member}", nameof(member));
            Member = member;
        }

        /// <inheritdoc/>
        public Member Member { get; }

        public override bool Equals(object? obj) =>
            obj is MemberStatusChange other && other.GetType() == GetType() && other.Member.Equals(Member) && other.Member.Status == Member.Status;

        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>A node asked to join.</summary>
    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    /// <summary>A node may work although not everybody has seen it join.</summary>
    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    /// <summary>A node is a full member.</summary>
    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    /// <summary>A member was asked to leave.</summary>
    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    /// <summary>Everybody knows that the member leaves; it hands over what it holds.</summary>
    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    /// <summary>A member was declared dead.</summary>
    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>A member is no longer one.</summary>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus) : MemberStatusChange(member, MemberStatus.Removed)
    {
        /// <summary>What it was before: Down after a failure, Exiting after a farewell.</summary>
        public MemberStatus PreviousStatus { get; } = previousStatus;

        public override bool Equals(object? obj) => base.Equals(obj) && ((MemberRemoved)obj!).PreviousStatus == PreviousStatus;

        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);
    }

    /// <summary>A failure detector changed its mind about a member.</summary>
    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        protected ReachabilityEvent(Member member) => Member = member;

        /// <summary>Whom it is about.</summary>
        public Member Member { get; }

        public override bool Equals(object? obj) => obj is ReachabilityEvent other && other.GetType() == GetType() && other.Member.Equals(Member);

        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>Somebody misses the heartbeats of a member.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>Nobody misses the heartbeats of a member any more.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);
}
