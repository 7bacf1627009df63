using Akka.Configuration;

namespace Akka.Cluster.SBR;

/// <summary>The settings below <c>akka.cluster.split-brain-resolver</c>.</summary>
internal sealed class SplitBrainResolverSettings
{
    public const string KeepMajority = "keep-majority";
    public const string StaticQuorum = "static-quorum";
    public const string KeepOldest = "keep-oldest";
    public const string DownAll = "down-all";
    public const string LeaseMajority = "lease-majority";

    private static readonly TimeSpan LeastUnstable = TimeSpan.FromSeconds(4);

    public SplitBrainResolverSettings(Config config)
    {
        var section = config.GetConfig("akka.cluster.split-brain-resolver")!;
        Section = section;
        Strategy = section.GetString("active-strategy")!.ToLowerInvariant();
        StableAfter = section.GetTimeSpan("stable-after");
        DownAllWhenUnstable = section.GetString("down-all-when-unstable")!.ToLowerInvariant() switch
        {
            "on" or "true" or "yes" => Max(LeastUnstable, StableAfter * 0.75),
            "off" or "false" or "no" => TimeSpan.Zero,
            _ => section.GetTimeSpan("down-all-when-unstable"),
        };
    }

    /// <summary>The strategy's name.</summary>
    public string Strategy { get; }

    /// <summary>How long the picture must stand still.</summary>
    public TimeSpan StableAfter { get; }

    /// <summary>How much longer than that it may move before everybody is downed; zero: for ever.</summary>
    public TimeSpan DownAllWhenUnstable { get; }

    public Config Section { get; }

    /// <summary>The strategy that is configured.</summary>
    public DowningStrategy Create() => Strategy switch
    {
        KeepMajority => new KeepMajority(Role(KeepMajority)),
        StaticQuorum => new StaticQuorum(Section.GetInt("static-quorum.quorum-size") is var size and > 0
            ? size
            : throw new ConfigurationException("akka.cluster.split-brain-resolver.static-quorum.quorum-size must be positive"), Role(StaticQuorum)),
        KeepOldest => new KeepOldest(Section.GetBoolean("keep-oldest.down-if-alone"), Role(KeepOldest)),
        DownAll => new DownAllStrategy(),
        LeaseMajority => new LeaseMajority(Role(LeaseMajority)),
        _ => throw new ConfigurationException($"akka.cluster.split-brain-resolver.active-strategy: no such strategy: {Strategy}"),
    };

    private string? Role(string strategy) => Section.GetString($"{strategy}.role") is { Length: > 0 } role ? role : null;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
