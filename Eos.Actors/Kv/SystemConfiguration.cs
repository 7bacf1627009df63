using System.Collections.Immutable;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>Keys and texts under one version, which every change moves by one.</summary>
internal sealed class SystemConfiguration(KeySpace rows, SystemLeases leases)
{
    public IAnswer Set(SetConfiguration entry, Moment at)
    {
        if (entry.Fence is { } fence && !leases.Holds(SystemKeys.Bytes(fence.Lease), fence.Token, at.Now))
            return new Refused(Errno.Stale, leases.Stale(fence, at.Now));
        var version = Version();
        if (entry.IfVersion is { } expected && expected != version) return new Refused(Errno.Stale, $"the configuration has version {version}, not {expected}");
        foreach (var (key, value) in entry.Changes)
        {
            var row = SystemKeys.Setting(SystemKeys.Bytes(key));
            if (value is null) rows.Delete(row);
            else rows.Put(row, SystemKeys.Bytes(value));
        }
        rows.Put(SystemKeys.Version, Keys.Number(version + 1));
        return new ConfigurationSet(version + 1);
    }

    public IAnswer Read(ReadConfiguration question)
    {
        var version = Version();
        if (question.UnlessVersion == version) return new ConfigurationRead(version, null);
        var found = rows.Under([.. SystemKeys.Configuration, .. SystemKeys.Bytes(question.Prefix)])
            .Select(row => KeyValuePair.Create(question.Prefix + SystemKeys.Text(row.Key.Span), SystemKeys.Text(row.Value.Span)));
        return new ConfigurationRead(version, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, found));
    }

    private ulong Version() => rows.Get(SystemKeys.Version) is { } row ? Keys.Number(row.Span) : 0;
}
