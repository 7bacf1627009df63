using System.Runtime.InteropServices;
using System.Text.Unicode;
using Eos.Kernel;

namespace Eos.Cli;

/// <summary>Who runs this process, asked of the C library; nobody where there is none.</summary>
internal static partial class Posix
{
    private const uint Nobody = 99;
    private const string CommandLineFile = "/proc/self/cmdline";

    public static uint Uid => OperatingSystem.IsWindows() ? Nobody : GetEuid();
    public static uint Gid => OperatingSystem.IsWindows() ? Nobody : GetEgid();

    /// <summary>Null if all words are what was typed. Of bytes that are no UTF-8 the runtime makes U+FFFD, and names that differ would become the same one.</summary>
    public static EosException? WordsAreUnicode(IReadOnlyList<string> words) =>
        words.Any(w => w.Contains('\uFFFD')) && File.Exists(CommandLineFile) && !Utf8.IsValid(File.ReadAllBytes(CommandLineFile))
            ? new EosException(Errno.Invalid, "a word of the command is not valid UTF-8")
            : null;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEuid();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint GetEgid();
}
