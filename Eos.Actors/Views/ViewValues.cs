using System.Collections.Immutable;
using Eos.Fst;
using Eos.Kernel;

namespace Eos.Views;

/// <summary>Whether a filesystem or node serves: EOS's `active`. Append only.</summary>
public enum Activity
{
    Undefined = 0,
    Online = 1,
    Offline = 2,
    Overload = 3,
}

/// <summary>One filesystem: its last report with what is configured, and whether that report still counts.</summary>
public sealed record FsView(FstProtocol.FsReport Report, Activity Active)
{
    public FsConfiguration Configured { get; init; } = FsConfiguration.None;

    public FsId Id => Report.Identity.Id;
}

/// <summary>One node, summed over its filesystems.</summary>
/// <param name="Name">`host:port`, or whatever it was configured as.</param>
/// <param name="Active">Whether it reports.</param>
/// <param name="HeartbeatAge">Since its last report.</param>
/// <param name="Keys">What is configured.</param>
public sealed record NodeView(
    string Name, string Host, int Port, string Geotag, Activity Active, TimeSpan HeartbeatAge, ViewSums Sums, ImmutableSortedDictionary<string, string> Keys)
{
    /// <summary>`on` or `off`.</summary>
    public string Status => Keys.GetValueOrDefault(ViewConfiguration.StatusKey, "on");

    /// <summary>As its newest report has it.</summary>
    public FstProtocol.FsSystem System { get; init; } = FstProtocol.FsSystem.None;
}

/// <summary>One group.</summary>
/// <param name="Status">on, off or drain.</param>
public sealed record GroupView(string Name, string Status, ViewSums Sums);

/// <summary>One space, summed over its filesystems.</summary>
/// <param name="Keys">What is configured.</param>
public sealed record SpaceView(string Name, int Groups, ViewSums Sums, ImmutableSortedDictionary<string, string> Keys);
