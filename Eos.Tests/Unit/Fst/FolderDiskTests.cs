using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Fst;

public sealed class FolderDiskTests : IDisposable
{
    private static readonly FileId File = new(23_456);
    private static readonly OpenId First = new(new OpId(new Guid("00112233-4455-6677-8899-aabbccddeeff"), 12));
    private readonly TemporaryFolder _folder = new();
    private readonly FolderDisk _disk;

    public FolderDiskTests() => _disk = new FolderDisk(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bytes_lie_where_EOS_has_them()
    {
        Assert.Equal(Path.Combine(_folder.Path, "00000002", "00005ba0"), _disk.PathOf(File));
        Assert.Equal(Path.Combine(_folder.Path, "774dfd5a", "123456789abc"), _disk.PathOf(new FileId(0x123456789abc)));
    }

    [Fact]
    public void A_kept_upload_is_read_back_with_its_record()
    {
        var record = Store("hello"u8);
        _disk.Keep(File, First);
        _disk.Keep(File, First);
        using var stored = _disk.Open(File, First);
        Assert.Equal(record, stored.Record);
        Assert.Equal(5, stored.Length);
        var buffer = new byte[9];
        Assert.Equal(3, stored.Read(buffer, 2));
        Assert.Equal("llo"u8, buffer.AsSpan(0, 3));
        Assert.Equal(["00000002/00005ba0", "00000002/00005ba0.rec"], _folder.Files());
    }

    [Fact]
    public void Kept_bytes_can_get_another_record()
    {
        var record = Store("hello"u8);
        Assert.Equal(Errno.NoEntry, Assert.Throws<DiskFault>(() => _disk.Rewrite(record)).Why);
        _disk.Keep(File, First);
        _disk.Rewrite(record with { Size = 9 });
        using var stored = _disk.Open(File, First);
        Assert.Equal(9ul, stored.Record.Size);
    }

    [Fact]
    public void Complete_bytes_can_be_read_before_they_are_kept()
    {
        Store("hello"u8);
        using (var stored = _disk.Open(File, First)) Assert.Equal(5, stored.Length);
        System.IO.File.Move(Path.Combine(_folder.Path, "00000002", $"00005ba0.{First.Op.Client:n}-12.part"), _disk.PathOf(File));
        using (var stored = _disk.Open(File, First)) Assert.Equal(5, stored.Length);
        _disk.Keep(File, First);
        Assert.Equal(2, _folder.Files().Length);
    }

    [Fact]
    public void An_upload_that_is_not_completed_leaves_nothing()
    {
        using (var upload = _disk.Begin(File, First, 1000))
        {
            upload.Write(new byte[500], 0);
            Assert.Single(_folder.Files());
            Assert.Equal(Errno.Busy, Assert.Throws<DiskFault>(() => _disk.Begin(File, First, 0)).Why);
        }

        Assert.Empty(_folder.Files());
    }

    [Fact]
    public void Other_opens_and_other_files_are_not_there()
    {
        Store("hello"u8);
        _disk.Keep(File, First);
        Assert.Equal(Errno.NoEntry, Assert.Throws<DiskFault>(() => _disk.Open(File, new OpenId(new OpId(First.Op.Client, 13)))).Why);
        Assert.Equal(Errno.NoEntry, Assert.Throws<DiskFault>(() => _disk.Open(new FileId(1), First)).Why);
        Assert.Equal(Errno.NoEntry, Assert.Throws<DiskFault>(() => _disk.Keep(new FileId(1), First)).Why);
    }

    [Fact]
    public void Deleting_removes_bytes_record_and_what_opens_left()
    {
        Store("hello"u8);
        _disk.Keep(File, First);
        Assert.Equal(Errno.Stale, Assert.Throws<DiskFault>(() => _disk.Begin(File, First, 0)).Why);
        Store("world"u8, new FileId(23_457));
        using var cut = _disk.Begin(new FileId(23_458), First, 0);
        Assert.Equal(5, _folder.Files().Length);
        Assert.Equal(1, _disk.Delete([File, new FileId(23_457), new FileId(23_458), new FileId(1)]));
        Assert.Empty(_folder.Files());
        Assert.Equal(0, _disk.Delete([File]));
        Assert.Equal(0, _disk.Delete([new FileId(999_999_999)]));
    }

    [Fact]
    public void Discarding_removes_a_complete_upload()
    {
        Store("hello"u8);
        _disk.Discard(File, First);
        _disk.Discard(new FileId(77), First);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public void A_record_that_was_being_written_goes_with_its_upload()
    {
        using (_disk.Begin(File, First, 0)) System.IO.File.Copy(Directory.GetFiles(_folder.Path, "*.part", SearchOption.AllDirectories).Single(), _folder.Of("part"));
        var record = _disk.PathOf(File) + $".{First.Op.Client:n}-{First.Op.Number}";
        System.IO.File.Move(_folder.Of("part"), record + ".part");
        System.IO.File.WriteAllText(record + ".rec.new", "half");
        foreach (var held in _disk.Survey().SelectMany(f => f.Partial)) _disk.Discard(held.File, held.Open);
        Assert.Empty(_folder.Files());
    }

    [Fact]
    public void A_survey_tells_kept_complete_partial_and_strange_apart()
    {
        var kept = Store("hello"u8);
        _disk.Keep(File, First);
        var complete = Store("world"u8, new FileId(5));
        var abandoned = new OpenId(new OpId(First.Op.Client, 3));
        using var partial = _disk.Begin(new FileId(6), abandoned, 0);
        var torn = _disk.PathOf(new FileId(7)) + ".rec";
        System.IO.File.WriteAllBytes(torn, [1, 2, 3, 4, 5, 6, 7]);
        System.IO.File.WriteAllText(_disk.PathOf(new FileId(8)), "bytes without a record");
        System.IO.File.WriteAllText(Path.Combine(_folder.Path, "00000000", "letter to a friend"), "?");

        var found = _disk.Survey().ToArray();
        Assert.Equal(2, found.Length);
        Assert.Equal([complete], found[0].Complete);
        Assert.Equal([new FstProtocol.Held(new FileId(6), abandoned)], found[0].Partial);
        Assert.Equal(3, found[0].Strange.Count);
        Assert.Equal([kept], found[1].Kept);

        foreach (var path in found[0].Strange) _disk.SetAside(path);
        Assert.Empty(_disk.Survey().SelectMany(f => f.Strange));
        Assert.Equal(3, Directory.GetFiles(Path.Combine(_folder.Path, ".eosorphans")).Length);
    }

    [Fact]
    public void An_empty_mount_is_labelled_and_known_again()
    {
        _disk.Attach(new FsId(3), "uuid-3", labelled: false);
        Assert.Equal("3\n", System.IO.File.ReadAllText(_folder.Of(".eosfsid")));
        Assert.Equal("uuid-3\n", System.IO.File.ReadAllText(_folder.Of(".eosfsuuid")));
        _disk.Attach(new FsId(3), "uuid-3", labelled: true);
        Assert.Equal((new FsId(3), "uuid-3"), _disk.ReadLabel());
    }

    [Fact]
    public void A_foreign_label_is_refused()
    {
        _disk.Attach(new FsId(3), "uuid-3", labelled: false);
        Assert.Equal(Errno.NoDevice, Assert.Throws<DiskFault>(() => _disk.Attach(new FsId(4), "uuid-3", labelled: false)).Why);
        var fault = Assert.Throws<DiskFault>(() => _disk.Attach(new FsId(3), "uuid-4", labelled: false));
        Assert.Contains("another filesystem", fault.Message);
    }

    [Fact]
    public void A_missing_label_is_refused_on_a_mount_with_content_and_where_there_was_one()
    {
        Assert.Equal(Errno.NoDevice, Assert.Throws<DiskFault>(() => _disk.Attach(new FsId(3), "uuid-3", labelled: true)).Why);
        System.IO.File.WriteAllText(_folder.Of("photo.jpg"), "");
        var fault = Assert.Throws<DiskFault>(() => _disk.Attach(new FsId(3), "uuid-3", labelled: false));
        Assert.Equal(Errno.NotEmpty, fault.Why);
        Assert.Equal(Errno.NoEntry, Assert.Throws<DiskFault>(() => new FolderDisk(_folder.Of("none")).Attach(new FsId(3), "u", labelled: false)).Why);
    }

    [Fact]
    public void A_label_half_written_by_a_crash_is_completed()
    {
        System.IO.File.WriteAllText(_folder.Of(".eosfsuuid"), "uuid-3\n");
        _disk.Attach(new FsId(3), "uuid-3", labelled: false);
        Assert.Equal((new FsId(3), "uuid-3"), _disk.ReadLabel());
    }

    [Fact]
    public void Space_is_what_the_system_says()
    {
        var space = _disk.Space();
        Assert.InRange(space.Free, 1u, space.Capacity);
        Assert.Equal((ulong)new DriveInfo(_folder.Path).TotalSize, space.Capacity);
    }

    [FullDiskFact]
    public void A_full_disk_gives_ENOSPC_at_any_point_and_nothing_stays()
    {
        using var mount = new TinyMount(4);
        var disk = new FolderDisk(mount.Path);
        Assert.Equal(Errno.NoSpace, Assert.Throws<DiskFault>(() => disk.Begin(File, First, 100 << 20)).Why);
        Assert.Empty(mount.Files());

        using (var upload = disk.Begin(File, First, 0))
        {
            var written = 0L;
            var fault = Assert.Throws<DiskFault>(void () =>
            {
                for (; ; written += 1 << 20) upload.Write(new byte[1 << 20], written);
            });
            Assert.Equal(Errno.NoSpace, fault.Why);
            Assert.InRange(written, 2 << 20, 4 << 20);
        }

        Assert.Empty(mount.Files());

        using (var upload = disk.Begin(File, First, 0))
        {
            for (var written = 0L; disk.Space().Free > 0; written += 4096) upload.Write(new byte[4096], written);
            Assert.Equal(Errno.NoSpace, Assert.Throws<DiskFault>(() => upload.Complete(Record(File, First, new byte[1]))).Why);
        }

        Assert.Empty(mount.Files());
        Assert.Equal(disk.Space().Capacity, disk.Space().Free);
    }

    [Fact]
    public void A_record_survives_its_bytes_and_a_changed_one_is_known()
    {
        var record = Record(new FileId(ulong.MaxValue), First, "x"u8.ToArray()) with { Size = 1L << 60, Modified = new Instant(-5) };
        var bytes = ReplicaRecordWire.Write(record);
        Assert.Equal(record, ReplicaRecordWire.Read(bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 0x10;
            Assert.NotEqual(record, ReplicaRecordWire.Read(changed));
            Assert.Null(ReplicaRecordWire.Read(bytes[..i]));
        }
    }

    private ReplicaRecord Store(ReadOnlySpan<byte> bytes) => Store(bytes, File);

    private ReplicaRecord Store(ReadOnlySpan<byte> bytes, FileId file)
    {
        var record = Record(file, First, bytes);
        using var upload = _disk.Begin(file, First, (ulong)bytes.Length);
        upload.Write(bytes[..2], 0);
        upload.Write(bytes[2..], 2);
        upload.Complete(record);
        return record;
    }

    private static ReplicaRecord Record(FileId file, OpenId open, ReadOnlySpan<byte> bytes) => new(
        file, new DirectoryId(17), open, (ulong)bytes.Length, ChecksumStream.Of(ChecksumType.Adler32, bytes),
        LayoutId.Of(LayoutType.Replica, 1, ChecksumType.Adler32), new Instant(1_700_000_000_123_456_789), 1001);
}
