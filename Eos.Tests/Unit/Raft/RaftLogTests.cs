using Eos.Kernel;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Tests.Support.RaftLogs;

namespace Eos.Tests.Unit.Raft;

public sealed class RaftLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.Of("log.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_stored_is_there_when_the_log_is_opened_again()
    {
        using (var log = Open(File))
        {
            Assert.Equal(LogPosition.Start, log.Contents.View.Last);
            var end = await log.StoreAsync(Persist(3, "b:7777", null, Batch(1, 1, 5), Batch(1, 6), Change(3, 7, "a:7777", "b:7777")));
            Assert.Equal(new LogPosition(new Term(3), new LogIndex(7)), end);
        }
        using var again = Open(File, create: false);
        var c = again.Contents;
        Assert.Equal((new Term(3), new MemberId("b:7777")), (c.Term, c.Vote!.Value));
        Assert.Equal(new LogPosition(new Term(3), new LogIndex(7)), c.View.Last);
        Assert.Equal("1:1 3:7", Terms(c));
        Assert.Equal(TimeSpan.FromTicks(70), c.LogTime);
        var membership = Assert.Single(c.Memberships);
        Assert.Equal((7ul, 7ul, 2), (membership.At.Value, membership.Membership.Epoch, membership.Membership.Quorum));
        var read = await again.ReadAsync(3);
        Assert.Equal(LogPosition.Start, read.Previous);
        Assert.Equal([1ul, 6, 7], read.Batches.Select(b => b.First.Value));
        Assert.Equal(Payload(6, 20), read.Batches[1].Payload.ToArray());
        Assert.Equal(["a:7777", "b:7777"], read.Batches[2].Membership!.Voters.Select(v => v.Value));
    }

    [Fact]
    public async Task A_new_leader_replaces_what_was_not_committed()
    {
        using (var log = Open(File))
        {
            await log.StoreAsync(Persist(1, null, null, Batch(1, 1, 3), Batch(1, 4), Batch(2, 5)));
            var end = await log.StoreAsync(Persist(4, null, 4, Batch(4, 4)));
            Assert.Equal(new LogPosition(new Term(4), new LogIndex(4)), end);
        }
        using var again = Open(File);
        Assert.Equal("1:1 4:4", Terms(again.Contents));
        Assert.Equal([1ul, 4], (await again.ReadAsync(1)).Batches.Select(b => b.First.Value));
    }

    [Fact]
    public async Task Reading_stops_at_the_size_asked_for_and_knows_what_came_before()
    {
        using var log = Open(File);
        await log.StoreAsync(Persist(1, null, null, [.. Enumerable.Range(1, 20).Select(i => Batch(1, (ulong)i, bytes: 100))]));
        var read = await log.ReadAsync(11, maxBytes: 400);
        Assert.Equal(new LogPosition(new Term(1), new LogIndex(10)), read.Previous);
        Assert.Equal([11ul, 12], read.Batches.Select(b => b.First.Value));
        Assert.Empty((await log.ReadAsync(21)).Batches);
    }

    [Fact]
    public async Task After_trimming_the_log_begins_at_the_end_of_a_batch()
    {
        using (var log = Open(File))
        {
            await log.StoreAsync(Persist(2, null, null, Batch(1, 1, 3), Batch(1, 4, 3), Batch(2, 7, 3)));
            log.Trim(new LogIndex(5));
            await Eventually.Is(() => log.ReadAsync(1), r => r.Batches.IsEmpty, "entry 1 is trimmed");
            Assert.Equal(new LogPosition(new Term(1), new LogIndex(3)), (await log.ReadAsync(4)).Previous);
        }
        using var again = Open(File);
        Assert.Equal(new LogPosition(new Term(1), new LogIndex(3)), again.Contents.View.Base);
        Assert.Equal("1:4 2:7", Terms(again.Contents));
    }

    [Fact]
    public async Task A_snapshot_replaces_the_log_that_does_not_have_its_position_and_trims_the_one_that_has()
    {
        using (var log = Open(File))
        {
            await log.StoreAsync(Persist(2, null, null, Batch(1, 1, 3), Batch(1, 4, 3)));
            Assert.Equal(6ul, (await log.StartAfterAsync(new LogPosition(new Term(1), new LogIndex(3)), TimeSpan.FromTicks(10))).Index.Value);
            Assert.Equal(9ul, (await log.StartAfterAsync(new LogPosition(new Term(2), new LogIndex(9)), TimeSpan.FromTicks(99))).Index.Value);
        }
        using var again = Open(File);
        Assert.Equal((9ul, 9ul), (again.Contents.View.Base.Index.Value, again.Contents.View.Last.Index.Value));
        Assert.Equal(TimeSpan.FromTicks(99), again.Contents.LogTime);
        Assert.Empty(again.Contents.View.Terms);
        await again.StoreAsync(Persist(2, null, null, Batch(2, 10)));
    }

    [Fact]
    public async Task The_file_stays_bounded_under_constant_append_and_trim_and_gives_back_a_burst()
    {
        using var log = Open(File);
        var next = 1ul;
        for (var round = 0; round < 40; round++)
        {
            await Append(100);
            log.Trim(new LogIndex(next - 50));
            await Eventually.Is(() => log.ReadAsync(next - 51), r => r.Batches.IsEmpty, "it is trimmed");
            Assert.True(new FileInfo(File).Length < 6 << 20, $"round {round}: {new FileInfo(File).Length} bytes for 250 kB of entries");
        }
        await Append(2000);
        Assert.True(new FileInfo(File).Length > 8 << 20);
        log.Trim(new LogIndex(next - 1));
        await Eventually.True(() => new FileInfo(File).Length < 3 << 20, "the burst's space is given back");

        async Task Append(int count)
        {
            await log.StoreAsync(Persist(1, null, null, [.. Enumerable.Range(0, count).Select(i => Batch(1, next + (ulong)i, bytes: 5000))]));
            next += (ulong)count;
        }
    }

    [Fact]
    public void The_log_of_another_member_or_cluster_is_refused_by_name()
    {
        Open(File).Dispose();
        foreach (var other in new[] { Owner with { Cluster = "other" }, Owner with { Member = new MemberId("b:7777") } })
        {
            var refused = Assert.Throws<RaftLogRefused>(() => RaftLog.Open(File, other, true, Knobs, _ => { }));
            Assert.Contains(File, refused.Message);
            Assert.Contains("own data folder", refused.Message);
        }
    }

    [Fact]
    public void A_missing_a_foreign_a_used_and_a_newer_file_are_refused_and_left_alone()
    {
        Assert.Contains("is gone", Assert.Throws<RaftLogRefused>(() => Open(File, create: false)).Message);
        System.IO.File.WriteAllText(_folder.Of("text"), new string('x', 5000));
        Assert.Contains(_folder.Of("text"), Assert.Throws<RaftLogRefused>(() => Open(_folder.Of("text"))).Message);
        Assert.Equal(new string('x', 5000), System.IO.File.ReadAllText(_folder.Of("text")));
        using (var db = SqliteFile.Open(_folder.Of("other.db"), true, TimeSpan.Zero)) db.Run("CREATE TABLE t (x)");
        Assert.Contains("no Raft log", Assert.Throws<RaftLogRefused>(() => Open(_folder.Of("other.db"))).Message);
        using (var log = Open(File)) Assert.Contains("in use", Assert.Throws<RaftLogRefused>(() => Open(File)).Message);
        using (var db = SqliteFile.Open(File, false, TimeSpan.Zero)) db.Run("PRAGMA user_version = 7");
        Assert.Contains("has format 7", Assert.Throws<RaftLogRefused>(() => Open(File)).Message);
    }

    [Theory]
    [InlineData("UPDATE batches SET payload = x'00' WHERE first = 3")]
    [InlineData("UPDATE batches SET term = 2 WHERE first = 3")]
    [InlineData("DELETE FROM batches WHERE first = 1")]
    [InlineData("UPDATE hard SET term = 7")]
    [InlineData("DELETE FROM hard")]
    [InlineData("DELETE FROM terms")]
    public async Task A_row_that_was_changed_is_found_at_opening(string change)
    {
        using (var log = Open(File)) await log.StoreAsync(Persist(2, null, null, Batch(1, 1), Batch(1, 2), Batch(1, 3)));
        using (var db = SqliteFile.Open(File, false, TimeSpan.Zero)) db.Run(change);
        var refused = Assert.Throws<RaftLogRefused>(() => Open(File));
        Assert.Contains(File, refused.Message);
        Assert.Contains("raft-add-observer", refused.Message);
    }

    [Theory]
    [InlineData("UPDATE batches SET payload = x'00' WHERE first = 2")]
    [InlineData("DELETE FROM batches WHERE first = 2")]
    public async Task A_row_in_the_middle_that_was_changed_or_is_gone_is_found_when_it_is_read(string change)
    {
        using (var log = Open(File)) await log.StoreAsync(Persist(2, null, null, Batch(1, 1), Batch(1, 2), Batch(1, 3)));
        using (var db = SqliteFile.Open(File, false, TimeSpan.Zero)) db.Run(change);
        var said = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var damaged = Open(File, health: e => said.TrySetResult(e));
        damaged.Read(new LogIndex(1), 1000, _ => said.TrySetResult(null));
        Assert.Contains("entry 2", Assert.IsType<RaftLogRefused>(await said.Task.WaitAsync(Eventually.Patience)).Message);
    }

    [Fact]
    public async Task What_could_not_be_read_once_is_read_again_in_the_order_in_which_it_was_asked()
    {
        using (var log = Open(File)) await log.StoreAsync(Persist(1, null, null, Batch(1, 1), Batch(1, 2), Batch(1, 3)));
        var health = System.Threading.Channels.Channel.CreateUnbounded<Exception?>();
        using var again = Open(File, create: false, health: e => health.Writer.TryWrite(e));
        await again.StoreAsync(Persist(1, null, null, Batch(1, 4)));
        RefuseNewStatements(again);
        var found = System.Threading.Channels.Channel.CreateUnbounded<ulong>();
        foreach (var from in (ulong[])[3, 1, 2]) again.Read(new LogIndex(from), 1, slice => found.Writer.TryWrite(slice.Batches[0].First.Value));
        foreach (var from in (ulong[])[3, 1, 2]) Assert.Equal(from, await found.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience));
        Assert.False(Assert.IsType<SqliteFailure>(await health.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience)).IsDamage);
        Assert.Null(await health.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience));
        Assert.Equal(5ul, (await again.StoreAsync(Persist(1, null, null, Batch(1, 5)))).Index.Value);
    }

    /// <summary>The next text that the log's connection has not seen yet fails, as a read may on a disk that stumbles; it goes on with a connection of its own.</summary>
    private static void RefuseNewStatements(RaftLog log)
    {
        const System.Reflection.BindingFlags hidden = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic;
        var db = typeof(RaftLog).GetField("_db", hidden)!.GetValue(log)!;
        var handle = (SQLitePCL.sqlite3)typeof(SqliteFile).GetField("_handle", hidden)!.GetValue(db)!;
        SQLitePCL.raw.sqlite3_limit(handle, SQLitePCL.raw.SQLITE_LIMIT_SQL_LENGTH, 10);
    }

    [Fact]
    public async Task A_torn_last_page_is_found_at_opening()
    {
        using (var log = Open(File)) await log.StoreAsync(Persist(2, null, null, [.. Enumerable.Range(1, 50).Select(i => Batch(1, (ulong)i, bytes: 3000))]));
        using (var stream = System.IO.File.OpenWrite(File)) stream.SetLength(stream.Length - 2000);
        Assert.Contains("damaged", Assert.Throws<RaftLogRefused>(() => Open(File)).Message);
    }

    [Fact]
    public async Task A_write_that_leaves_a_hole_breaks_the_log_for_good()
    {
        var said = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var log = Open(File, health: e => said.TrySetResult(e));
        log.Store(Persist(1, null, null, Batch(1, 5)), _ => said.TrySetResult(null));
        Assert.IsType<InvalidOperationException>(await said.Task.WaitAsync(Eventually.Patience));
    }

    [FullDiskFact]
    public async Task On_a_full_disk_nothing_is_acknowledged_until_there_is_space_again()
    {
        using var mount = new TinyMount(4);
        var health = System.Threading.Channels.Channel.CreateUnbounded<Exception?>();
        using var log = RaftLogs.Open(System.IO.Path.Combine(mount.Path, "log.db"), health: e => health.Writer.TryWrite(e));
        await log.StoreAsync(Persist(1, null, null, Batch(1, 1)));
        var filler = mount.Fill();
        var acknowledged = new System.Collections.Concurrent.ConcurrentQueue<ulong>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 2ul; i <= 10; i++)
        {
            var index = i;
            log.Store(Persist(1, null, null, Batch(1, i, bytes: 20_000)), _ => { acknowledged.Enqueue(index); if (index == 10) last.SetResult(); });
        }
        Assert.IsType<SqliteFailure>(await health.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience));
        Assert.Empty(acknowledged);
        Assert.Single((await log.ReadAsync(1)).Batches);
        System.IO.File.Delete(filler);
        Assert.Null(await health.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience));
        await last.Task.WaitAsync(Eventually.Patience);
        Assert.Equal(Enumerable.Range(2, 9).Select(i => (ulong)i), acknowledged);
        Assert.Equal(10, (await log.ReadAsync(1)).Batches.Length);
    }

    [Fact]
    public void The_bytes_of_a_membership_are_for_ever() =>
        Assert.Equal("08051206" + "0a04613a3737" + "12060a04623a3737" + "1a060a04633a3737",
            Convert.ToHexStringLower(RaftWire.Members.Encode(new Membership(5, [new MemberId("a:77"), new MemberId("b:77")], [new MemberId("c:77")]))));

    private static string Terms(RaftLogContents contents) => string.Join(' ', contents.View.Terms.Select(t => $"{t.Term}:{t.First}"));
}
