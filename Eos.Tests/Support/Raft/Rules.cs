using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The rules under test, or a double of them with one rule switched off.</summary>
internal class Rules
{
    public virtual Step Next(RaftState state, IInput input) => RaftStep.Next(state, input);

    public virtual RaftState Boot(RaftState state) => state;

    public virtual bool Holds(RaftState state, Instant now) => Lease.Holds(state, now);

    /// <summary>The films in which the double shows what it is.</summary>
    public virtual Func<ulong, Film> Film => Raft.Film.Of;

    /// <summary>Whether effects run before what they wait for is on disk.</summary>
    public virtual bool IgnoresBarriers => false;

    /// <summary>How a message looks when it arrives.</summary>
    public virtual IPeerMessage Deliver(IPeerMessage message, Instant now) => message;
}
