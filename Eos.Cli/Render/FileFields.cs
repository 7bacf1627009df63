using System.Globalization;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Cli.Render;

/// <summary>Single fields of `fileinfo`, each spelled in one way wherever it is printed.</summary>
internal static class FileFields
{
    private const ulong FilesPerFolder = 10_000;

    public static string Path(IFinal info) => "path:   " + (info is FileInformation f ? f.Path : ((DirectoryInformation)info).Path);
    public static string Fid(IFinal info) => "fid:    " + Id(info).ToString(CultureInfo.InvariantCulture);
    public static string Fxid(IFinal info) => "fxid:   " + Id(info).ToString("x8", CultureInfo.InvariantCulture);
    public static string Size(IFinal info) =>
        "size:   " + (info is FileInformation f ? f.File.Content.Size : ((DirectoryInformation)info).Tree.Bytes).ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<string> Checksum(IFinal info) =>
        info is FileInformation f ? ["xstype: " + f.File.Content.Checksum.Type.Name(), "xs:     " + f.File.Content.Checksum.Hex] : [];

    /// <summary>Permissions as four octal digits.</summary>
    public static string Octal(uint mode) => Convert.ToString((int)(mode & 0xfff), 8).PadLeft(4, '0');

    /// <summary>`Sat Nov 21 04:40:30 2026`, in the zone of the reader.</summary>
    public static string Date(Instant time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone);
        var day = local.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2);
        return local.ToString("ddd MMM ", CultureInfo.InvariantCulture) + day + local.ToString(" HH:mm:ss yyyy", CultureInfo.InvariantCulture);
    }

    /// <summary>EOS's entity tag: inode and checksum.</summary>
    public static string Etag(FileRecord file) =>
        $"\"{EntryText.Inode(EntryKind.File, file.Id.Value).ToString(CultureInfo.InvariantCulture)}:{file.Content.Checksum.Hex}\"";

    /// <summary>EOS counts changes of a record; here the moment of the last one stands for the count. Grows with each change.</summary>
    public static ulong Clock(Instant changed) => (ulong)Math.Max(0, changed.Nanoseconds);

    /// <summary>What there is to say about a file and its replicas.</summary>
    public static string Status(FileInformation info) => info.IsDetached ? "pending_deletion" : Status(info.File);

    /// <summary>What the number of replicas says about the file.</summary>
    private static string Status(FileRecord file) => file.Content.Locations.Length switch
    {
        0 when file.IsLink => "healthy",
        0 => "locations::uncommitted",
        var n when n < file.Content.Layout.Stripes => "locations::incomplete",
        var n when n > file.Content.Layout.Stripes => "locations::overreplicated",
        _ => "healthy",
    };

    public static string BlockSize(LayoutId layout) =>
        layout.BlockSize >= 1 << 20 ? $"{layout.BlockSize >> 20}M" : $"{layout.BlockSize >> 10}k";

    /// <summary>Copies on disk and on tape.</summary>
    public static string Redundancy(Content content) => $"d{content.Locations.Length}::t0";

    public static FsView? View(FileInformation info, FsId fs) => info.Replicas.FirstOrDefault(v => v.Id == fs);

    /// <summary>Where a filesystem keeps the bytes: EOS's two levels of hexadecimal names.</summary>
    public static string PhysicalPath(FsView view, FileId file) =>
        $"{view.Report.Identity.Path.TrimEnd('/')}/{file.Value / FilesPerFolder:x8}/{file.Value:x8}";

    private static ulong Id(IFinal info) => info is FileInformation f ? f.File.Id.Value : ((DirectoryInformation)info).Directory.Id.Value;
}
