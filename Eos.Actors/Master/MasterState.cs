using System.Collections.Immutable;

namespace Eos.Master;

/// <summary>What a node is in the matter of the role.</summary>
public enum MasterPhase
{
    Standby = 0,

    /// <summary>Has asked for the lease.</summary>
    Contending = 1,

    /// <summary>Has it; its services run.</summary>
    Master = 2,

    /// <summary>Its services are being stopped; then it gives the lease back.</summary>
    Yielding = 3,
}

/// <summary>Where a node stands.</summary>
/// <param name="Token">Of the grant; 0 without one.</param>
/// <param name="Until">The moment by the node's own clock from which it must not act any more.</param>
/// <param name="Sent">When it last asked for the lease or its renewal.</param>
/// <param name="Leaves">The node is about to stop: it takes the role no more.</param>
public sealed record MasterState(MasterPhase Phase, ulong Token, TimeSpan Until, TimeSpan Sent, bool Leaves = false)
{
    public static readonly MasterState Start = new(MasterPhase.Standby, 0, TimeSpan.Zero, TimeSpan.Zero);
}

/// <summary>What stands in the configuration about the role.</summary>
/// <param name="Wanted">Place of the node that an administrator wants to have it; empty: none in particular.</param>
/// <param name="Failover">False: standbys do not take the role by themselves.</param>
/// <param name="Last">Place of the node that took it last.</param>
public sealed record MasterWishes(string Wanted, bool Failover, string Last)
{
    public static readonly MasterWishes None = new("", true, "");
}

/// <summary>What a node learns about the role.</summary>
public abstract record MasterInput
{
    /// <param name="Holder">Place of the holder; empty: the lease is free.</param>
    /// <param name="Candidates">Places of the members that live and may have the role.</param>
    public sealed record Looked(string Holder, MasterWishes Wishes, ImmutableSortedSet<string> Candidates) : MasterInput;

    /// <summary>The lease, or its renewal, was granted to a request sent at that moment.</summary>
    public sealed record Granted(ulong Token, TimeSpan SentAt) : MasterInput;

    /// <summary>It is another's, or over.</summary>
    public sealed record NotGranted : MasterInput;

    /// <summary>The session of this node is over, and the role with it.</summary>
    public sealed record SessionLost : MasterInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : MasterInput;

    /// <summary>The node is about to stop.</summary>
    public sealed record Leave : MasterInput;

    /// <summary>All services have ended.</summary>
    public sealed record ServicesStopped : MasterInput;
}

/// <summary>What a node does about the role, in order.</summary>
public abstract record MasterEffect
{
    public sealed record Acquire : MasterEffect;
    public sealed record Renew(ulong Token) : MasterEffect;
    public sealed record GiveBack(ulong Token) : MasterEffect;
    public sealed record StartServices(ulong Token) : MasterEffect;

    /// <summary>Stop them at once; <see cref="MasterInput.ServicesStopped"/> follows.</summary>
    public sealed record StopServices : MasterEffect;

    /// <summary>Write what happened into the log.</summary>
    public sealed record Record(string Text) : MasterEffect;

    /// <summary>Write that this node is the last one that took the role, and that what was wanted is done or past; unless the configuration changed since the look.</summary>
    public sealed record Settle : MasterEffect;
}
