using System.Collections.Immutable;

namespace Eos.Raft;

/// <summary>What members say of their states' digests, and whom that leaves alone. A state is a function of the log: a member whose digest most others
/// contradict has a broken state, whatever the reason.</summary>
/// <param name="Told">Of the latest indexes only.</param>
public sealed record DigestWatch(ImmutableSortedDictionary<LogIndex, ImmutableSortedDictionary<MemberId, string>> Told)
{
    private const int Remembered = 16;

    public static readonly DigestWatch Empty = new(ImmutableSortedDictionary<LogIndex, ImmutableSortedDictionary<MemberId, string>>.Empty);

    /// <summary>What came of the newest word.</summary>
    public enum Verdict
    {
        Agree = 0,

        /// <summary>Some differ, and nobody can say who is right.</summary>
        Differ = 1,

        /// <summary>A majority agrees with each other, and not with this member.</summary>
        Alone = 2,
    }

    public DigestWatch Hear(MemberId member, LogIndex index, string digest)
    {
        var at = Told.GetValueOrDefault(index, ImmutableSortedDictionary<MemberId, string>.Empty);
        var told = Told.SetItem(index, at.SetItem(member, digest));
        while (told.Count > Remembered) told = told.Remove(told.Keys.First());
        return new DigestWatch(told);
    }

    /// <param name="quorum">So many members must agree to convict one that does not.</param>
    public Verdict Judge(MemberId self, LogIndex index, int quorum)
    {
        if (!Told.TryGetValue(index, out var at) || !at.TryGetValue(self, out var own)) return Verdict.Agree;
        var others = at.Values.Where(d => d != own).GroupBy(d => d).Select(g => g.Count()).DefaultIfEmpty(0).Max();
        return others == 0 ? Verdict.Agree : others >= quorum ? Verdict.Alone : Verdict.Differ;
    }
}
