using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Simulation;

/// <summary>Each rule that keeps the group safe, switched off by a double: the simulator must notice, or it proves nothing.</summary>
public class RaftMutations
{
    private static readonly Instant Never = new(long.MinValue / 4);

    private sealed class TwoVotesATerm : Rules
    {
        public override Step Next(RaftState s, IInput input) =>
            base.Next(input is Received { Message: AskVote m } && m.Term == s.Term && s.Role != RoleKind.Leader ? s with { Vote = null } : s, input);
    }

    private sealed class ARestartForgetsTheVote : Rules
    {
        public override RaftState Boot(RaftState s) => s with { Vote = null };
    }

    private sealed class ARestartOwesNoLease : Rules
    {
        public override RaftState Boot(RaftState s) => s with { HeardLeader = Never };
    }

    private sealed class AnyLogMayLead : Rules
    {
        public override Step Next(RaftState s, IInput input) => base.Next(s, input switch
        {
            Received { Message: AskVote m } r => r with { Message = m with { Last = new LogPosition(m.Term, new LogIndex(ulong.MaxValue / 2)) } },
            Received { Message: AskPreVote m } r => r with { Message = m with { Last = new LogPosition(m.Term, new LogIndex(ulong.MaxValue / 2)) } },
            _ => input,
        });
    }

    private sealed class AcknowledgesBeforeTheDisk : Rules
    {
        public override bool IgnoresBarriers => true;
    }

    private sealed class TrustsAnyPrefix : Rules
    {
        public override Step Next(RaftState s, IInput input)
        {
            if (input is Received { Message: Append { Batches.IsEmpty: false } m } r && m.Previous.Index <= s.Log.Last.Index && m.Previous.Index > s.Log.Base.Index &&
                s.Log.TermAt(m.Previous.Index) is { } mine && mine != m.Previous.Term)
                input = r with { Message = m with { Previous = new LogPosition(mine, m.Previous.Index) } };
            return base.Next(s, input);
        }
    }

    private sealed class CommitsToTheEndOfTheLog : Rules
    {
        public override Step Next(RaftState s, IInput input) => base.Next(s, input is Received { Message: Heartbeat m } r
            ? r with { Message = m with { Commit = new LogIndex(ulong.MaxValue / 2) } }
            : input);
    }

    private sealed class LeaseFromTheAnswer : Rules
    {
        public override IPeerMessage Deliver(IPeerMessage message, Instant now) => message switch
        {
            Alive m => m with { SentAt = new Instant(now.Nanoseconds + 400_000_000) },
            Appended m => m with { SentAt = new Instant(now.Nanoseconds + 400_000_000) },
            _ => message,
        };
    }

    private sealed class VotersForgetTheirLeader : Rules
    {
        public override Step Next(RaftState s, IInput input) =>
            base.Next(input is Received { Message: AskVote or AskPreVote } && s.Role != RoleKind.Leader ? s with { HeardLeader = Never } : s, input);
    }

    private sealed class LeaseIsNotChecked : Rules
    {
        public override bool Holds(RaftState s, Instant now) => s.Lead is { } lead && s.Committed >= lead.ServesFrom;
    }

    private sealed class LeaseTakesAllClocksForEqual : Rules
    {
        public override Func<ulong, Film> Film => Support.Raft.Film.OfClocks;

        public override bool Holds(RaftState s, Instant now) => Lease.Holds(s with { Settings = s.Settings with { ClockDrift = 0 } }, now);
    }

    private sealed class TheOnlyVoterSpeaksBeforeItsMarkerIsStored : Rules
    {
        public override Func<ulong, Film> Film => Support.Raft.Film.Alone;

        public override Step Next(RaftState s, IInput input)
        {
            if (input is not Tick || s.Lead is not { } lead || s.StoredUpTo >= lead.ServesFrom) return base.Next(s, input);
            var step = base.Next(s with { StoredUpTo = lead.ServesFrom }, input);
            return step with { State = step.State with { StoredUpTo = s.StoredUpTo } };
        }
    }

    private sealed class LeaseSurvivesTransfer : Rules
    {
        public override bool Holds(RaftState s, Instant now) =>
            Lease.Holds(s.Lead is { } lead ? s with { Lead = lead with { LeaseForfeited = false } } : s, now);
    }

    /// <summary>Counts copies of entries that an earlier leader wrote (the paper's Figure 8).</summary>
    private sealed class CommitsEarlierTerms : Rules
    {
        public override Step Next(RaftState s, IInput input) => base.Next(s, input).Then(x =>
        {
            if (x.Lead is not { } lead) return Step.Of(x);
            var stored = x.Membership.Voters.Select(m => m == x.Self ? x.StoredUpTo : lead.Peers.TryGetValue(m, out var p) ? p.Match : LogIndex.None)
                .OrderByDescending(i => i.Value).ElementAt(x.Membership.Quorum - 1);
            return stored > x.Committed ? Follower.TellCommit(Members.Settle(x with { Committed = stored })) : Step.Of(x);
        });
    }

    private sealed class ObeysDeposedLeaders : Rules
    {
        public override Step Next(RaftState s, IInput input) => base.Next(s, input switch
        {
            Received { Message: Append m } r when m.Term < s.Term && s.Role != RoleKind.Leader => r with { Message = m with { Term = s.Term } },
            _ => input,
        });
    }

    private sealed class ChangesOverlap : Rules
    {
        public override Step Next(RaftState s, IInput input)
        {
            if (input is not ChangeMembership || s.Lead is not { } lead) return base.Next(s, input);
            var (committed, serves, memberships) = (s.Committed, lead.ServesFrom, s.Memberships);
            var step = base.Next(s with { Committed = s.Log.Last.Index, Lead = lead with { ServesFrom = LogIndex.None } }, input);
            return step with { State = step.State with { Committed = committed, Lead = step.State.Lead! with { ServesFrom = serves } } };
        }
    }

    private sealed class ReadsDoNotWaitForTheMarker : Rules
    {
        public override Step Next(RaftState s, IInput input)
        {
            var step = base.Next(s, input);
            return step with { Effects = step.Effects.ConvertAll(e => e is ReadFrom r ? r with { At = LogIndex.None } : e) };
        }
    }

    private sealed class AnOldAnswerConfirmsAReading : Rules
    {
        public override Step Next(RaftState s, IInput input)
        {
            var step = base.Next(s, input);
            return step.State.Lead is { } lead
                ? step with { State = step.State with { Lead = lead with { Reads = lead.Reads.ConvertAll(r => r with { AskedAt = Never }) } } }
                : step;
        }
    }

    public static TheoryData<string> All =>
        [.. typeof(RaftMutations).GetNestedTypes(System.Reflection.BindingFlags.NonPublic).Where(t => t.IsSubclassOf(typeof(Rules))).Select(t => t.Name)];

    /// <summary>Within the films of <see cref="RaftSimulation"/>, which shows that each of them passes with the rules as they are.</summary>
    [Theory, MemberData(nameof(All))]
    public void The_simulator_notices_when_a_rule_is_switched_off(string mutation)
    {
        var type = typeof(RaftMutations).GetNestedType(mutation, System.Reflection.BindingFlags.NonPublic)!;
        var film = Double().Film;
        var seeds = film == Film.Of ? RaftSimulation.Seeds : RaftSimulation.SeedsOfAPlot;
        var noticed = Films.Show(Films.Seeds(1, seeds), rules: Double, of: film);
        Assert.True(noticed is not null, $"{mutation}: {seeds} films without a violation");
        Assert.True(noticed.Why is Violation, noticed.ToString());

        Rules Double() => (Rules)Activator.CreateInstance(type, nonPublic: true)!;
    }
}
