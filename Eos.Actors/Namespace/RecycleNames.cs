using System.Globalization;
using System.Text;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>What a restore key names: a file or a tree, by its number.</summary>
public readonly record struct RecycleKey(ulong Id, bool IsTree)
{
    /// <summary>`fxid:` or `pxid:` with sixteen hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsTree ? "pxid" : "fxid")}:{Id:x16}");

    /// <summary>Reads a key; one without a prefix is a file's. Null: it is none.</summary>
    public static RecycleKey? Parse(string text)
    {
        var digits = text.StartsWith("fxid:", StringComparison.Ordinal) || text.StartsWith("pxid:", StringComparison.Ordinal) ? text[5..] : text;
        return digits.Length is >= 1 and <= 16 && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            ? new RecycleKey(id, text.StartsWith('p'))
            : null;
    }
}

/// <summary>
/// Where the recycle bin keeps what, as EOS does: `uid:UID/YEAR/MONTH/DAY/INDEX/`, in a project's bin `rid:CID/…`, and there the old path with `#:#` for `/`, a dot, the number of
/// what was removed in sixteen digits, and `.d` behind a tree. A path that is too long for a name loses its beginning; the attribute <see cref="PathKey"/> has all of it.
/// </summary>
public static class RecycleNames
{
    /// <summary>Of an entry of the bin: the path that it had.</summary>
    public const string PathKey = "sys.recycle.path";

    /// <summary>Of an entry of the bin: who removed it, as JSON.</summary>
    public const string TraceKey = "sys.recycle.dtrace";

    /// <summary>Of a file in the bin: the restore key of its versions.</summary>
    public const string VersionKey = "sys.recycle.version.key";

    private const string Slash = "#:#";
    private const int Tail = 1 + 16 + 2;

    public static string UserBin(uint uid) => string.Create(CultureInfo.InvariantCulture, $"uid:{uid}");

    public static string ProjectBin(DirectoryId project) => string.Create(CultureInfo.InvariantCulture, $"rid:{project.Value}");

    /// <summary>Year, month, day and index: four names.</summary>
    public static string[] DatedFolder(Instant at, int index)
    {
        var day = at.ToDateTimeOffset();
        return [day.ToString("yyyy", CultureInfo.InvariantCulture), day.ToString("MM", CultureInfo.InvariantCulture), day.ToString("dd", CultureInfo.InvariantCulture), index.ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>The day of a dated folder; null: these names are not one's.</summary>
    public static DateOnly? DayOf(string year, string month, string day) =>
        DateOnly.TryParseExact($"{year}-{month}-{day}", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    public static string Entry(EosPath path, RecycleKey key)
    {
        var contracted = path.ToString().Replace("/", Slash, StringComparison.Ordinal);
        while (Encoding.UTF8.GetByteCount(contracted) > EosPath.MaxName - Tail)
        {
            contracted = contracted[(char.IsHighSurrogate(contracted[0]) ? 2 : 1)..];
            if (contracted.StartsWith(Slash, StringComparison.Ordinal)) contracted = contracted[1..];   // what begins with a slash is whole
        }
        return string.Create(CultureInfo.InvariantCulture, $"{contracted}.{key.Id:x16}{(key.IsTree ? ".d" : "")}");
    }

    /// <summary>What an entry's name says: its key and the path that it had, unless that was too long; null: it is no entry's name.</summary>
    public static (RecycleKey Key, string? Path)? Parse(string name)
    {
        var tree = name.EndsWith(".d", StringComparison.Ordinal);
        var bare = tree ? name[..^2] : name;
        if (bare.Length < 17 || bare[^17] != '.') return null;
        if (!ulong.TryParse(bare.AsSpan(bare.Length - 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)) return null;
        var contracted = bare[..^17];
        return (new RecycleKey(id, tree), contracted.StartsWith(Slash, StringComparison.Ordinal) ? contracted.Replace(Slash, "/", StringComparison.Ordinal) : null);
    }
}
