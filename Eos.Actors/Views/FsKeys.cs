using System.Globalization;
using Eos.Fst;
using Eos.Instance;
using Eos.Kernel;

namespace Eos.Views;

/// <summary>What may be configured for a filesystem, and which values say something.</summary>
public static class FsKeys
{
    private static readonly HashSet<string> Numbers =
    [
        "scaninterval", "scan_rain_interval", "scanrate", "scan_disk_interval", "scan_ns_interval", "scan_ns_rate", "scan_altxs_interval", "altxs_sync_interval", "graceperiod",
        "drainperiod", "filestickyproxydepth", "max.ropen", "max.wopen",
    ];

    private static readonly HashSet<string> Words = ["altxs_sync", "proxygroup", FsConfiguration.GeotagKey, "sharedfs", "s3credentials", "statuscomment"];

    /// <summary>Why a filesystem may not have this; null: it may. EINVAL: no such key, a value that says nothing, or `empty` for one that has files.</summary>
    /// <param name="fs">Null: any.</param>
    public static Refusal? Check(string key, string value, ViewState.Heard? fs)
    {
        if (key == FsConfiguration.StatusKey) return CheckStatus(value, fs);
        if (key == FsConfiguration.HeadroomKey) return ByteCount.Parse(value) is null ? Invalid($"headroom is a size, not '{value}'") : null;
        if (Numbers.Contains(key)) return ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : Invalid($"{key} is a number, not '{value}'");
        return Words.Contains(key) && !value.Any(char.IsControl) ? null : Invalid($"not an allowed parameter: '{key}'");
    }

    /// <summary>Whether it is a filesystem's key at all.</summary>
    public static bool IsKey(string key) => key is FsConfiguration.StatusKey or FsConfiguration.HeadroomKey || Numbers.Contains(key) || Words.Contains(key);

    /// <summary>The value set for one filesystem, which is entered into the configuration with its uuid if it had registered itself.</summary>
    public static Revision Set(ViewState.Heard fs, string key, string value)
    {
        var identity = fs.Report.Identity;
        var stored = key == FsConfiguration.HeadroomKey && ByteCount.Parse(value) is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : value;
        return Revision.Set(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, key), stored).Named(identity);
    }

    /// <summary>With the uuid that the number belongs to from now on, and where it is.</summary>
    public static Revision Named(this Revision revision, FstProtocol.FsIdentity identity) => revision
        .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.UuidKey), identity.Uuid)
        .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.HostKey), ViewRules.NodeOf(identity))
        .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.PathKey), identity.Path)
        .And(FsConfiguration.Section, FsConfiguration.KeyOf(identity.Id, FsConfiguration.GroupKey), identity.Group);

    private static Refusal? CheckStatus(string value, ViewState.Heard? fs)
    {
        if (FsConfiguration.Parse(value) is not { } status) return Invalid($"configstatus is one of rw, wo, ro, drain, groupdrain, draindead, empty and off, not '{value}'");
        return status == FstProtocol.ConfigStatus.Empty && fs is { Report.Usage.Replicas: > 0 and var files }
            ? Invalid($"filesystem {fs.Report.Identity.Id} has {files} files and can't be set to empty: see them with 'fs dumpmd {fs.Report.Identity.Id}', move them away with 'fs config {fs.Report.Identity.Id} configstatus=drain'")
            : null;
    }

    private static Refusal Invalid(string text) => new(Errno.Invalid, text);
}
