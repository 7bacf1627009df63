using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>A leader that steps aside for a member it names (thesis §3.10).</summary>
public static class Succession
{
    public static Step OnTransfer(RaftState s, Transfer ask)
    {
        if (s.Lead is not { } lead) return Step.Of(s, new NotTaken(ask.Tag, s.Leader, "not leading"));
        if (ask.To == s.Self) return Step.Of(s, new Taken(ask.Tag));
        if (!s.Membership.Voters.Contains(ask.To)) return Step.Of(s, new NotTaken(ask.Tag, s.Self, $"{ask.To} is not a full node"));
        return Begin(s, lead, ask.To, ask.Now).And(new Taken(ask.Tag));
    }

    /// <summary>The leader is about to stop: the full node that has most of the log, of those that answer, shall lead.</summary>
    public static Step OnRetire(RaftState s, Retire ask)
    {
        if (s.Lead is not { } lead) return Step.Of(s, new NotTaken(ask.Tag, s.Leader, "not leading"));
        var heirs = s.OtherVoters.Where(m => ask.Now - lead.Peers[m].Contact < s.Settings.ElectionMax).ToList();
        return heirs.Count == 0
            ? Step.Of(s, new NotTaken(ask.Tag, s.Self, "no other full node can lead now"))
            : OnTransfer(s, new Transfer(ask.Now, ask.Tag, heirs.MaxBy(m => (lead.Peers[m].Match.Value, lead.Peers[m].Contact.Nanoseconds))));
    }

    public static Step OnAskTransfer(RaftState s, MemberId from, AskTransfer m, Instant now) =>
        s.Lead is { Successor: null } lead && m.Term == s.Term && s.Membership.Voters.Contains(from)
            ? Begin(s, lead, from, now)
            : Step.Of(s);

    public static Step OnCoup(RaftState s, AttemptCoup ask)
    {
        if (s.Lead is not null) return No("this member leads already");
        if (!s.IsVoter) return No("this member is not a full node");
        if (s.DiskBroken) return No("this member's disk fails");
        return s.Leader is { } leader ? Step.Of(s, new Send(leader, new AskTransfer(s.Term)), new Taken(ask.Tag)) : No("there is no leader");

        Step No(string why) => Step.Of(s, new NotTaken(ask.Tag, s.Leader, why));
    }

    private static Step Begin(RaftState s, Leading lead, MemberId to, Instant now) =>
        Proceed(s with { Lead = lead with { Successor = (to, now + s.Settings.ElectionMax, false) } });

    /// <summary>Once all is committed and the successor has all of it, it is asked to stand: so the fate of every write is known. The lease is given up first and for the
    /// rest of the term, since that request may arrive late.</summary>
    public static Step Proceed(RaftState s)
    {
        if (s.Lead is not { Successor: { Asked: false } successor } lead || s.Committed != s.Log.Last.Index) return Step.Of(s);
        if (!lead.Peers.TryGetValue(successor.To, out var heir) || heir.Match != s.Log.Last.Index) return Step.Of(s);
        return Step.Of(s with { Lead = lead with { LeaseForfeited = true, Successor = successor with { Asked = true } } }, new Send(successor.To, new StandNow(s.Term)));
    }
}
