using System.Runtime.InteropServices;

namespace Eos.Kernel;

/// <summary>What .NET does not offer for directories.</summary>
public static partial class Folders
{
    private const int ReadOnlyDirectory = 0x80000 | 0x10000;   // O_CLOEXEC | O_DIRECTORY; both have these values on x86-64, O_DIRECTORY is 0x4000 on arm64
    private const int ReadOnlyDirectoryArm = 0x80000 | 0x4000;

    /// <summary>Makes the names in a directory durable; nothing where the system is not Linux.</summary>
    /// <exception cref="IOException">Its HResult is the error number.</exception>
    public static void Sync(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        var flags = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? ReadOnlyDirectoryArm : ReadOnlyDirectory;
        var handle = open(path, flags);
        if (handle < 0) throw Fault(path);
        try
        {
            if (fsync(handle) != 0) throw Fault(path);
        }
        finally
        {
            _ = close(handle);
        }
    }

    private static IOException Fault(string path)
    {
        var error = (Errno)Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {error.Text()}", (int)error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc")]
    private static partial int close(int handle);
}
