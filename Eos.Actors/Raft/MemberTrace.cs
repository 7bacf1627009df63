namespace Eos.Raft;

/// <summary>What a member's files have come to, by its own word. They only ever come to more, so a member that tells less has lost some of them, or has old ones.</summary>
/// <param name="Folder">Drawn when its log was made.</param>
/// <param name="Epoch">Of the newest membership that it, or who heard it, knew then.</param>
/// <param name="Term">On its disk.</param>
/// <param name="Last">The last entry on its disk.</param>
public sealed record MemberTrace(string Folder, ulong Epoch, Term Term, LogPosition Last)
{
    private const string Cure = ". What has forgotten must not vote: bring the right folder back, or remove the member from the group (raft-remove-member), start it on an empty folder and add it anew (raft-add-observer)";

    /// <summary>What speaks against this in the light of what was told before; null: nothing. A folder of its own may have come with a newer membership: then
    /// the member was removed and added anew.</summary>
    public string? Against(MemberTrace before)
    {
        if (Folder != before.Folder) return Epoch > before.Epoch ? null : $"its folder is not the one that it had{Cure}";
        if (Term < before.Term) return $"its log is of term {Term}, it had come to term {before.Term}: an old copy was put in the place of its folder{Cure}";
        if (Last.CompareTo(before.Last) < 0) return $"its log ends at entry {Last.Index} of term {Last.Term}, it had entry {before.Last.Index} of term {before.Last.Term}: an old copy was put in the place of its folder{Cure}";
        return null;
    }
}

/// <summary>The newest traces of the other members of the group, kept on disk so far that a new folder or an old term is noticed after restarts too.</summary>
/// <param name="traces">As read from the disk.</param>
/// <param name="store">Keeps one; null: forgets it.</param>
internal sealed class MemberTraces(IEnumerable<KeyValuePair<MemberId, MemberTrace>> traces, Action<MemberId, MemberTrace?> store)
{
    private readonly Dictionary<MemberId, MemberTrace> _known = new(traces);
    private Membership? _kept;

    public MemberTrace? Of(MemberId member) => _known.GetValueOrDefault(member);

    /// <param name="epoch">Of the newest membership known here.</param>
    public void Learn(MemberId member, MemberTrace told, ulong epoch)
    {
        var known = Of(member);
        var trace = _known[member] = told with { Epoch = Math.Max(epoch, told.Epoch) };
        if (known is null || (known.Folder, known.Epoch, known.Term) != (trace.Folder, trace.Epoch, trace.Term)) store(member, trace);
    }

    /// <summary>Who does not belong to the group any more may come back with any folder.</summary>
    public void Keep(Membership members)
    {
        if (ReferenceEquals(members, _kept)) return;
        _kept = members;
        foreach (var gone in _known.Keys.Where(m => !members.Knows(m)).ToList())
        {
            _known.Remove(gone);
            store(gone, null);
        }
    }
}
