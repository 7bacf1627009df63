using System.Globalization;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>
/// Names that Eos makes itself: `.sys.v#.NAME` is the directory of the versions of NAME, `CTIME.FXID` a version in it, `.sys.a#.NAME.UUID` what an unfinished atomic
/// upload of other programs of EOS leaves. Ours leave none: a file has no name before its commit.
/// </summary>
public static class HiddenNames
{
    private const string Versions = ".sys.v#.";
    private const string Atomic = ".sys.a#.";

    /// <summary>The directory that has the versions of a file of this name.</summary>
    public static string VersionsOf(string file) => Versions + file;

    public static bool IsVersions(string name) => name.Length > Versions.Length && name.StartsWith(Versions, StringComparison.Ordinal);

    public static bool IsAtomic(string name) => name.Length > Atomic.Length && name.StartsWith(Atomic, StringComparison.Ordinal);

    /// <summary>What a version of these bytes is called: when they were last changed, and their file.</summary>
    public static string VersionOf(FileRecord file) => string.Create(CultureInfo.InvariantCulture, $"{file.Times.Changed.Seconds}.{file.Id}");

    /// <summary>When a version was last changed before it became one; null: the name is not that of a version.</summary>
    public static long? SecondsOf(string version)
    {
        var dot = version.IndexOf('.');
        return dot > 0 && version.Length >= dot + 9 && version.AsSpan(dot + 1).IndexOfAnyExcept("0123456789abcdef") < 0
            && long.TryParse(version.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;
    }
}
