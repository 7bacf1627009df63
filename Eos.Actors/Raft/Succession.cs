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
        return Begin(s, lead, ask.To, ask.Now).Then(x => Proceed(x, ask.To)).And(new Taken(ask.Tag));
    }

    public static Step OnAskTransfer(RaftState s, MemberId from, AskTransfer m, Instant now) =>
        s.Lead is { Successor: null } lead && m.Term == s.Term && s.Membership.Voters.Contains(from)
            ? Begin(s, lead, from, now).Then(x => Proceed(x, from))
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
        Step.Of(s with { Lead = lead with { Successor = (to, now + s.Settings.ElectionMax, false) } });

    /// <summary>Once the successor has the whole log it is asked to stand. The lease is given up first and for the rest of the term, since that request may arrive late.</summary>
    public static Step Proceed(RaftState s, MemberId from)
    {
        if (s.Lead is not { Successor: { Asked: false } successor } lead || successor.To != from || lead.Peers[from].Match != s.Log.Last.Index) return Step.Of(s);
        return Step.Of(s with { Lead = lead with { LeaseForfeited = true, Successor = successor with { Asked = true } } }, new Send(from, new StandNow(s.Term)));
    }
}
