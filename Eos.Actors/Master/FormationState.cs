using System.Collections.Immutable;

namespace Eos.Master;

/// <summary>How far a node is on its way into the cluster.</summary>
public enum FormationPhase
{
    /// <summary>Has to find out which cluster there is.</summary>
    Looking = 0,

    /// <summary>Saw no member alive and wants the lease under which a cluster is founded.</summary>
    Contending = 1,

    /// <summary>Has the lease and writes itself down as the founder.</summary>
    Founding = 2,

    /// <summary>Has asked for admission.</summary>
    Joining = 3,

    /// <summary>Is up, and writes itself down.</summary>
    Enrolling = 4,

    /// <summary>Is a member that others count.</summary>
    Member = 5,

    /// <summary>Must end; the next incarnation begins anew.</summary>
    Ended = 6,
}

/// <summary>Where a node stands.</summary>
/// <param name="Cluster">The cluster it is joining or in; 0 before that.</param>
/// <param name="Token">Of the lease while it founds.</param>
/// <param name="Asked">Whom it asked for admission.</param>
/// <param name="AskedAt">When.</param>
public sealed record FormationState(FormationPhase Phase, ulong Cluster, ulong Token, ClusterRoll Roll, ImmutableArray<string> Asked, TimeSpan AskedAt)
{
    public static readonly FormationState Start = new(FormationPhase.Looking, 0, 0, ClusterRoll.Empty, [], TimeSpan.Zero);

    /// <summary>The cuts that stand on the roll.</summary>
    public ImmutableArray<Cut> Cuts { get; init; } = [];

    /// <summary>At how many looks they have stood so.</summary>
    public int CutsStood { get; init; }
}

/// <summary>How far a cluster has admitted a node.</summary>
public enum Admission
{
    None = 0,

    /// <summary>The other members know it.</summary>
    Welcomed = 1,

    /// <summary>It is a full member.</summary>
    Up = 2,
}

/// <summary>Which other nodes a node hears.</summary>
/// <param name="Answering">Places that answer it.</param>
/// <param name="Silent">Nodes that hold their sessions, and have neither answered for long nor been heard by the engine.</param>
public sealed record LinksSeen(ImmutableHashSet<string> Answering, ImmutableHashSet<Incarnation> Silent);

/// <summary>What a node learns on its way.</summary>
public abstract record FormationInput
{
    /// <summary>The roll and the node sessions that hold, both read after the last step.</summary>
    /// <param name="Admission">How far the engine's cluster has admitted this node.</param>
    /// <param name="Peers">The other members, as this node's engine knows them.</param>
    /// <param name="Links">Which other nodes this one hears.</param>
    /// <param name="Master">Who has the master role, if anybody has.</param>
    public sealed record Looked(ClusterRoll Roll, ImmutableHashSet<Incarnation> Sessions, Admission Admission, ImmutableHashSet<Incarnation> Peers, LinksSeen Links, Incarnation? Master) : FormationInput;

    /// <summary>It has the lease.</summary>
    public sealed record Granted(ulong Token) : FormationInput;

    /// <summary>Another has the lease.</summary>
    public sealed record Held : FormationInput;

    /// <summary>What it wanted to write is written.</summary>
    public sealed record Written : FormationInput;

    /// <summary>The configuration changed before, or the lease is over: nothing was written.</summary>
    public sealed record NotWritten : FormationInput;

    /// <summary>Nobody can say whether the last request happened, or it was not answered.</summary>
    public sealed record Unknown : FormationInput;
}

/// <summary>What a node does next. After each step that asks for nothing, it looks again.</summary>
public abstract record FormationEffect
{
    /// <summary>Take the lease `cluster-seed`.</summary>
    public sealed record Contend : FormationEffect;

    /// <summary>Write, if the configuration still has that version; with <paramref name="Token"/> under the lease.</summary>
    public sealed record Write(ulong IfVersion, ImmutableSortedDictionary<string, string?> Changes, ulong? Token) : FormationEffect;

    public sealed record GiveBack(ulong Token) : FormationEffect;
    public sealed record JoinSelf : FormationEffect;

    /// <summary>Ask these, not oneself, for admission; asking others before is over.</summary>
    public sealed record Join(ImmutableArray<string> Places) : FormationEffect;

    /// <summary>Nothing to do before these members answer.</summary>
    public sealed record Await(ImmutableArray<string> Places) : FormationEffect;

    /// <summary>The node is in: whoever waits for it may begin.</summary>
    public sealed record Serve : FormationEffect;

    /// <summary>End this incarnation.</summary>
    public sealed record End(string Why) : FormationEffect;
}
