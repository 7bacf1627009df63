using System.Collections.Immutable;

namespace Eos.Raft;

/// <summary>An election period; grows only.</summary>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    public Term Next => new(Value + 1);
    public int CompareTo(Term other) => Value.CompareTo(other.Value);
    public static bool operator <(Term left, Term right) => left.Value < right.Value;
    public static bool operator >(Term left, Term right) => left.Value > right.Value;
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;
    public override string ToString() => Value.ToString();
}

/// <summary>A place in the log; the first entry has 1, 0 is before it.</summary>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    public static readonly LogIndex None = new(0);
    public LogIndex Next => new(Value + 1);
    public LogIndex Previous => new(Value - 1);
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;
    public static LogIndex operator +(LogIndex left, ulong count) => new(left.Value + count);
    public static ulong operator -(LogIndex left, LogIndex right) => left.Value - right.Value;
    public static LogIndex Min(LogIndex a, LogIndex b) => a < b ? a : b;
    public static LogIndex Max(LogIndex a, LogIndex b) => a > b ? a : b;
    public override string ToString() => Value.ToString();
}

/// <summary>The name of a member: "host:port", as the endpoint list has it.</summary>
public readonly record struct MemberId(string Value) : IComparable<MemberId>
{
    public int CompareTo(MemberId other) => string.CompareOrdinal(Value, other.Value);
    public override string ToString() => Value;
}

/// <summary>A place in the log and the term that wrote it. The later term, then the longer log, is the newer (paper §5.4.1).</summary>
public readonly record struct LogPosition(Term Term, LogIndex Index) : IComparable<LogPosition>
{
    public static readonly LogPosition Start = default;

    public int CompareTo(LogPosition other)
    {
        var byTerm = Term.CompareTo(other.Term);
        return byTerm != 0 ? byTerm : Index.CompareTo(other.Index);
    }
}

/// <summary>What a batch of entries is. Values are stored: append only.</summary>
public enum BatchKind
{
    /// <summary>Commands of the state machine.</summary>
    Commands = 0,

    /// <summary>A new leader's first entry; it leads in earnest once this is applied.</summary>
    Marker = 1,

    /// <summary>A new membership.</summary>
    Membership = 2,
}

/// <summary>Entries that were proposed together and live together: one row of the log. It is never split, so any two members that
/// have a batch with the same first index and term have the same batch.</summary>
/// <param name="First">Index of the first entry.</param>
/// <param name="Count">Number of entries, at least 1.</param>
/// <param name="LogTime">Replicated time at which it was proposed; never less than the batch before.</param>
/// <param name="Payload">The commands; empty for a marker.</param>
/// <param name="Membership">With <see cref="BatchKind.Membership"/> only.</param>
public sealed record LogBatch(Term Term, LogIndex First, uint Count, TimeSpan LogTime, BatchKind Kind, ReadOnlyMemory<byte> Payload, Membership? Membership)
{
    public LogIndex Last => First + (Count - 1);

    public LogPosition Position => new(Term, Last);
}

/// <summary>Who votes, and who only listens. Changes by one member at a time; each change has the next epoch.</summary>
public sealed record Membership(ulong Epoch, ImmutableSortedSet<MemberId> Voters, ImmutableSortedSet<MemberId> Observers)
{
    public static Membership Of(IEnumerable<MemberId> voters) => new(0, [.. voters], []);

    public int Quorum => Voters.Count / 2 + 1;

    public bool Knows(MemberId member) => Voters.Contains(member) || Observers.Contains(member);

    public IEnumerable<MemberId> All => Voters.Concat(Observers);
}
