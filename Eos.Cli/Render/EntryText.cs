using System.Globalization;
using System.Text;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>What `ls` was asked to show of each entry.</summary>
internal sealed record ListingStyle(bool Long, bool Inode, bool Checksum, bool NumericIds, bool HumanSizes, bool Classify)
{
    /// <summary>How many copies are on disk and on tape.</summary>
    public bool Copies { get; init; }

    /// <summary>More is shown than the name.</summary>
    public bool IsDetailed => Long || Checksum || Copies;
}

/// <summary>The lines of `ls`.</summary>
internal static class EntryText
{
    private const long SixMonths = 182 * 24 * 3600L;

    /// <summary>One line without its end. <paramref name="now"/> decides whether the hour or the year is shown.</summary>
    public static string Line(Entry entry, ListingStyle style, Names names, Instant now, TimeZoneInfo zone)
    {
        var line = new StringBuilder();
        if (style.Inode) line.Append(Inode(entry).ToString(CultureInfo.InvariantCulture).PadLeft(16)).Append(' ');
        if (style.Checksum) line.Append(entry.Checksum.Hex.PadRight(34)).Append(' ');
        if (style.Copies) line.Append($"d{Number(entry.Replicas)}::t0".PadRight(9)).Append(' ');
        if (style.IsDetailed)
        {
            var owner = entry.Attributes.Owner;
            line.Append(Mode(entry.Kind, entry.Attributes)).Append(' ')
                .Append(Number(entry.Replicas).PadLeft(3)).Append(' ')
                .Append((style.NumericIds ? Number(owner.Uid) : names.User(owner.Uid)).PadRight(8)).Append(' ')
                .Append((style.NumericIds ? Number(owner.Gid) : names.Group(owner.Gid)).PadRight(8)).Append(' ')
                .Append((style.HumanSizes ? HumanSize.Of((long)entry.Size, separator: " ") : Number(entry.Size)).PadLeft(12)).Append(' ')
                .Append(Date(entry.Attributes.Times.Modified, now, zone)).Append(' ');
        }
        line.Append(entry.Name);
        if (style.IsDetailed && entry.Kind == EntryKind.Link) line.Append(" -> ").Append(entry.Target);
        if (style.Classify && entry.Kind == EntryKind.Directory) line.Append('/');
        return line.ToString();
    }

    /// <summary>`drwxr-sr-x`: type, nine permissions with s and t, and `+` at the end for extended attributes (T with the sticky bit then).</summary>
    public static string Mode(EntryKind kind, EntryAttributes attributes)
    {
        var mode = attributes.Mode;
        Span<char> text = stackalloc char[10];
        text[0] = kind switch
        {
            EntryKind.Directory => 'd',
            EntryKind.Link => 'l',
            _ => '-',
        };
        for (var i = 0; i < 9; i++) text[i + 1] = (mode & (0x100u >> i)) != 0 ? "rwx"[i % 3] : '-';
        if ((mode & 0x800) != 0) text[3] = text[3] == 'x' ? 's' : 'S';
        if ((mode & 0x400) != 0) text[6] = text[6] == 'x' ? 's' : 'S';
        var sticky = (mode & 0x200) != 0;
        if (sticky) text[9] = attributes.Extended ? 'T' : 't';
        else if (attributes.Extended) text[9] = '+';
        return new string(text);
    }

    /// <summary>A directory's inode is its id; a file's is its id above 28 bits, as EOS encodes it.</summary>
    public static ulong Inode(Entry entry) => Inode(entry.Kind, entry.Id);

    /// <inheritdoc cref="Inode(Entry)"/>
    public static ulong Inode(EntryKind kind, ulong id) => kind == EntryKind.File ? id << 28 : id;

    /// <summary>`Nov 21 04:40`, or `Nov 21  2025` for what is older than half a year or lies in the future.</summary>
    public static string Date(Instant time, Instant now, TimeZoneInfo zone)
    {
        var age = now.Seconds - time.Seconds;
        var local = TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone);
        return local.ToString(age is >= -60 and < SixMonths ? "MMM dd HH:mm" : "MMM dd  yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>The entry for programs.</summary>
    public static Pairs Record(Entry entry) => new Pairs()
        .Add("name", entry.Name)
        .Add("type", entry.Kind switch
        {
            EntryKind.Directory => "directory",
            EntryKind.Link => "symlink",
            _ => "file",
        })
        .Add("id", entry.Id)
        .Add("size", entry.Size)
        .Add("mode", OctalMode(entry.Kind, entry.Attributes.Mode))
        .Add("uid", entry.Attributes.Owner.Uid)
        .Add("gid", entry.Attributes.Owner.Gid)
        .Add("nrep", entry.Replicas)
        .Add("xstype", entry.Checksum.Type.Name())
        .Add("xs", entry.Checksum.Hex)
        .Add("mtime", entry.Attributes.Times.Modified.ToString())
        .Add("ctime", entry.Attributes.Times.Changed.ToString());

    /// <summary>Type and permissions as stat(2) has them: `40755`, `100644`.</summary>
    public static string OctalMode(EntryKind kind, uint mode) =>
        kind switch
        {
            EntryKind.Directory => "4",
            EntryKind.Link => "12",
            _ => "10",
        } + Convert.ToString((int)(mode & 0xfff), 8).PadLeft(4, '0');

    private static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
