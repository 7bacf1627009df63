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

/// <summary>One filesystem: its last report, and whether that report still counts.</summary>
public sealed record FsView(FstProtocol.FsReport Report, Activity Active)
{
    public FsId Id => Report.Identity.Id;
}

/// <summary>One node, summed over its filesystems. Byte counts in bytes.</summary>
/// <param name="HeartbeatAge">Since its last report.</param>
public sealed record NodeView(
    string Host, int Port, string Geotag, Activity Active, TimeSpan HeartbeatAge, int Filesystems, ulong Used, ulong Capacity);

/// <summary>One group. Filled and deviations in per cent.</summary>
/// <param name="MaxDeviation">Largest distance of a member from the average.</param>
public sealed record GroupView(
    string Name, bool On, int Filesystems, double AverageFilled, double MaxDeviation, double Sigma, ulong Used, ulong Capacity);

/// <summary>One space, summed over its filesystems; RW: those that take new bytes now.</summary>
public sealed record SpaceView(
    string Name, int Groups, int Filesystems, int FilesystemsRw, ulong Used, ulong Capacity, ulong CapacityRw, ulong FreeRw);
