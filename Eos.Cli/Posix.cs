using System.Runtime.InteropServices;

namespace Eos.Cli;

/// <summary>Who runs this process, asked of the C library; nobody where there is none.</summary>
internal static partial class Posix
{
    private const uint Nobody = 99;

    public static uint Uid => OperatingSystem.IsWindows() ? Nobody : GetEuid();
    public static uint Gid => OperatingSystem.IsWindows() ? Nobody : GetEgid();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEuid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEgid();
}
