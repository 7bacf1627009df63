using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Eos.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Eos.Fst;

/// <summary>The few calls of the C library that .NET does not offer: reserving space, early write-back, inode counts.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Posix
{
    private const int KeepSize = 1;
    private const uint StartWriting = 2;

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        try
        {
            Folders.Sync(path);
        }
        catch (IOException e)
        {
            throw new DiskFault((Errno)e.HResult, e.Message);
        }
    }

    /// <summary>Reserves disk space without changing the length. Nothing where the filesystem cannot.</summary>
    public static void Reserve(SafeFileHandle file, long length)
    {
        if (fallocate(file, KeepSize, 0, length) == 0) return;
        var error = (Errno)Marshal.GetLastPInvokeError();
        if (error is Errno.NoSpace or Errno.QuotaExceeded or Errno.FileTooLarge) throw new DiskFault(error, "no room for the file");
    }

    /// <summary>Asks the kernel to write these bytes out soon, so that the final sync has little left to do.</summary>
    public static void StartWriteBack(SafeFileHandle file, long offset, long length) => _ = sync_file_range(file, offset, length, StartWriting);

    /// <summary>Block size, blocks, blocks free to us, inodes, inodes free.</summary>
    public static unsafe (ulong Unit, ulong Blocks, ulong Available, ulong Inodes, ulong InodesFree) StatFilesystem(string path)
    {
        var words = stackalloc ulong[32];   // struct statvfs: eleven words and a little more on 64-bit Linux
        if (statvfs(path, words) != 0) throw Fault(path);
        return (words[1], words[2], words[4], words[5], words[6]);
    }

    private static DiskFault Fault(string path)
    {
        var error = (Errno)Marshal.GetLastPInvokeError();
        return new DiskFault(error, $"{path}: {error.Text()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fallocate(SafeFileHandle handle, int mode, long offset, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sync_file_range(SafeFileHandle handle, long offset, long length, uint flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statvfs(string path, ulong* result);
}
