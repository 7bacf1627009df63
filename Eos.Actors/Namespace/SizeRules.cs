using System.Globalization;
using Eos.Kernel;

namespace Eos.Namespace;

/// <summary>How large the files of a directory are: `sys.forced.minsize` and `maxsize`, in bytes.</summary>
public static class SizeRules
{
    private const string Least = "sys.forced.minsize";
    private const string Most = "sys.forced.maxsize";

    /// <summary>What is against a file of this size; null: nothing.</summary>
    public static Refusal? Against(IReadOnlyDictionary<string, string> attributes, ulong size) =>
        size > Largest(attributes) ? new Refusal(Errno.FileTooLarge, $"{size} bytes: the directory takes files of {Largest(attributes)} bytes at most")
        : Number(attributes, Least) is { } least && size < least ? new Refusal(Errno.Invalid, $"{size} bytes: the directory takes files of {least} bytes at least")
        : null;

    public static ulong Largest(IReadOnlyDictionary<string, string> attributes) => Number(attributes, Most) ?? ulong.MaxValue;

    /// <summary>Why a directory may not have this attribute; null: it may.</summary>
    public static Refusal? Check(string key, string value) =>
        key is Least or Most && !ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new Refusal(Errno.Invalid, $"'{value}' is not a number of bytes")
            : null;

    private static ulong? Number(IReadOnlyDictionary<string, string> attributes, string key) =>
        attributes.TryGetValue(key, out var value) && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
