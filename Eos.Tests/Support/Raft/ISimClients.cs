using Eos.Raft;

namespace Eos.Tests.Support.Raft;

/// <summary>What the members of a simulated group replicate.</summary>
internal interface ISimState
{
    /// <summary>Applies a batch, which is one proposal: its tag, and what came of it.</summary>
    (ulong Tag, object? Outcome) Apply(LogBatch batch);

    /// <summary>All of it, as a snapshot.</summary>
    byte[] Encode();
}

/// <summary>Who uses a simulated group, and remembers what they were told.</summary>
internal interface ISimClients
{
    /// <summary>A tag of no operation.</summary>
    public const ulong NoTag = 0;

    int Answered { get; }

    /// <summary>The state of a member that starts, from a snapshot or from nothing.</summary>
    ISimState Machine(byte[]? snapshot);

    void Start(TimeSpan until);

    /// <summary>The answer of a state to the question of that tag.</summary>
    object Look(ISimState machine, ulong tag);

    void Written(ulong tag, object? outcome);

    void Read(ulong tag, object value);

    void NotTaken(ulong tag, MemberId? leader);

    /// <summary>May have happened, may yet happen.</summary>
    void Unknown(ulong tag);

    void MemberDied(MemberId member);

    /// <summary>At the end: whether all that was told can be true.</summary>
    void Check();
}
