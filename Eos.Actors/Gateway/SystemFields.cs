using System.Collections.Immutable;
using System.Globalization;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>EOS's keys of what a process takes of its machine.</summary>
public static class SystemFields
{
    /// <summary>None of a node that has not told.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Fields(this FstProtocol.FsSystem system) => system == FstProtocol.FsSystem.None ? [] :
    [
        new("stat.sys.vsize", Text(system.Virtual)),
        new("stat.sys.rss", Text(system.Resident)),
        new("stat.sys.threads", Text(system.Threads)),
        new("stat.sys.sockets", Text(system.Sockets)),
        new("stat.sys.kworkers", "0"),
        new("stat.sys.eos.version", system.Version),
        new("stat.sys.xrootd.version", system.Engine),
        new("stat.sys.kernel", system.Kernel),
        new("stat.sys.eos.start", system.Started.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
        new("stat.sys.uptime", Text((ulong)system.Uptime.TotalSeconds)),
    ];

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
