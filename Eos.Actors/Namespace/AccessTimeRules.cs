using System.Globalization;
using Eos.Kernel;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Namespace;

/// <summary>The time of access is written down only where somebody has asked for it, and not more often than he has asked for: each time is a change that is stored.</summary>
public static class AccessTimeRules
{
    /// <summary>Of a directory: as the space's key, for its files.</summary>
    public const string ForceKey = "sys.force.atime";

    /// <summary>Of a space: seconds between two times of access that are written down.</summary>
    public const string SpaceKey = "atime";

    /// <summary>Null: it is not written down.</summary>
    public static TimeSpan? Resolution(IReadOnlyDictionary<string, string> attributes, string? ofSpace)
    {
        var text = attributes.TryGetValue(ForceKey, out var forced) ? forced : ofSpace;
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    public static bool IsDue(FileRecord file, TimeSpan resolution, Instant now) => !file.IsLink && now - file.Accessed >= resolution;

    public static Decision Note(DirectoryState s, NoteAccess m, Facts facts) =>
        s.Life == Life.Live && s.Entries.Find(m.Name) is FileEntry { File: var file } && file.Id == m.File && IsDue(file, m.Resolution, facts.Now)
            ? Decision.Accept(new FileAccessed(new Stamp(m.Op, 0, facts.Now), m.Name, m.File), reply: null)
            : Decision.Nothing;

    /// <summary>Why a directory may not have this attribute; null: it may.</summary>
    public static Refusal? Check(string key, string value) => key == ForceKey && !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        ? new Refusal(Errno.Invalid, $"'{value}' is not a number of seconds")
        : null;
}
