using Eos.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Eos.Fst;

/// <summary>A temporary file that becomes a replica, or nothing.</summary>
internal sealed class FolderUpload : IUpload
{
    private const long WriteBackEvery = 16 << 20;
    private readonly FolderDisk _disk;
    private readonly FileId _file;
    private readonly OpenId _open;
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private long _writtenBack;
    private bool _complete;

    public FolderUpload(FolderDisk disk, FileId file, OpenId open, string path, ulong reserve)
    {
        (_disk, _file, _open, _path) = (disk, file, open, path);
        try
        {
            _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new DiskFault(Errno.Busy, $"open {open} is being written already");
        }

        try
        {
            if (reserve > 0 && OperatingSystem.IsLinux()) Posix.Reserve(_handle, (long)reserve);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
            var end = offset + bytes.Length;
            if (end - _writtenBack < WriteBackEvery || !OperatingSystem.IsLinux()) return;
            Posix.StartWriteBack(_handle, _writtenBack, end - _writtenBack);
            _writtenBack = end;
        }
        catch (Exception failure) when (DiskFault.Covers(failure))
        {
            throw DiskFault.From(failure);
        }
    }

    public void Sync() => FolderDisk.Guarded(() =>
    {
        RandomAccess.FlushToDisk(_handle);
        return true;
    });

    public void Complete(ReplicaRecord record) => FolderDisk.Guarded(() =>
    {
        RandomAccess.FlushToDisk(_handle);
        _disk.WriteRecord(record);
        return _complete = true;
    });

    public void Dispose()
    {
        _handle.Dispose();
        if (_complete) return;
        FolderDisk.Remove(_path);
        FolderDisk.Remove(_disk.RecordPath(_file, _open) + FolderDisk.NewSuffix);
        FolderDisk.Remove(_disk.RecordPath(_file, _open));
    }
}

/// <summary>An open file for reading, with its record.</summary>
internal sealed class StoredFile(SafeFileHandle handle, ReplicaRecord record) : IStoredBytes
{
    public ReplicaRecord Record => record;

    public long Length { get; } = RandomAccess.GetLength(handle);

    public int Read(Span<byte> into, long offset)
    {
        try
        {
            return RandomAccess.Read(handle, into, offset);
        }
        catch (Exception failure) when (DiskFault.Covers(failure))
        {
            throw DiskFault.From(failure);
        }
    }

    public void Dispose() => handle.Dispose();
}
