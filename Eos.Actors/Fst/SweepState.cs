using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>A replica that the sweep wants to know the owner of.</summary>
/// <param name="Complete">Not kept yet: an upload whose end was not seen.</param>
public readonly record struct Suspect(FileId File, OpenId Open, DirectoryId Directory, bool Complete);

/// <summary>A question on its way: to whom, about what, and when it was last sent.</summary>
public sealed record Question(DirectoryId Directory, ImmutableArray<Suspect> Suspects, Instant Sent);

/// <summary>How far a sweep is. <paramref name="Later"/>: opens that may still be committed, to be asked about again.</summary>
public sealed record SweepState(
    ImmutableQueue<Question> Waiting,
    ImmutableDictionary<OpId, Question> Asked,
    ImmutableList<Suspect> Later,
    FilesystemProtocol.SweepCounts Counts,
    bool Reading,
    bool Read,
    bool Told,
    ulong Operations)
{
    public static readonly SweepState Empty = new(
        [], ImmutableDictionary<OpId, Question>.Empty, [], new FilesystemProtocol.SweepCounts(0, 0, 0, 0, 0, 0), false, false, false, 0);
}
