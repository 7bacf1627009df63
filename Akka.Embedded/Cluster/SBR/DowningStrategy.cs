namespace Akka.Cluster.SBR;

/// <summary>
/// Which side of a partition stays. Every side judges by itself what it sees, and the answers fit together:
/// at most one side stays. Pure.
/// </summary>
internal abstract record DowningStrategy
{
    /// <summary>What this side should do.</summary>
    public Decision Decide(Partition p)
    {
        if (Overrides(p) is { } first) return first;
        return p.IndirectlyConnected.IsEmpty ? Choose(p) : Decision.DownIndirectlyConnected;
    }

    /// <summary>The members that a decision downs.</summary>
    public IReadOnlyCollection<Member> Victims(Partition p, Decision decision)
    {
        var downable = p.Members.Where(m => m.Status is not (MemberStatus.Down or MemberStatus.Exiting)).ToList();
        return decision switch
        {
            Decision.DownAll => downable,
            Decision.DownReachable => downable.FindAll(m => !p.Misses(m)),
            Decision.DownUnreachable or Decision.AcquireLease => downable.FindAll(p.Misses),
            _ => CutOff(p, downable),
        };
    }

    protected abstract Decision Choose(Partition p);

    /// <summary>A decision that comes before the question who is cut off from some only.</summary>
    protected virtual Decision? Overrides(Partition p) => null;

    private List<Member> CutOff(Partition p, List<Member> downable)
    {
        var indirect = p.IndirectlyConnected;
        var lost = p.Unreachable.Except(indirect);
        var victims = downable.Where(m => indirect.Contains(m.UniqueAddress)).ToHashSet();
        if (!lost.IsEmpty)
        {
            var rest = p with
            {
                Unreachable = lost,
                Reachability = p.Reachability.Where(r => !indirect.Contains(r.Observer) && !indirect.Contains(r.Subject)),
            };
            victims.UnionWith(Victims(rest, Choose(rest)));
        }
        return [.. victims.Order()];
    }
}

/// <summary>Everybody goes.</summary>
internal sealed record DownAllStrategy : DowningStrategy
{
    protected override Decision Choose(Partition p) => Decision.DownAll;

    protected override Decision? Overrides(Partition p) => Decision.DownAll;
}

/// <summary>The larger side stays; of two equal ones that with the lowest address.</summary>
internal sealed record KeepMajority(string? Role) : DowningStrategy
{
    protected override Decision Choose(Partition p)
    {
        var first = Compare([.. p.Voters(Role)], [.. p.Voters(Role)], p);
        if (first != Decision.DownUnreachable) return first;
        // the other side may see joining members Up and leaving ones gone: stay only if that would not give it the majority
        var careful = Compare([.. p.Voters(Role, perhapsUp: false, perhapsExiting: false)], [.. p.Voters(Role, perhapsUp: true, perhapsExiting: true)], p);
        return careful == Decision.DownUnreachable ? first : Decision.DownAll;
    }

    private static Decision Compare(List<Member> here, List<Member> there, Partition p)
    {
        if (here.Count == 0) return Decision.DownAll;
        var reached = here.Count(m => !p.Misses(m));
        var missed = there.Count(p.Misses);
        if (reached != missed) return reached > missed ? Decision.DownUnreachable : Decision.DownReachable;
        return p.Misses(here[0]) ? Decision.DownReachable : Decision.DownUnreachable;
    }
}

/// <summary>A side that has the quorum stays; a cluster in which two sides could have it goes.</summary>
internal sealed record StaticQuorum(int Size, string? Role) : DowningStrategy
{
    protected override Decision? Overrides(Partition p) =>
        p.Voters(Role, perhapsUp: true).Count() > Size * 2 - 1 ? Decision.DownAll : null;

    protected override Decision Choose(Partition p) =>
        p.Voters(Role).Count(m => !p.Misses(m)) >= Size ? Decision.DownUnreachable : Decision.DownReachable;
}

/// <summary>The side with the oldest member stays, unless that one is alone.</summary>
internal sealed record KeepOldest(bool DownIfAlone, string? Role) : DowningStrategy
{
    protected override Decision Choose(Partition p)
    {
        var voters = p.Voters(Role).ToList();
        var first = Compare(voters, voters, p);
        if (first != Decision.DownUnreachable) return first;
        var careful = Compare([.. p.Voters(Role, perhapsUp: false, perhapsExiting: false)], [.. p.Voters(Role, perhapsUp: true, perhapsExiting: true)], p);
        return careful == Decision.DownUnreachable ? first : Decision.DownAll;
    }

    private Decision Compare(List<Member> here, List<Member> there, Partition p)
    {
        if (here.Min(Member.AgeOrdering) is not { } oldest) return Decision.DownAll;
        var reached = here.Count(m => !p.Misses(m));
        var missed = there.Count(p.Misses);
        if (p.Misses(oldest)) return DownIfAlone && missed == 1 && reached > 1 ? Decision.DownUnreachable : Decision.DownReachable;
        return DownIfAlone && reached == 1 && missed > 1 ? Decision.DownReachable : Decision.DownUnreachable;
    }
}

/// <summary>The side that gets the lease stays; the smaller one waits before it tries.</summary>
internal sealed record LeaseMajority(string? Role) : DowningStrategy
{
    protected override Decision Choose(Partition p) => Decision.AcquireLease;

    /// <summary>Also those that are cut off from some only are the lease's to judge: one holder, one side.</summary>
    protected override Decision? Overrides(Partition p) => Decision.AcquireLease;

    /// <summary>This side is not the larger one.</summary>
    public bool IsMinority(Partition p) => p.Voters(Role).Count(m => !p.Misses(m)) < p.Voters(Role).Count(p.Misses);
}
