using System.Globalization;
using Eos.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Eos.Fst;

/// <summary>A mount that is a folder of the operating system.</summary>
/// <remarks>
/// <code>
/// &lt;mount&gt;/.eosfsid .eosfsuuid                      the label
/// &lt;mount&gt;/&lt;fid/10000&gt;/&lt;fid&gt;                        the bytes            (hexadecimal, at least eight digits: EOS's layout)
///                      /&lt;fid&gt;.rec                    their record
///                      /&lt;fid&gt;.&lt;client&gt;-&lt;n&gt;.part      bytes of an open      (client and n: the open id)
///                      /&lt;fid&gt;.&lt;client&gt;-&lt;n&gt;.rec       their record; its presence says that the bytes are complete
/// </code>
/// Keeping renames the bytes, then the record; a crash in between leaves the open's record without its bytes, which says that the file's bytes are that open's.
/// </remarks>
public sealed partial class FolderDisk(string root) : IDisk
{
    private const string IdLabel = ".eosfsid", UuidLabel = ".eosfsuuid", Orphans = ".eosorphans";
    private const string PartSuffix = ".part", RecordSuffix = ".rec";
    internal const string NewSuffix = ".new";
    private const ulong FilesPerFolder = 10_000;
    private const int Tries = 5;

    /// <inheritdoc />
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>Where the bytes of a file lie.</summary>
    public string PathOf(FileId file) => Path.Combine(FolderOf(file), file.ToString());

    /// <inheritdoc />
    public DiskSpace Space() => Guarded(() =>
    {
        if (OperatingSystem.IsLinux())
        {
            var (unit, blocks, available, inodes, inodesFree) = Posix.StatFilesystem(Root);
            return new DiskSpace(unit * blocks, unit * available, inodes, inodesFree, BlockDevice.Busy(Root));
        }

        var drive = new DriveInfo(Root);
        return new DiskSpace((ulong)drive.TotalSize, (ulong)drive.AvailableFreeSpace, 0, 0, TimeSpan.Zero);
    });

    /// <inheritdoc />
    public IUpload Begin(FileId file, OpenId open, ulong reserve) => Guarded(() =>
    {
        if (File.Exists(RecordPath(file)))
            throw new DiskFault(Errno.Stale, $"file {file} is stored already");
        return BeginAnew(file, open, reserve);
    });

    /// <inheritdoc />
    public IUpload BeginAnew(FileId file, OpenId open, ulong reserve) => Guarded<IUpload>(() =>
    {
        if (File.Exists(RecordPath(file, open)))
            throw new DiskFault(Errno.Busy, $"the bytes of open {open} are complete already");
        var folder = FolderOf(file);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            SyncDirectory(Root);
        }

        return new FolderUpload(this, file, open, PartPath(file, open), reserve);
    });

    /// <inheritdoc />
    public void Keep(FileId file, OpenId open) => Guarded(() =>
    {
        var record = RecordPath(file, open);
        if (!File.Exists(record))
            return ReadRecord(RecordPath(file))?.Open == open ? 0 : throw new DiskFault(Errno.NoEntry, $"no bytes of open {open} of file {file}");
        var part = PartPath(file, open);
        if (File.Exists(part)) File.Move(part, PathOf(file), overwrite: true);
        File.Move(record, RecordPath(file), overwrite: true);
        return 0;
    });

    /// <inheritdoc />
    public void Discard(FileId file, OpenId open) => Guarded(() =>
    {
        Remove(PartPath(file, open));
        Remove(RecordPath(file, open) + NewSuffix);
        Remove(RecordPath(file, open));
        return 0;
    });

    /// <inheritdoc />
    public int Delete(IReadOnlyCollection<FileId> files) => Guarded(() =>
    {
        var kept = 0;
        foreach (var ofFolder in files.GroupBy(FolderOf))
        {
            if (!Directory.Exists(ofFolder.Key)) continue;
            var never = new HashSet<string>(StringComparer.Ordinal);   // not kept, so that an open may have left something, whose name is not known
            foreach (var file in ofFolder)
            {
                if (File.Exists(PathOf(file))) kept++;
                if (!File.Exists(RecordPath(file))) never.Add(file.ToString());
                Remove(PathOf(file));
                Remove(RecordPath(file));
            }

            if (never.Count > 0)
                foreach (var left in Directory.EnumerateFiles(ofFolder.Key).Where(path => never.Contains(Path.GetFileName(path).Split('.')[0]))) Remove(left);
            SyncDirectory(ofFolder.Key);
        }

        return kept;
    });

    /// <inheritdoc />
    public void Rewrite(ReplicaRecord record) => Guarded(() =>
    {
        if (ReadRecord(RecordPath(record.File))?.Open != record.Open) throw new DiskFault(Errno.NoEntry, $"no kept bytes of open {record.Open} of file {record.File}");
        WriteDurably(RecordPath(record.File), ReplicaRecordWire.Write(record));
        SyncDirectory(FolderOf(record.File));
        return 0;
    });

    /// <inheritdoc />
    public void SetAside(string path) => Guarded(() =>
    {
        var aside = Path.Combine(Root, Orphans);
        Directory.CreateDirectory(aside);
        if (File.Exists(path)) File.Move(path, Path.Combine(aside, Path.GetFileName(path)), overwrite: true);
        return 0;
    });

    /// <inheritdoc />
    public IStoredBytes Open(FileId file, OpenId open) => Guarded<IStoredBytes>(() =>
    {
        for (var attempt = 0; attempt < Tries; attempt++)   // a Keep may rename between two of our looks
        {
            if (TryOpen(RecordPath(file), PathOf(file), open) is { } kept) return kept;
            if (TryOpen(RecordPath(file, open), PartPath(file, open), open) is { } complete) return complete;
            if (TryOpen(RecordPath(file, open), PathOf(file), open) is { } between) return between;
        }

        throw new DiskFault(Errno.NoEntry, $"file {file} is not on this filesystem");
    });

    private static StoredFile? TryOpen(string recordPath, string bytesPath, OpenId open)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(bytesPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            if (ReadRecord(recordPath) is { } record && record.Open == open)
            {
                var stored = new StoredFile(handle, record);
                handle = null;
                return stored;
            }
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        finally
        {
            handle?.Dispose();
        }

        return null;
    }

    internal static ReplicaRecord? ReadRecord(string path)
    {
        try
        {
            return ReplicaRecordWire.Read(File.ReadAllBytes(path));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    internal void WriteRecord(ReplicaRecord record)
    {
        var path = RecordPath(record.File, record.Open);
        WriteDurably(path, ReplicaRecordWire.Write(record));
        SyncDirectory(FolderOf(record.File));
    }

    private static void WriteDurably(string path, ReadOnlySpan<byte> bytes)
    {
        var fresh = path + NewSuffix;
        using (var handle = File.OpenHandle(fresh, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, bytes, 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsLinux()) Posix.SyncDirectory(path);
    }

    internal static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // what is not there needs no removing
        }
    }

    internal static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (DiskFault.Covers(failure))
        {
            throw DiskFault.From(failure);
        }
    }

    private string FolderOf(FileId file) => Path.Combine(Root, (file.Value / FilesPerFolder).ToString("x8", CultureInfo.InvariantCulture));

    private string RecordPath(FileId file) => PathOf(file) + RecordSuffix;

    internal string RecordPath(FileId file, OpenId open) => OpenPath(file, open) + RecordSuffix;

    private string PartPath(FileId file, OpenId open) => OpenPath(file, open) + PartSuffix;

    private string OpenPath(FileId file, OpenId open) =>
        string.Create(CultureInfo.InvariantCulture, $"{PathOf(file)}.{open.Op.Client:n}-{open.Op.Number}");
}
