using System.Diagnostics;
using System.Globalization;
using Eos.Kernel;

namespace Eos.Fst;

/// <summary>What this process takes of its machine, as the kernel counts it. What can't be read is 0.</summary>
public static class ProcessGauge
{
    /// <summary>Reads some files of the kernel.</summary>
    public static FstProtocol.FsSystem Measure(string version, string engine)
    {
        using var self = Process.GetCurrentProcess();
        return new FstProtocol.FsSystem(
            (ulong)self.VirtualMemorySize64, (ulong)self.WorkingSet64, (uint)self.Threads.Count, Sockets(), version, engine, Environment.OSVersion.Version.ToString(),
            Instant.From(self.StartTime.ToUniversalTime()), Uptime());
    }

    private static uint Sockets() => (uint)Read(
        () => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(fd => File.ResolveLinkTarget(fd, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true));

    private static TimeSpan Uptime() => TimeSpan.FromSeconds(Read(() => double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture)));

    private static double Read(Func<double> read)
    {
        try
        {
            return read();
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }
}
