using Eos.Kernel;

namespace Eos.Fst;

/// <summary>A disk said no: the errno and a text for people.</summary>
public sealed class DiskFault(Errno why, string text, Exception? inner = null) : IOException(text, inner)
{
    public Errno Why { get; } = why;

    /// <summary>Any failure of file input or output as a disk fault; the operating system's number where there is one, else EIO.</summary>
    public static DiskFault From(Exception failure) => failure switch
    {
        DiskFault fault => fault,
        FileNotFoundException or DirectoryNotFoundException => new DiskFault(Errno.NoEntry, failure.Message, failure),
        UnauthorizedAccessException => new DiskFault(Errno.AccessDenied, failure.Message, failure),
        PathTooLongException => new DiskFault(Errno.NameTooLong, failure.Message, failure),
        IOException { HResult: > 0 and < 4096 } => new DiskFault((Errno)failure.HResult, failure.Message, failure),
        _ => new DiskFault(Errno.InputOutput, failure.Message, failure),
    };

    /// <summary>Whether the exception is about input or output at all.</summary>
    public static bool Covers(Exception failure) => failure is IOException or UnauthorizedAccessException;
}
