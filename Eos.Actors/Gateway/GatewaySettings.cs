using Eos.Kernel;
using Eos.Scheduling;

namespace Eos.Gateway;

/// <summary>Knobs of the gateway: `eos.gateway` in eos.reference.conf.</summary>
public sealed record GatewaySettings
{
    private const int MostByProcessors = 4;

    public GatewaySettings(Settings s, string instance, TimeSpan offlineAfter, string geotag)
    {
        Instance = instance.Length > 0 && instance.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? instance
            : throw new ArgumentException($"eos.instance '{instance}': letters, digits, - and _ only");
        (OfflineAfter, Geotag) = (offlineAfter, geotag);
        PathCacheTtl = AtLeast(s, "path-cache-ttl", TimeSpan.Zero);
        PathCacheGrace = AtLeast(s, "path-cache-grace", TimeSpan.Zero);
        PathPatience = AtLeast(s, "path-patience", TimeSpan.FromMilliseconds(1));
        PathCacheSize = Between(s, "path-cache-size", 16, 100_000_000);
        MaxRequests = Between(s, "max-requests", 1, 1_000_000);
        MaxRequestsPerClient = Between(s, "max-requests-per-client", 1, MaxRequests);
        MaxWaiting = Between(s, "max-waiting", 0, 10_000_000);
        RequestDeadline = AtLeast(s, "request-deadline", TimeSpan.FromSeconds(1));
        RetryInterval = AtLeast(s, "retry-interval", TimeSpan.FromMilliseconds(10));
        NodePatience = AtLeast(s, "node-patience", TimeSpan.FromMilliseconds(10));
        WalkWidth = Between(s, "walk-width", 1, 1024);
        WalkWidthPerNode = Between(s, "walk-width-per-node", 0, 1024) is var width and > 0 ? width : Math.Clamp(Environment.ProcessorCount / 2, 1, MostByProcessors);
        WalkWindow = Between(s, "walk-window", 1, 1024);
        WalkPart = (int)s.Bytes("walk-part") is var part and >= 1024 and <= 100_000 ? part : throw new ArgumentOutOfRangeException(nameof(s), "walk-part must be 1 KiB to 100 kB");
        RecycleInterval = AtLeast(s, "recycle-interval", TimeSpan.FromMilliseconds(100));
        WalkPause = AtLeast(s, "walk-pause", TimeSpan.FromMilliseconds(10));
        FindFiles = (ulong)Between(s, "find-files", 0, int.MaxValue);
        FindDirectories = (ulong)Between(s, "find-directories", 0, int.MaxValue);
        IdBlock = Between(s, "id-block", 1, 1_000_000);
        UsersRefresh = AtLeast(s, "users-refresh", TimeSpan.FromSeconds(1));
        Learning = AtLeast(s, "learning", TimeSpan.Zero);
        CapabilityLife = AtLeast(s, "capability-life", TimeSpan.FromSeconds(1));
        var replicas = Between(s, "replicas", 1, LayoutPolicy.MaxStripes);
        var checksum = ChecksumNames.TryParse(s.Text("checksum"), out var type) ? type : throw new ArgumentException($"unknown checksum '{s.Text("checksum")}'");
        Usual = new LayoutChoice(replicas == 1 ? LayoutType.Plain : LayoutType.Replica, replicas, checksum, 0, s.Text("space"));
        MaxFileSize = (ulong)s.Bytes("max-file-size");
    }

    /// <param name="geotag">Where the node stands, and so, as far as is known, its clients.</param>
    public static GatewaySettings From(Settings gateway, string instance, TimeSpan offlineAfter, string geotag = "") => new(gateway, instance, offlineAfter, geotag);

    /// <summary>The name in `/eos/&lt;instance&gt;`.</summary>
    public string Instance { get; }

    /// <summary>Of the views: a filesystem silent for longer is not used.</summary>
    public TimeSpan OfflineAfter { get; }

    /// <summary>Between two readings of the files of users and groups.</summary>
    public TimeSpan UsersRefresh { get; }

    public TimeSpan PathCacheTtl { get; }

    /// <summary>The same for directories on the way that do not answer.</summary>
    public TimeSpan PathCacheGrace { get; }

    /// <summary>A directory on the way that has not answered for so long is passed by what it said last.</summary>
    public TimeSpan PathPatience { get; }

    public int PathCacheSize { get; }
    public int MaxRequests { get; }
    public int MaxRequestsPerClient { get; }
    public int MaxWaiting { get; }
    public TimeSpan RequestDeadline { get; }
    public TimeSpan RetryInterval { get; }

    /// <summary>A node that has not answered a question to all nodes for so long is left out.</summary>
    public TimeSpan NodePatience { get; }

    public int WalkWidth { get; }

    /// <summary>The same, of pages, for the directories of one node.</summary>
    public int WalkWidthPerNode { get; }

    /// <summary>Parts that a client may have to take; then the walk waits for it.</summary>
    public int WalkWindow { get; }

    /// <summary>About how many bytes a part has.</summary>
    public int WalkPart { get; }

    /// <summary>After so long a part is sent even if it is small.</summary>
    public TimeSpan WalkPause { get; }

    /// <summary>The cleaner of the recycle bin looks so often whether it is time.</summary>
    public TimeSpan RecycleInterval { get; }

    /// <summary>So many files and directories may a user find at once; 0: as many as there are.</summary>
    public ulong FindFiles { get; }

    /// <inheritdoc cref="FindFiles"/>
    public ulong FindDirectories { get; }

    public int IdBlock { get; }

    /// <summary>For so long after its start a gateway may not know all filesystems yet.</summary>
    public TimeSpan Learning { get; }

    public TimeSpan CapabilityLife { get; }

    /// <summary>Where the gateway's clients are taken to stand: replicas near to it are read first.</summary>
    public string Geotag { get; }

    /// <summary>How new files are stored where their directory says nothing: plain if one replica is wanted, else replicas.</summary>
    public LayoutChoice Usual { get; }

    public ulong MaxFileSize { get; }

    private static int Between(Settings s, string key, int min, int max)
    {
        var value = s.Int(key);
        return value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(key, value, $"must be {min} to {max}");
    }

    private static TimeSpan AtLeast(Settings s, string key, TimeSpan min)
    {
        var value = s.Duration(key);
        return value >= min ? value : throw new ArgumentOutOfRangeException(key, value, $"must be at least {min}");
    }
}
