using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>An absolute, normalised path: no empty, `.` or `..` components. The root has none.</summary>
public sealed class EosPath
{
    /// <summary>Longest name in bytes of UTF-8.</summary>
    public const int MaxName = 255;

    /// <summary>Longest path in bytes of UTF-8.</summary>
    public const int MaxPath = 4096;

    /// <summary>Characters of a name that is too long that are shown of it.</summary>
    private const int Shown = 32;

    public static readonly EosPath Root = new([]);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private EosPath(ImmutableArray<string> names) => Names = names;

    public ImmutableArray<string> Names { get; }

    public bool IsRoot => Names.Length == 0;

    /// <summary>It was written with a slash at its end, so that it can't be a file.</summary>
    public bool MustBeDirectory { get; private init; }

    /// <summary>The last component; empty for the root.</summary>
    public string Name => IsRoot ? "" : Names[^1];

    /// <summary>The directory above; the root's is the root.</summary>
    public EosPath Parent => IsRoot ? this : new EosPath(Names.RemoveAt(Names.Length - 1));

    /// <summary>The directory on the way to here that has so many names.</summary>
    public EosPath Above(int depth) => new(Names[..depth]);

    public EosPath Child(string name) => new(Names.Add(name));

    /// <summary>
    /// Reads an absolute path. Repeated and trailing slashes and `.` vanish, `..` goes up and stops at the root.
    /// Refuses a relative or empty path, NUL and text that is no Unicode (EINVAL), and what is too long (ENAMETOOLONG).
    /// </summary>
    public static (EosPath? Path, Refusal? Refusal) Parse(string text)
    {
        if (text.Length == 0 || text[0] != '/') return (null, new Refusal(Errno.Invalid, $"path is not absolute: '{text}'"));
        if (ByteCount(text) is not { } bytes) return (null, new Refusal(Errno.Invalid, "path is not valid Unicode"));
        if (bytes > MaxPath) return (null, new Refusal(Errno.NameTooLong, $"path has {bytes} bytes, {MaxPath} are allowed"));

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var part in text.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..")
            {
                if (CheckName(part) is { } refusal) return (null, refusal);
                names.Add(part);
            }
            else if (names.Count > 0)
            {
                names.RemoveAt(names.Count - 1);
            }
        }
        return (new EosPath(names.ToImmutable()) { MustBeDirectory = text.EndsWith('/') }, null);
    }

    /// <summary>Null if a directory may have an entry of this name.</summary>
    public static Refusal? CheckName(string name)
    {
        if (name.Length == 0 || name is "." or "..") return new Refusal(Errno.Invalid, $"'{name}' is no name for an entry");
        if (name.AsSpan().ContainsAny('/', '\0')) return new Refusal(Errno.Invalid, "a name contains neither '/' nor NUL");
        return ByteCount(name) switch
        {
            null => new Refusal(Errno.Invalid, "name is not valid Unicode"),
            > MaxName and var bytes => new Refusal(Errno.NameTooLong, $"name '{name[..Shown]}…' has {bytes} bytes, {MaxName} are allowed"),
            _ => null,
        };
    }

    /// <summary>Null if a symbolic link may point there.</summary>
    public static Refusal? CheckTarget(string target) => target.Length == 0 || target.Contains('\0')
        ? new Refusal(Errno.Invalid, $"'{target}' is no target for a symbolic link")
        : ByteCount(target) switch
        {
            null => new Refusal(Errno.Invalid, "target is not valid Unicode"),
            > MaxPath => new Refusal(Errno.NameTooLong, $"target is longer than {MaxPath} bytes"),
            _ => null,
        };

    public override string ToString() => "/" + string.Join('/', Names);

    private static int? ByteCount(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return null;
            i++;
        }
        return Strict.GetByteCount(text);
    }
}
