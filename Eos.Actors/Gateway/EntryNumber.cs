using System.Globalization;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>
/// A file or directory named by its number in place of a path: `fid:` and `fxid:` a file, `cid:` `cxid:` `pid:` `pxid:` a directory, decimal and hexadecimal;
/// `inode:` either, decimal, as `fileinfo` shows it.
/// </summary>
public readonly record struct EntryNumber(FileId? File, DirectoryId? Directory)
{
    /// <summary>EOS's inode of a file is its number shifted by so many bits; that of a directory is its number.</summary>
    private const int InodeShift = 28;

    /// <summary>EOS's other inode of a file: its number with the highest bit set.</summary>
    private const ulong InodeBit = 1UL << 63;

    private static readonly string[] Prefixes = ["fid:", "fxid:", "cid:", "cxid:", "pid:", "pxid:", "inode:"];

    /// <summary>Whether the text names something by its number, well or badly.</summary>
    public static bool IsOne(string text) => Prefixes.Any(p => text.StartsWith(p, StringComparison.Ordinal));

    /// <summary>EINVAL: not a number behind the prefix, or none that anything can have.</summary>
    public static (EntryNumber Number, Refusal? Refusal) Parse(string text)
    {
        var colon = text.IndexOf(':');
        var (kind, digits) = (text[..colon], text[(colon + 1)..]);
        var style = kind.Contains('x') ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) || number == 0)
            return (default, new Refusal(Errno.Invalid, $"'{text}' is no number of a file or directory"));
        return (kind[0] switch
        {
            'f' => new EntryNumber(new FileId(number), null),
            'i' when number >= InodeBit => new EntryNumber(new FileId(number & ~InodeBit), null),
            'i' when number >> InodeShift > 0 => new EntryNumber(new FileId(number >> InodeShift), null),
            _ => new EntryNumber(null, new DirectoryId(number)),
        }, null);
    }
}
