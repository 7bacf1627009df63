using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Kv;

/// <summary>New groups from copies of states, and from what is left of members.</summary>
public sealed class GroupRestoreTests : IDisposable
{
    private static readonly MemberId Only = new("new:1");
    private readonly TemporaryFolder _folder = new();

    private string From => _folder.Of("from");

    private string To => _folder.Of("to");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_copy_becomes_the_state_of_a_member_that_leads_alone_and_goes_on_after_a_gap()
    {
        await CopyAsync("set a 1", "set b 2");
        var restored = await RestoreAsync();
        Assert.Equal((StateFiles.Cluster, 2ul, 2L), (restored.Cluster, restored.At.Index.Value, restored.Rows));
        Assert.Equal(StateFiles.Founders, restored.Members, (a, b) => a!.Voters.SetEquals(b!.Voters));
        var (state, contents) = Start();
        using var engine = state;
        var end = engine.Opened.Position;
        Assert.Equal(2 + GroupRestore.Gap, end.Index.Value);
        Assert.Equal((end, end, end.Term), (contents.View.Base, contents.View.Last, contents.Term));
        Assert.Equal([Only], engine.Opened.Membership.All);
        Assert.Equal("$2", await new EngineFeed(engine, end.Index.Value).Ask("get b"));
        Assert.False(Directory.Exists(To + ".restoring"));
        var times = RaftSettings.From(new Settings(Settings.Reference, "eos.raft"));
        var member = RaftStart.Of(Only, times, contents, engine.Opened, Membership.Of([Only]), 1, new Instant(1_000_000), To);
        Assert.Equal(RoleKind.Leader, RaftStep.Next(member, new Tick(new Instant(1_000_000))).State.Role);
    }

    [Fact]
    public async Task What_happened_once_stays_so_and_new_tokens_are_above_all_old_ones()
    {
        var op = new Once(new OpId(new Guid("00000000-0000-0000-0000-0000000000c1"), 1), 0, new TakeNumbers("n", 5));
        var token = Assert.IsType<LeaseGranted>(await FeedAsync(_folder.Of("state.db"), 0, op, new AcquireLease("l", "a", TimeSpan.FromSeconds(1)))).Token;
        await BackUpAsync(_folder.Of("state.db"));
        await RestoreAsync();
        var after = 2 + GroupRestore.Gap;
        var again = await FeedAsync(Path.Combine(To, "state.db"), after, op);
        Assert.Equal(new NumbersTaken(1, 5), again);
        var late = await FeedAsync(Path.Combine(To, "state.db"), after + 1, new AcquireLease("l", "b", TimeSpan.FromSeconds(1)));
        Assert.True(Assert.IsType<LeaseGranted>(late).Token > token + GroupRestore.Gap - 10);
    }

    [Fact]
    public async Task The_log_of_a_member_is_applied_to_its_end_before()
    {
        Directory.CreateDirectory(From);
        using (var engine = StateFiles.Engine(Path.Combine(From, "state.db"), new EngineEar()))
            await new EngineFeed(engine).Own("set a 1");
        using (var log = RaftLog.Open(Path.Combine(From, "log.db"), new RaftLogIdentity(StateFiles.Cluster, new MemberId("a:1")), create: true, RaftLogs.Knobs, _ => { }))
            for (var i = 1ul; i <= 40; i++) await log.StoreAsync(new Persist(new Term(1), null, null, [StateFeeder.Batch(new LogIndex(i))]));
        var before = Directory.GetFiles(From).ToDictionary(f => f, File.ReadAllBytes);
        var restored = await RestoreAsync();
        Assert.Equal(40ul, restored.At.Index.Value);
        var (state, _) = Start();
        using var restoredState = state;
        Assert.Equal("$39", await new EngineFeed(restoredState, 40 + GroupRestore.Gap).Ask("get n"));
        Assert.Equal(before, Directory.GetFiles(From).ToDictionary(f => f, File.ReadAllBytes));
    }

    [Theory]
    [InlineData("nothing there", Errno.NoEntry, "holds no state.db")]
    [InlineData("the same group", Errno.Invalid, "eos.qdb.cluster")]
    [InlineData("a group there", Errno.Exists, "holds a member of a group already")]
    [InlineData("a foreign database", Errno.InputOutput, "no state of Eos")]
    [InlineData("no database", Errno.InputOutput, "damaged")]
    [InlineData("cut off", Errno.InputOutput, "damaged")]
    [InlineData("a changed row", Errno.InputOutput, "damaged")]
    [InlineData("a log of another member's", Errno.InputOutput, "log.db is of cluster")]
    [InlineData("a log that is behind", Errno.InputOutput, "lost entries")]
    [InlineData("an empty state", Errno.NoData, "empty state")]
    public async Task What_can_not_be_restored_is_refused_with_its_name_and_nothing_is_left(string what, Errno why, string says)
    {
        if (what is "an empty state")
        {
            using (var db = StateDatabase.OpenWriter(_folder.Of("state.db"), new StateOrigin(StateFiles.Cluster, StateFiles.Founders), StateFiles.Knobs())) db.Run("PRAGMA wal_checkpoint(TRUNCATE)");
            Directory.CreateDirectory(From);
            File.Move(_folder.Of("state.db"), Path.Combine(From, "state.db"));
        }
        else if (what is not "nothing there") await CopyAsync([.. Enumerable.Range(0, 100).Select(i => $"set key{i} {new string('v', 900)}")]);
        var (copy, log) = (Path.Combine(From, "state.db"), Path.Combine(From, "log.db"));
        switch (what)
        {
            case "a group there": Directory.CreateDirectory(To); File.WriteAllText(Path.Combine(To, "state.db"), ""); break;
            case "no database": File.WriteAllText(copy, new string('x', 5000)); break;
            case "a foreign database": Alter(copy, "PRAGMA application_id = 7"); break;
            case "a changed row": Alter(copy, "UPDATE rows SET v = x'0132' WHERE k = CAST('ukkey1' AS BLOB)"); break;
            case "cut off":
                using (var handle = File.OpenHandle(copy, access: FileAccess.Write)) RandomAccess.SetLength(handle, 20 * 1024);
                break;
            case "a log of another member's": RaftLogs.Open(log).Dispose(); Alter(log, "UPDATE identity SET cluster = 'other'"); break;
            case "a log that is behind": RaftLogs.Open(log).Dispose(); break;
        }
        var refused = await Assert.ThrowsAsync<EosException>(() => RestoreAsync(what is "the same group" ? StateFiles.Cluster : "new"));
        Assert.Equal(why, refused.Why);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(what is "a group there" ? To : From, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(To + ".restoring"));
        Assert.Equal(what is "a group there", Directory.Exists(To));
    }

    private Task<GroupRestore.Restored> RestoreAsync(string cluster = "new") => GroupRestore.RunAsync(new GroupRestore.Order(From, To, cluster, Only), StateFiles.Knobs(), RaftLogs.Knobs);

    private (KvEngine State, RaftLogContents Log) Start()
    {
        using var log = RaftLog.Open(Path.Combine(To, "log.db"), new RaftLogIdentity("new", Only), create: false, RaftLogs.Knobs, _ => { });
        return (KvEngine.Open(Path.Combine(To, "state.db"), "new", Membership.Of([Only]), StateFiles.Knobs(), digestInterval: 10, new EngineEar()), log.Contents);
    }

    /// <summary>Applies entries, in a batch each, and gives what the last one came to.</summary>
    private static async Task<object?> FeedAsync(string file, ulong after, params IEntry[] entries)
    {
        var cluster = after == 0 ? StateFiles.Cluster : "new";
        using var engine = KvEngine.Open(file, cluster, StateFiles.Founders, StateFiles.Knobs(), digestInterval: 10, new EngineEar());
        object? outcome = null;
        foreach (var entry in entries)
        {
            var fate = new TaskCompletionSource<KvFate>(TaskCreationOptions.RunContinuationsAsynchronously);
            var submission = new KvSubmission(entry, fate.SetResult);
            engine.Apply(new LogBatch(new Term(1), new LogIndex(++after), 1, TimeSpan.FromMinutes(after > 1000 ? 2 : 1), BatchKind.Commands, EntryFrames.Write([submission]), null), [submission]);
            outcome = ((KvProtocol.Outcome)(await fate.Task.WaitAsync(EngineFeed.Patience)).Outcome!).Answer;
        }
        return outcome;
    }

    private async Task CopyAsync(params string[] commands)
    {
        using (var engine = StateFiles.Engine(_folder.Of("state.db"), new EngineEar())) await new EngineFeed(engine).Own(commands);
        await BackUpAsync(_folder.Of("state.db"));
    }

    private async Task BackUpAsync(string file)
    {
        using var engine = StateFiles.Engine(file, new EngineEar());
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Checkpoint(From, (_, trouble) => done.SetResult(trouble));
        Assert.Null(await done.Task.WaitAsync(EngineFeed.Patience));
    }

    private static void Alter(string file, string sql)
    {
        using var db = SqliteFile.Open(file, create: false, TimeSpan.Zero);
        db.Run(sql);
    }
}
