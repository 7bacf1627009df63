using System.Collections.Immutable;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Unit;

public class DirectoryRulesTests
{
    private readonly DirectoryModel _dir = DirectoryModel.Begun();

    [Fact]
    public void A_commit_is_accepted_once_and_its_repetition_told_the_same()
    {
        var open = _dir.Open("f", 1);
        var commit = _dir.CommitOf(open);
        _dir.Ask<FstProtocol.Committed>(commit);
        Assert.Empty(_dir.Tell(commit).Events);
        Assert.Equal(commit.Op, _dir.Ask<FstProtocol.Committed>(commit).Op);
        _dir.Ask<Done>(new RemoveFile(DirectoryModel.Id, _dir.Call(), "f"));
        _dir.Ask<FstProtocol.Committed>(commit); // it had happened, though the file is gone by now
    }

    [Fact]
    public void Only_the_latest_open_of_a_name_is_committed()
    {
        var (first, second) = (_dir.Open("f", 1), _dir.Open("f", 2));
        Assert.Equal(Errno.Busy, _dir.Ask<FstProtocol.CommitRefused>(_dir.CommitOf(first)).Why);
        _dir.Ask<FstProtocol.Committed>(_dir.CommitOf(second));
    }

    [Fact]
    public void An_open_that_took_too_long_is_refused_and_ends_by_itself()
    {
        var open = _dir.Open("f", 1);
        _dir.Now += TimeSpan.FromHours(25);
        Assert.Equal(Errno.Busy, _dir.Ask<FstProtocol.CommitRefused>(_dir.CommitOf(open)).Why);
        _dir.Follow(DirectoryRules.Tick(_dir.State, new Facts(_dir.Now, DirectoryModel.Settings), new OpId(default, 1)));
        Assert.Empty(_dir.State.Opens);
    }

    [Fact]
    public void A_file_that_came_first_keeps_its_name_from_an_upload_that_may_not_overwrite()
    {
        var fresh = _dir.Open("f", 1, overwrite: false);
        _dir.Tell(new Rename(DirectoryModel.Id, _dir.Call(), "g", "f", false));
        _dir.Put("g", 2);
        _dir.Ask<Done>(new Rename(DirectoryModel.Id, _dir.Call(), "g", "f", false));
        Assert.Equal(Errno.Exists, _dir.Ask<FstProtocol.CommitRefused>(_dir.CommitOf(fresh)).Why);
    }

    [Fact]
    public void Replicas_of_a_removed_file_wait_until_the_filesystem_has_dropped_them()
    {
        _dir.Put("f", 1);
        var removed = _dir.Tell(new RemoveFile(DirectoryModel.Id, _dir.Call(), "f"));
        Assert.Single(removed.Effects.OfType<Effect.Drop>());
        Assert.Single(OpenRules.Orders(_dir.State, 10));
        _dir.Ask<FstProtocol.Noted>(new FstProtocol.ReplicaDropped(DirectoryModel.Id, new OpId(default, 1), new FsId(1), [new FileId(1)]));
        Assert.Empty(OpenRules.Orders(_dir.State, 10));
    }

    [Fact]
    public void A_sweep_is_told_what_to_keep_to_wait_for_and_to_drop()
    {
        _dir.Put("kept", 1);
        var open = _dir.Open("open", 2);
        var known = ((FileEntry)_dir.State.Entries.Find("kept")!).File;
        _dir.Put("removed", 3);
        _dir.Tell(new RemoveFile(DirectoryModel.Id, _dir.Call(), "removed"));
        Assert.Equal(
            [FstProtocol.Ownership.Keep, FstProtocol.Ownership.Wait, FstProtocol.Ownership.Drop, FstProtocol.Ownership.Unknown],
            Judged(_dir, new(known.Id, known.Open), new(open.File, open.Id), new(new FileId(3), default), new(new FileId(9), default)));
        _dir.Now += DirectoryModel.Settings.OpenExpiry;
        Assert.Equal([FstProtocol.Ownership.Wait], Judged(_dir, new FstProtocol.Held(open.File, open.Id)));   // another clock may allow its commit
        _dir.Follow(DirectoryRules.Tick(_dir.State, new Facts(_dir.Now, DirectoryModel.Settings), new OpId(default, 1)));
        Assert.Equal([FstProtocol.Ownership.Unknown], Judged(_dir, new FstProtocol.Held(open.File, open.Id)));
    }

    /// <summary>The directory that it goes to has been silent for so long that what has left is forgotten here.</summary>
    [Fact]
    public void Replicas_of_a_file_on_its_way_elsewhere_are_kept_however_long_it_takes()
    {
        var commit = _dir.CommitOf(_dir.Open("goes", 1));
        _dir.Ask<FstProtocol.Committed>(commit);
        _dir.Put("next", 2);
        var file = ((FileEntry)_dir.State.Entries.Find("goes")!).File;
        LetGo("goes");
        _dir.Now += Outcomes.Keep + TimeSpan.FromSeconds(1);
        LetGo("next");
        Assert.Equal([FstProtocol.Ownership.Keep], Judged(_dir, new FstProtocol.Held(file.Id, file.Open)));
        _dir.Ask<FstProtocol.Committed>(commit); // and whoever stored it hears that it was stored
    }

    private void LetGo(string name)
    {
        var file = ((FileEntry)_dir.State.Entries.Find(name)!).File.Id;
        _dir.Ask<Done>(new LetGo(DirectoryModel.Id, _dir.Call(), name, file, new Destination(new DirectoryId(99), name, null), ImmutableSortedDictionary<string, string>.Empty));
    }

    [Fact]
    public void A_directory_without_a_past_lets_nothing_be_deleted()
    {
        Assert.Equal([FstProtocol.Ownership.Stranger], Judged(new DirectoryModel(), new FstProtocol.Held(new FileId(1), default)));
        Assert.Equal([FstProtocol.Ownership.Unknown], Judged(DirectoryModel.Begun(), new FstProtocol.Held(new FileId(1), default)));
    }

    private static FstProtocol.Ownership[] Judged(DirectoryModel directory, params FstProtocol.Held[] replicas) =>
        [.. directory.Ask<FstProtocol.Owned>(new FstProtocol.WhoOwns(DirectoryModel.Id, new OpId(default, 1), new FsId(1), [.. replicas])).Verdicts];

    [Fact]
    public void A_late_duplicate_of_an_answered_operation_changes_nothing()
    {
        var early = new MakeChild(DirectoryModel.Id, new Call(new OpId(DirectoryModel.Client, 500), 500, Caller.Root), "a", new DirectoryId(50), null);
        _dir.Ask<ChildMade>(early);
        _dir.Ask<ChildMade>(early with { Call = new Call(new OpId(DirectoryModel.Client, 501), 501, Caller.Root), Name = "b" });
        Assert.Equal(Errno.Stale, _dir.Ask<Refused>(early).Why);
    }

    [Fact]
    public void A_client_that_never_says_what_it_was_answered_is_slowed_down()
    {
        for (var i = 0; i < Outcomes.MaxPerClient; i++) _dir.Ask<ChildMade>(new MakeChild(DirectoryModel.Id, _dir.Call(), $"d{i}", new DirectoryId(100), null));
        Assert.Equal(Errno.TryAgain, _dir.Ask<Refused>(new MakeChild(DirectoryModel.Id, _dir.Call(), "x", new DirectoryId(100), null)).Why);
    }

    [Fact]
    public void In_a_sticky_directory_only_owners_take_away()
    {
        var sticky = DirectoryModel.Begun(mode: 0x7ff);
        sticky.Ask<FstProtocol.Committed>(sticky.CommitOf(sticky.Open("f", 1, caller: new Caller(7, 7))));
        Assert.Equal(Errno.NotPermitted, sticky.Ask<Refused>(new RemoveFile(DirectoryModel.Id, sticky.Call(new Caller(8, 8)), "f")).Why);
        sticky.Ask<Done>(new RemoveFile(DirectoryModel.Id, sticky.Call(new Caller(7, 7)), "f"));
    }

    [Fact]
    public void A_shard_is_the_same_for_ever()
    {
        Assert.Equal(new[] { 193, 206, 72, 32 }, new ulong[] { 1, 2, 1000, ulong.MaxValue }.Select(d => DirectorySharding.ShardOf(new DirectoryId(d), 256)));
        var spread = Enumerable.Range(0, 25600).GroupBy(d => DirectorySharding.ShardOf(new DirectoryId((ulong)d), 256)).Select(g => g.Count()).ToList();
        Assert.Equal(256, spread.Count);
        Assert.InRange(spread.Max(), 100, 160);
    }
}
