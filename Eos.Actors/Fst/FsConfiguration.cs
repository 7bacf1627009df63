using System.Collections.Immutable;
using System.Globalization;
using Eos.Instance;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>What administrators have configured for one filesystem: texts by EOS's keys, in section `fs` of the configuration under `id#key`.</summary>
public sealed record FsConfiguration(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>Where the configuration of filesystems lies.</summary>
    public const string Section = "fs";

    /// <summary>The keys that give a filesystem its place; set by `fs add`, `fs mv` and `fs rm` only.</summary>
    public const string UuidKey = "uuid", HostKey = "hostport", PathKey = "path", GroupKey = "schedgroup", UnregisteredKey = "unregistered";

    /// <summary>Keys that the filesystem itself obeys.</summary>
    public const string StatusKey = "configstatus", HeadroomKey = "headroom", GeotagKey = "forcegeotag";

    public static readonly FsConfiguration None = new(ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    private static readonly Dictionary<string, FstProtocol.ConfigStatus> Words = new()
    {
        ["off"] = FstProtocol.ConfigStatus.Off,
        ["empty"] = FstProtocol.ConfigStatus.Empty,
        ["draindead"] = FstProtocol.ConfigStatus.DrainDead,
        ["groupdrain"] = FstProtocol.ConfigStatus.GroupDrain,
        ["drain"] = FstProtocol.ConfigStatus.Drain,
        ["ro"] = FstProtocol.ConfigStatus.ReadOnly,
        ["wo"] = FstProtocol.ConfigStatus.WriteOnce,
        ["rw"] = FstProtocol.ConfigStatus.ReadWrite,
    };

    public string this[string key] => Values.GetValueOrDefault(key, "");

    /// <summary>Null: as the filesystem was started.</summary>
    public FstProtocol.ConfigStatus? Status => IsUnregistered ? FstProtocol.ConfigStatus.Off : Parse(this[StatusKey]);

    /// <summary>Bytes that stay free; null: as the filesystem was started.</summary>
    public ulong? Headroom => ByteCount.Parse(this[HeadroomKey]);

    /// <summary>Taken out of the views by `fs rm`, until `fs add` takes it in again under the same number.</summary>
    public bool IsUnregistered => this[UnregisteredKey] == "1";

    /// <summary>EOS's word for a status; null: it is none.</summary>
    public static FstProtocol.ConfigStatus? Parse(string word) => Words.TryGetValue(word, out var status) ? status : null;

    /// <summary>EOS's word.</summary>
    public static string WordOf(FstProtocol.ConfigStatus status) => Words.FirstOrDefault(w => w.Value == status).Key ?? "unknown";

    /// <summary>EOS's word.</summary>
    public static string WordOf(FstProtocol.BootStatus status) => status switch
    {
        FstProtocol.BootStatus.OperationError => "opserror",
        FstProtocol.BootStatus.BootFailure => "bootfailure",
        FstProtocol.BootStatus.BootSent => "bootsent",
        FstProtocol.BootStatus.Booting => "booting",
        FstProtocol.BootStatus.Booted => "booted",
        _ => "down",
    };

    /// <summary>The configuration of one filesystem.</summary>
    public static FsConfiguration Of(InstanceState instance, FsId fs)
    {
        var prefix = $"{fs}#";
        return new FsConfiguration(instance.Section(Section)
            .Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(v => v.Key[prefix.Length..], v => v.Value, StringComparer.Ordinal));
    }

    /// <summary>The configuration of all filesystems that have any.</summary>
    public static ImmutableSortedDictionary<FsId, FsConfiguration> All(InstanceState instance) => instance.Section(Section)
        .Select(v => (Parts: v.Key.Split('#', 2), v.Value))
        .Where(v => v.Parts.Length == 2 && uint.TryParse(v.Parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .GroupBy(v => new FsId(uint.Parse(v.Parts[0], CultureInfo.InvariantCulture)))
        .ToImmutableSortedDictionary(g => g.Key, g => new FsConfiguration(g.ToImmutableSortedDictionary(v => v.Parts[1], v => v.Value, StringComparer.Ordinal)));

    /// <summary>The key in <see cref="Section"/>.</summary>
    public static string KeyOf(FsId fs, string key) => $"{fs}#{key}";
}
