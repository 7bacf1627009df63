using System.Text;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Kv;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Of("state.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Under_constant_overwriting_and_deleting_the_file_stays_small_and_shrinks_when_rows_go()
    {
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(Path, ear, "behind-size = 256 KiB");
        var feed = new EngineFeed(engine);
        var value = new string('v', 2000);
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 200; i++) feed.Foreign($"set key{i} {value}{round}", $"set passing{round}-{i} {value}", $"del passing{round}-{i / 2}");
            await ear.Reaches(feed.Last.Value);
            Assert.True(OnDisk < 8 << 20, $"round {round}: {OnDisk} bytes on disk for about 0.8 MB of rows");
        }
        feed.Foreign("flushall");
        await feed.Ask("get key1");
        await Eventually.Is(() => Task.FromResult(new FileInfo(Path).Length), size => size < 600_000, "the file gives its pages back");
    }

    [Fact]
    public async Task The_check_of_all_rows_finds_one_that_was_changed_behind_its_back()
    {
        using (var engine = StateFiles.Engine(Path, new EngineEar()))
        {
            var feed = new EngineFeed(engine);
            await feed.Own("set a 1", "hset h f v");
            var sound = await Verify(engine);
            Assert.Null(sound.Trouble);
            Assert.Equal((2ul, 3L), (sound.At.Position.Index.Value, sound.Rows));
        }
        using (var db = SqliteFile.Open(Path, create: false, TimeSpan.Zero)) db.Run("UPDATE rows SET v = x'0132' WHERE k = CAST('uka' AS BLOB)");
        using var again = StateFiles.Engine(Path, new EngineEar());
        var verdict = await Verify(again);
        Assert.Contains(Path, verdict.Trouble, StringComparison.Ordinal);
        Assert.Contains("raft-remove-member", verdict.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_has_all_that_was_applied_and_another_member_can_start_from_it()
    {
        using var engine = StateFiles.Engine(Path, new EngineEar(), "flush-interval = 10m");
        var feed = new EngineFeed(engine);
        await feed.Own("set a 1", "set b 2");
        var (at, trouble) = await Copy(engine, _folder.Of("backup"));
        Assert.Null(trouble);
        Assert.Equal(2ul, at!.Position.Index.Value);
        await feed.Own("set a 3");
        Assert.Contains("not empty", (await Copy(engine, _folder.Of("backup"))).Trouble, StringComparison.Ordinal);
        using var other = StateFiles.Engine(System.IO.Path.Combine(_folder.Of("backup"), "state.db"), new EngineEar());
        Assert.Equal(at.Position, other.Opened.Position);
        Assert.Equal("$1", await new EngineFeed(other, after: 2).Ask("get a"));
    }

    [Fact]
    public async Task Compacting_gives_all_free_space_back()
    {
        using var engine = StateFiles.Engine(Path, new EngineEar());
        var feed = new EngineFeed(engine);
        for (var i = 0; i < 300; i++) feed.Foreign($"set key{i} {new string('v', 2000)}");
        for (var i = 0; i < 100; i++) feed.Foreign($"del key{i * 3}");
        await feed.Ask("get a");
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Compact(done.SetResult);
        Assert.Null(await done.Task.WaitAsync(EngineFeed.Patience));
        var figures = new TaskCompletionSource<StateFigures>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Describe(figures.SetResult);
        var f = await figures.Task.WaitAsync(EngineFeed.Patience);
        Assert.Equal((400ul, 200L), (f.At.Position.Index.Value, f.Rows));
        Assert.InRange(f.FileSize, 200 * 2000, 200 * 3200);
        Assert.Equal("$" + new string('v', 2000), await feed.Ask("get key1"));
    }

    [Theory]
    [InlineData("a foreign database", "no state of Eos")]
    [InlineData("no database", "damaged")]
    [InlineData("another cluster", "belongs to cluster")]
    [InlineData("another format", "format 7")]
    [InlineData("cut off", "damaged")]
    [InlineData("a false mark", "checksum")]
    public void What_is_not_this_member_s_state_is_refused_with_its_name_and_the_cure(string what, string says)
    {
        if (what is "no database") File.WriteAllText(Path, new string('x', 5000));
        else if (what is "a foreign database") Alter("CREATE TABLE other (id INTEGER PRIMARY KEY)");
        else
        {
            using (var state = StateFile.Open(Path, new StateOrigin(what is "another cluster" ? "other" : StateFiles.Cluster, StateFiles.Founders), StateFiles.Knobs(), new StateFileEvents(_ => { }, () => { }, new EngineEar())))
            {
                for (var i = 0; i < 100; i++) state.Put([1, (byte)i], new byte[900]);
                state.Commit(new KvMark(new LogIndex(1), TimeSpan.Zero, new KvDigest(1, 1, 100)));
                state.Seal(1);
                state.Close();
            }
            if (what is "another format") Alter("PRAGMA user_version = 7");
            if (what is "a false mark") Alter("UPDATE mark SET position = position + 1");
            if (what is "cut off")
            {
                using var handle = File.OpenHandle(Path, access: FileAccess.Write);
                RandomAccess.SetLength(handle, 20 * 1024);
            }
        }
        var refused = Assert.Throws<StateRefused>(() => StateFiles.Engine(Path, new EngineEar()));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The file is behind for as long as the writer takes: until then the rows under way are in memory, however little room there is.</summary>
    [Fact]
    public async Task Rows_that_are_being_written_are_read_from_memory()
    {
        using var state = StateFiles.Open(Path, StateFiles.Knobs("cache-size = 0, flush-interval = 10m"));
        byte[] mine = [1, 1], fresh = [1, 2];
        for (byte i = 0; i < 50; i++) state.Put([2, i], new byte[1000]);
        state.Put(mine, "old"u8);
        await Written(1);

        using var busy = new ManualResetEventSlim();
        using var writing = new ManualResetEventSlim();
        state.Writer.Do(_ =>
        {
            busy.Set();
            writing.Wait();
        });
        busy.Wait();
        try
        {
            state.Put(mine, "new"u8);
            state.Put(fresh, "new"u8);
            state.Seal(2);
            var written = false;
            state.WhenWritten(() => written = true);
            for (var round = 0; round < 5; round++)
            {
                state.Rest();
                for (byte i = 0; i < 50; i++) Assert.Equal(1000, state.Get([2, i])!.Value.Length);   // what is read takes the room
            }
            Assert.Equal([("0101", "6E6577"), ("0102", "6E6577")], state.Between([1], [2]));
            Assert.Equal(["new", "new"], new[] { mine, fresh }.Select(key => Encoding.UTF8.GetString(state.Get(key)!.Value.Span)));
            Assert.False(written);
        }
        finally
        {
            writing.Set();
        }
        await Written(3);
        Assert.Equal([("0101", "6E6577"), ("0102", "6E6577")], state.Between([1], [2]));

        Task Written(ulong index)
        {
            state.Commit(new KvMark(new LogIndex(index), TimeSpan.Zero, new KvDigest(1, 1, 51)));
            state.Seal(index);
            var written = false;
            state.WhenWritten(() => written = true);
            return Eventually.True(
                () =>
                {
                    state.Rest();
                    return written;
                },
                "it is in the file");
        }
    }

    [FullDiskFact]
    public async Task A_full_disk_is_told_reading_goes_on_and_writing_when_there_is_space_again()
    {
        using var disk = new TinyMount(megabytes: 24);
        var ballast = System.IO.Path.Combine(disk.Path, "ballast");
        var ear = new EngineEar();
        var file = System.IO.Path.Combine(disk.Path, "state.db");
        using (var engine = StateFiles.Engine(file, ear, "behind-size = 1 MiB"))
        {
            var feed = new EngineFeed(engine);
            await feed.Own("set first 1");
            File.WriteAllBytes(ballast, new byte[22 << 20]);
            for (var i = 0; i < 5000; i++) feed.Foreign($"set key{i} {new string('v', 1000)}");
            await Eventually.Is(() => Task.FromResult(ear.DiskSaid.LastOrDefault()), e => e is SqliteFailure { IsFull: true }, "the disk is full");
            Assert.Equal("$1", await feed.Ask("get first", new LogIndex(1)));
            await Eventually.Stays(() => ear.AppliedUpTo < feed.Last, TimeSpan.FromMilliseconds(200), "it applied more than it may hold");
            feed.Foreign("flushall", "set last 1");
            File.Delete(ballast);
            await ear.Reaches(feed.Last.Value);
            Assert.Equal("$1", await feed.Ask("get last"));
            Assert.Null(ear.DiskSaid.Last());
            Assert.Null(ear.Failure);
        }
    }

    private long OnDisk => _folder.Files().Select(f => new FileInfo(_folder.Of(f))).Sum(f => f.Exists ? f.Length : 0);

    private void Alter(string sql)
    {
        using var db = SqliteFile.Open(Path, create: true, TimeSpan.Zero);
        db.Run(sql);
    }

    private static Task<StateVerdict> Verify(KvEngine engine)
    {
        var found = new TaskCompletionSource<StateVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Verify(found.SetResult);
        return found.Task.WaitAsync(EngineFeed.Patience);
    }

    private static Task<(SnapshotInfo? At, string? Trouble)> Copy(KvEngine engine, string folder)
    {
        var done = new TaskCompletionSource<(SnapshotInfo?, string?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Checkpoint(folder, (at, trouble) => done.SetResult((at, trouble)));
        return done.Task.WaitAsync(EngineFeed.Patience);
    }
}
