using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Unit.Kv;

/// <summary>A state goes to a lagging member in pieces.</summary>
public sealed class StateSnapshotTests : IDisposable
{
    private const int PieceSize = 500;

    private readonly TemporaryFolder _folder = new();
    private readonly EngineEar _ear = new();
    private readonly KvEngine _leader;
    private readonly EngineFeed _feed;

    public StateSnapshotTests()
    {
        _leader = StateFiles.Engine(_folder.Of("leader.db"), _ear, "snapshot-hold = 30s, keep.interval = 5ms");
        _feed = new EngineFeed(_leader);
        for (var i = 0; i < 30; i++) _feed.Foreign($"set key{i} value{i}", $"hset hash field{i} {new string('v', i * 10)}");
        _feed.Members(StateFiles.Founders with { Epoch = 3 });
    }

    public void Dispose()
    {
        _leader.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_member_that_gets_all_pieces_has_the_state_and_goes_on_from_there()
    {
        var kept = await Kept(61);
        var ear = new EngineEar();
        using var follower = StateFiles.Engine(_folder.Of("follower.db"), ear);
        var pieces = await Pieces(kept);
        Assert.True(pieces.Count > 3);
        Assert.True(pieces[0].Snapshot.Size > 0);
        foreach (var piece in pieces) Assert.Equal((piece.Offset + (ulong)piece.Bytes.Length, piece == pieces[^1]), await Send(follower, piece));
        var info = pieces[0].Snapshot;
        var feed = new EngineFeed(follower, after: info.Position.Index.Value);
        Assert.Equal("$value7", await feed.Ask("get key7"));
        Assert.Equal(":30", await feed.Ask("hlen hash"));
        for (var i = 0; i < 9; i++)
        {
            feed.Foreign($"set more{i} 1");
            _feed.Foreign($"set more{i} 1");
        }
        await ear.Reaches(70);
        await _ear.Reaches(70);
        Assert.NotNull(_leader.DigestAt(new LogIndex(70)));
        Assert.Equal(_leader.DigestAt(new LogIndex(70)), follower.DigestAt(new LogIndex(70)));
        Assert.DoesNotContain(_folder.Files(), f => f.Contains("-import", StringComparison.Ordinal) || f.EndsWith("-new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_refuses_the_snapshot_is_told_and_that_it_works_again()
    {
        var kept = await Kept(61);
        Directory.CreateDirectory(_folder.Of("leader.db-export"));   // nothing can be written there
        _leader.Export(kept, 0, PieceSize, _ => { });
        await Eventually.Is(() => Task.FromResult(_ear.SnapshotsSaid), s => s.Count == 1, "the refusal is told");
        var trouble = _ear.SnapshotsSaid.Single()!.Message;
        Assert.Contains("leader.db", trouble, StringComparison.Ordinal);
        _leader.Export(kept, 0, PieceSize, _ => { });
        Directory.Delete(_folder.Of("leader.db-export"));
        Assert.NotEmpty(await Pieces(kept));
        Assert.Equal([trouble, null], _ear.SnapshotsSaid.Select(s => s?.Message));
        Assert.Null(_ear.Failure);
    }

    [Fact]
    public async Task A_transfer_goes_on_after_a_restart_and_the_new_state_is_there_after_the_next()
    {
        var pieces = await Pieces(await Kept(61));
        var half = pieces.Count / 2;
        using (var follower = StateFiles.Engine(_folder.Of("follower.db"), new EngineEar()))
            foreach (var piece in pieces.Take(half)) await Send(follower, piece);
        using (var follower = StateFiles.Engine(_folder.Of("follower.db"), new EngineEar()))
        {
            Assert.Equal((pieces[half].Offset, false), await Send(follower, pieces[0]));
            Assert.Equal((pieces[half].Offset, false), await Send(follower, pieces[half + 1]));
            foreach (var piece in pieces.Skip(half)) await Send(follower, piece);
        }
        using var again = StateFiles.Engine(_folder.Of("follower.db"), new EngineEar());
        Assert.Equal(pieces[0].Snapshot.Position, again.Opened.Position);
        Assert.Equal(3ul, again.Opened.Membership.Epoch);
        Assert.Equal("$value29", await new EngineFeed(again, after: again.Opened.Position.Index.Value).Ask("get key29"));
    }

    [Fact]
    public async Task What_a_crash_left_of_an_installation_is_cleared_and_what_is_still_wanted_stays()
    {
        await _feed.Own("set a 1");
        await Kept(62);
        var old = new[] { "leader.db-new", "leader.db-export", "leader.db-export.new", "leader.db-import-1-62-1000" };
        _leader.Dispose();
        foreach (var name in old) File.WriteAllText(_folder.Of(name), "half");
        File.WriteAllText(_folder.Of("leader.db-import-1-63-1000"), "half");
        using var again = StateFiles.Engine(_folder.Of("leader.db"), new EngineEar());
        Assert.Equal("$1", await new EngineFeed(again, after: 62).Ask("get a"));
        Assert.DoesNotContain(_folder.Files(), old.Contains);
        var piece = new SnapshotPiece(again.Opened with { Position = new LogPosition(new Term(1), new LogIndex(63)), Size = 1000 }, 4, new byte[10]);
        Assert.Equal((14ul, false), await Send(again, piece));
    }

    [Fact]
    public async Task A_snapshot_that_arrives_damaged_changes_nothing_and_is_fetched_again()
    {
        var pieces = await Pieces(await Kept(61));
        using var follower = StateFiles.Engine(_folder.Of("follower.db"), new EngineEar());
        var feed = new EngineFeed(follower);
        feed.Foreign("set mine 1");
        for (var at = 0; at < pieces.Count; at += 2)
        {
            var (received, installed) = (0ul, false);
            for (var i = 0; i < pieces.Count; i++) (received, installed) = await Send(follower, i == at ? Flipped(pieces[i]) : pieces[i]);
            Assert.Equal((0ul, false), (received, installed));
            Assert.Equal("$1", await feed.Ask("get mine"));
        }
        foreach (var piece in pieces.SkipLast(1)) await Send(follower, piece);
        Assert.Equal((pieces[0].Snapshot.Size, true), await Send(follower, pieces[^1]));
        Assert.Equal("nil", await feed.Ask("get mine"));
    }

    [Fact]
    public async Task While_a_snapshot_is_fetched_it_stays_the_same_and_the_log_after_it_stays_too()
    {
        var kept = await Kept(61);
        var first = await Piece(kept, 0);
        var told = _ear.KeptOnes.Last();
        Assert.Equal(first.Snapshot, told);
        for (var i = 0; i < 20; i++) await _feed.Own($"set later{i} 1");
        Assert.Equal(first.Snapshot, (await Piece(kept, 0)).Snapshot);
        Assert.Equal(told, _ear.KeptOnes.Last());
        var newer = first.Snapshot with { Position = new LogPosition(new Term(1), new LogIndex(70)) };
        var next = await Eventually.Is(() => Piece(newer, 100), p => p.Snapshot.Position.Index.Value >= 70, "a newer snapshot");
        Assert.Equal(0ul, next.Offset);
        Assert.Single(_folder.Files(), f => f.Contains("-export", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_that_nobody_reads_any_more_is_given_up()
    {
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(_folder.Of("short.db"), ear, "snapshot-hold = 10ms, keep.interval = 5ms");
        var feed = new EngineFeed(engine);
        await feed.Own("set a 1");
        var kept = await Eventually.Is(() => Task.FromResult(ear.KeptOnes.LastOrDefault()), k => k is not null, "it is kept");
        var piece = new TaskCompletionSource<SnapshotPiece>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Export(kept!, 0, PieceSize, piece.SetResult);
        await piece.Task.WaitAsync(EngineFeed.Patience);
        await Eventually.Is(async () => { await feed.Own("incr a"); return _folder.Files(); }, files => !files.Any(f => f.Contains("short.db-export", StringComparison.Ordinal)), "the file is gone");
        await Eventually.Is(() => Task.FromResult(ear.KeptOnes.Last().Position.Index), i => i > kept!.Position.Index, "later states are kept again");
    }

    private async Task<SnapshotInfo> Kept(ulong index) =>
        (await Eventually.Is(() => Task.FromResult(_ear.KeptOnes.LastOrDefault()), k => k?.Position.Index.Value >= index, $"entry {index} is kept"))!;

    private async Task<List<SnapshotPiece>> Pieces(SnapshotInfo asked)
    {
        var pieces = new List<SnapshotPiece> { await Piece(asked, 0) };
        while (pieces[^1].Offset + (ulong)pieces[^1].Bytes.Length < pieces[^1].Snapshot.Size)
            pieces.Add(await Piece(pieces[^1].Snapshot, pieces[^1].Offset + (ulong)pieces[^1].Bytes.Length));
        return pieces;
    }

    private Task<SnapshotPiece> Piece(SnapshotInfo asked, ulong offset)
    {
        var found = new TaskCompletionSource<SnapshotPiece>(TaskCreationOptions.RunContinuationsAsynchronously);
        _leader.Export(asked, offset, PieceSize, found.SetResult);
        return found.Task.WaitAsync(EngineFeed.Patience);
    }

    private static Task<(ulong, bool)> Send(KvEngine follower, SnapshotPiece piece)
    {
        var kept = new TaskCompletionSource<(ulong, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        follower.Import(new SnapshotChunk(new Term(1), piece.Snapshot, piece.Offset, piece.Bytes, 0, default), (received, installed) => kept.SetResult((received, installed)));
        return kept.Task.WaitAsync(EngineFeed.Patience);
    }

    private static SnapshotPiece Flipped(SnapshotPiece piece)
    {
        var bytes = piece.Bytes.ToArray();
        bytes[bytes.Length / 2] ^= 4;
        return piece with { Bytes = bytes };
    }
}
