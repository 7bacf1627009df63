using System.Globalization;

namespace Eos.Fst;

/// <summary>What Linux counts of the device below a mount (Documentation/block/stat.rst).</summary>
internal static class BlockDevice
{
    private const int DeviceField = 2, MountField = 4, BusyField = 9;

    /// <summary>Time that the device had requests in flight; zero for a mount without a device.</summary>
    public static TimeSpan Busy(string path)
    {
        var device = File.ReadLines("/proc/self/mountinfo")
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > MountField && Contains(fields[MountField], path))
            .MaxBy(fields => fields[MountField].Length)?[DeviceField];
        var counts = $"/sys/dev/block/{device}/stat";
        if (device is null || !File.Exists(counts)) return TimeSpan.Zero;
        var numbers = File.ReadAllText(counts).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return numbers.Length > BusyField && long.TryParse(numbers[BusyField], NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            ? TimeSpan.FromMilliseconds(ms)
            : TimeSpan.Zero;
    }

    private static bool Contains(string mount, string path) =>
        path.StartsWith(mount, StringComparison.Ordinal) && (mount.EndsWith('/') || path.Length == mount.Length || path[mount.Length] == '/');
}
