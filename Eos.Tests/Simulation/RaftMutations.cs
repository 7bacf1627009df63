using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Simulation;

/// <summary>Each rule that keeps the group safe, switched off by a double: the simulator must notice, or it proves nothing.</summary>
public class RaftMutations
{
    private const ulong Films = 4000;

    private static readonly Instant Never = new(long.MinValue / 4);

    private sealed class TwoVotesATerm : Rules
    {
        public override Step Next(RaftState s, IInput input) =>
            base.Next(input is Received { Message: AskVote m } && m.Term == s.Term && s.Role != RoleKind.Leader ? s with { Vote = null } : s, input);
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

    public static TheoryData<string> All => [.. new Rules[]
    {
        new TwoVotesATerm(), new AnyLogMayLead(), new AcknowledgesBeforeTheDisk(), new TrustsAnyPrefix(),
        new CommitsToTheEndOfTheLog(), new LeaseFromTheAnswer(), new VotersForgetTheirLeader(), new LeaseIsNotChecked(),
    }.Select(r => r.GetType().Name)];

    [Theory, MemberData(nameof(All))]
    public void The_simulator_notices_when_a_rule_is_switched_off(string mutation)
    {
        var type = typeof(RaftMutations).GetNestedType(mutation, System.Reflection.BindingFlags.NonPublic)!;
        for (ulong seed = 1; seed <= Films; seed++)
        {
            var world = new World(seed, members: 4, (Rules)Activator.CreateInstance(type, nonPublic: true)!);
            try
            {
                world.Run(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(1));
            }
            // the same films pass with the rules as they are: whatever breaks here, the switched-off rule has broken
            catch (Violation)
            {
                return;
            }
        }
        Assert.Fail($"{mutation}: {Films} films without a violation");
    }
}
