using Eos.Scheduling;

namespace Eos.Views;

/// <summary>Sums over some filesystems. Bytes; rates in MB/s; load 0 to 1; filled and deviations in per cent.</summary>
public sealed record ViewSums(int Filesystems, int Writable)
{
    public double LoadAverage { get; init; }
    public double LoadSigma { get; init; }
    public double ReadRate { get; init; }
    public double WriteRate { get; init; }
    public ulong OpenForRead { get; init; }
    public ulong OpenForWrite { get; init; }
    public ulong Used { get; init; }
    public ulong Free { get; init; }
    public ulong Capacity { get; init; }

    /// <summary>Of those that take new bytes now.</summary>
    public ulong FreeRw { get; init; }
    public ulong CapacityRw { get; init; }

    /// <summary>Replicas.</summary>
    public ulong Files { get; init; }
    public ulong Inodes { get; init; }
    public ulong InodesFree { get; init; }

    /// <summary>What their places have in common, from the large to the small.</summary>
    public string Geotag { get; init; } = "";

    public double FilledAverage { get; init; }
    public double FilledSigma { get; init; }

    /// <summary>The largest distance of one from the average.</summary>
    public double FilledDeviation { get; init; }

    public static ViewSums Of(IReadOnlyList<ViewState.Heard> members, Func<ViewState.Heard, bool> isWritable)
    {
        var (usages, loads) = (members.Select(h => h.Report.Usage).ToList(), members.Select(h => h.Report.Load).ToList());
        var writable = members.Where(isWritable).Select(h => h.Report.Usage).ToList();
        var filled = usages.Select(u => u.Capacity == 0 ? 0 : 100.0 * u.Used / u.Capacity).ToList();
        var (fill, load) = (Average(filled), Average([.. loads.Select(l => l.Disk)]));
        return new ViewSums(members.Count, writable.Count)
        {
            LoadAverage = load,
            LoadSigma = Sigma([.. loads.Select(l => l.Disk)], load),
            ReadRate = loads.Sum(l => l.ReadRate),
            WriteRate = loads.Sum(l => l.WriteRate),
            OpenForRead = Sum(loads, l => l.OpenForRead),
            OpenForWrite = Sum(loads, l => l.OpenForWrite),
            Used = Sum(usages, u => u.Used),
            Free = Sum(usages, u => u.Free),
            Capacity = Sum(usages, u => u.Capacity),
            FreeRw = Sum(writable, u => u.Free),
            CapacityRw = Sum(writable, u => u.Capacity),
            Files = Sum(usages, u => u.Replicas),
            Inodes = Sum(usages, u => u.Inodes),
            InodesFree = Sum(usages, u => u.InodesFree),
            Geotag = members.Select(h => h.Report.Identity.Geotag).Distinct().DefaultIfEmpty("").Aggregate(Geotags.Shared),
            FilledAverage = fill,
            FilledSigma = Sigma(filled, fill),
            FilledDeviation = filled.Count == 0 ? 0 : filled.Max(f => Math.Abs(f - fill)),
        };
    }

    private static double Average(List<double> values) => values.Count == 0 ? 0 : values.Average();

    private static double Sigma(List<double> values, double average) => values.Count == 0 ? 0 : Math.Sqrt(values.Average(v => (v - average) * (v - average)));

    private static ulong Sum<T>(IEnumerable<T> from, Func<T, ulong> of) => from.Aggregate(0UL, (sum, one) => sum + of(one));
}
