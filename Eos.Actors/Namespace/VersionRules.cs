using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>How many versions of a file stay.</summary>
public static class VersionRules
{
    /// <summary>As many as come.</summary>
    public const int All = int.MaxValue;

    /// <summary>Where the eleven bins of age begin, in days: one for each of a week's days, then the second and the third week, the rest of the month, and what is older.</summary>
    private static readonly int[] BinsBegin = [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 30];

    /// <summary>How many versions a directory wants of its files; 0: none are made. The `sys.` attribute counts more.</summary>
    public static int Wanted(IReadOnlyDictionary<string, string> attributes) =>
        attributes.TryGetValue("sys.versioning", out var value) || attributes.TryGetValue("user.versioning", out value) ? Count(value) : 0;

    /// <summary>
    /// What goes when so many shall stay: all but the newest <paramref name="keep"/> and, of each bin of age that has none of these, the oldest. The oldest, because it is the one
    /// that reaches the next bin: else nothing would ever become a month old. Newest first; names that are no version's stay out of it.
    /// </summary>
    public static ImmutableArray<string> Superfluous(IEnumerable<FileEntry> versions, int keep, Instant now)
    {
        var known = versions.Select(v => (v.Name, v.File, Seconds: HiddenNames.SecondsOf(v.Name))).Where(v => v.Seconds is not null)
            .OrderByDescending(v => v.Seconds).ThenByDescending(v => v.File.Times.Changed).ThenByDescending(v => v.File.Id)
            .Select(v => (v.Name, Bin: BinOf(now.Seconds - v.Seconds!.Value)))
            .ToList();
        if (keep <= 0) return [.. known.Select(v => v.Name)];

        var taken = known.Take(keep).Select(v => v.Bin).ToHashSet();
        var stays = known.Skip(keep).Reverse().Where(v => taken.Add(v.Bin)).Select(v => v.Name).ToHashSet();
        return [.. known.Skip(keep).Select(v => v.Name).Where(name => !stays.Contains(name))];
    }

    /// <summary>Why a directory may not have this attribute; null: it may.</summary>
    public static Refusal? Check(string key, string value) =>
        key is "sys.versioning" or "user.versioning" && !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new Refusal(Errno.Invalid, $"'{value}' is not a number of versions")
            : null;

    private static int Count(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static int BinOf(long age) => Array.FindLastIndex(BinsBegin, begin => age >= begin * 86_400L);
}
