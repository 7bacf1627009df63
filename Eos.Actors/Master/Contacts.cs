using System.Collections.Immutable;

namespace Eos.Master;

/// <summary>
/// Which other nodes answer this one. Each is asked at every look, and silence is counted in looks: a node that stood still itself must not think that all others were
/// silent. Pure.
/// </summary>
/// <param name="Places">Who is asked: how many looks in a row had no answer, and whether there ever was one.</param>
public sealed record Contacts(ImmutableSortedDictionary<string, (int Unanswered, bool HasAnswered)> Places)
{
    public static readonly Contacts None = new(ImmutableSortedDictionary.Create<string, (int, bool)>(StringComparer.Ordinal));

    /// <summary>These are asked now, and no others any more.</summary>
    public Contacts Ask(IEnumerable<string> places) => new(places.ToImmutableSortedDictionary(
        place => place,
        place => Places.TryGetValue(place, out var known) ? (known.Unanswered + 1, known.HasAnswered) : (1, false),
        StringComparer.Ordinal));

    public Contacts Hear(string place) => Places.ContainsKey(place) ? new(Places.SetItem(place, (0, true))) : this;

    /// <summary>Has answered, and not been silent for that many looks since.</summary>
    public bool Answers(string place, int looks) => Places.TryGetValue(place, out var known) && known.HasAnswered && known.Unanswered < looks;

    /// <summary>Has been silent for that many looks.</summary>
    public bool IsSilent(string place, int looks) => Places.TryGetValue(place, out var known) && known.Unanswered >= looks;
}
