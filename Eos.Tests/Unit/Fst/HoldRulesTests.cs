using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Tests.Unit.Fst;

public class HoldRulesTests
{
    private static readonly TimeSpan Long = FilesystemCase.Settings.SettleTimeout;

    /// <summary>An upload whose head is filesystem 2 and that waits here, on filesystem 1.</summary>
    private static (FilesystemCase Case, Capability Capability) Held()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        capability = capability with { Places = [new ReplicaPlace(new FsId(2), "head", 1), .. capability.Places] };
        var transfer = c.Begin(capability);
        Assert.Equal(new Holding(transfer), c.Only<FilesystemEffect.Reply>(new Hold(transfer, FilesystemCase.Record(capability))).Message);
        return (c, capability);
    }

    private static FstProtocol.Owned Answer(FstProtocol.WhoOwns asked, FstProtocol.Ownership verdict) => new(asked.Asked, asked.Directory, [verdict]);

    private static FstProtocol.WhoOwns Asked(FilesystemCase c)
    {
        c.Now += Long;
        return Assert.IsType<FstProtocol.WhoOwns>(c.Only<FilesystemEffect.ToDirectory>(new RetryTick()).Message);
    }

    [Fact]
    public void Held_bytes_are_kept_or_dropped_when_the_head_says_so_once()
    {
        var (c, capability) = Held();
        Assert.Empty(c.Take(new RetryTick()));
        var keep = c.Only<FilesystemEffect.Keep>(new Settle(capability.File, capability.Open, Settlement.Keep));
        Assert.Empty(c.Take(new Settle(capability.File, capability.Open, Settlement.Drop)));
        c.Take(new Kept(keep.Transfer, null));
        Assert.Equal(1ul, c.State.Replicas);
        Assert.Empty(c.State.Transfers);

        (c, capability) = Held();
        Assert.Equal(new FilesystemEffect.Discard(capability.File, capability.Open), c.Only<FilesystemEffect.Discard>(new Settle(capability.File, capability.Open, Settlement.Drop)));
        Assert.Empty(c.Take(new Settle(capability.File, capability.Open, Settlement.Keep)));
        Assert.Empty(c.State.Transfers);
    }

    [Fact]
    public void The_head_commits_for_all_and_only_the_head_abandons()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        capability = capability with { Places = [.. capability.Places, new ReplicaPlace(new FsId(2), "n2", 1)] };
        var commit = (FstProtocol.CommitFile)c.Only<FilesystemEffect.ToDirectory>(new Finish(c.Begin(capability), FilesystemCase.Record(capability))).Message;
        Assert.Equal([new FsId(1), new FsId(2)], commit.Locations.ToArray());

        var behind = FilesystemCase.Capability(6);
        behind = behind with { Places = [new ReplicaPlace(new FsId(2), "n2", 1), .. behind.Places] };
        Assert.Empty(c.Take(new End(c.Begin(behind))));
    }

    [Fact]
    public void A_head_that_stays_silent_is_not_waited_for_the_directory_is_asked()
    {
        foreach (var (verdict, kept) in new[] { (FstProtocol.Ownership.Keep, true), (FstProtocol.Ownership.Drop, false) })
        {
            var (c, _) = Held();
            var effect = Assert.Single(c.Take(Answer(Asked(c), verdict)));
            Assert.Equal(kept, effect is FilesystemEffect.Keep);
            Assert.Equal(!kept, effect is FilesystemEffect.Discard);
        }
    }

    [Fact]
    public void An_open_that_could_still_be_committed_is_ended_before_its_bytes_go()
    {
        var (c, capability) = Held();
        var asked = Asked(c);
        Assert.Empty(c.Take(new RetryTick()));
        var abandon = Assert.IsType<FstProtocol.AbandonOpen>(c.Only<FilesystemEffect.ToDirectory>(Answer(asked, FstProtocol.Ownership.Wait)).Message);
        Assert.Equal(capability.Open, abandon.Open);
        Assert.Empty(c.Take(Answer(asked, FstProtocol.Ownership.Drop)));   // the answer to a question of before counts for nothing
        Assert.IsType<FilesystemEffect.Discard>(Assert.Single(c.Take(new Located(NotKnown(c), null, IsKnown: true))));
    }

    /// <summary>It was stored, and renamed into another directory so long ago that the first one has forgotten it.</summary>
    [Fact]
    public void Held_bytes_of_a_file_that_was_renamed_away_are_kept()
    {
        var (c, capability) = Held();
        var asked = Assert.IsType<FstProtocol.WhoOwns>(c.Only<FilesystemEffect.ToDirectory>(new Located(NotKnown(c), new DirectoryId(77), IsKnown: true)).Message);
        Assert.Equal((new DirectoryId(77), capability.File), (asked.Directory, asked.Replicas[0].File));
        var again = Asked(c);   // not answered: the same one again
        Assert.Equal(new DirectoryId(77), again.Directory);
        Assert.IsType<FilesystemEffect.Keep>(Assert.Single(c.Take(Answer(again, FstProtocol.Ownership.Keep))));
    }

    [Fact]
    public void An_index_that_is_silent_or_names_the_one_that_was_asked_decides_nothing()
    {
        var (c, capability) = Held();
        Assert.Empty(c.Take(new Located(NotKnown(c), null, IsKnown: false)));
        Assert.Empty(c.Take(new Located(NotKnown(c), capability.Directory, IsKnown: true)));
        Assert.Empty(c.Take(new Located(default, null, IsKnown: true)));
        Assert.Equal(capability.Directory, Asked(c).Directory);
        Assert.Single(c.State.Transfers);
    }

    /// <summary>The directory does not know the file: the number of the question that the index is to answer.</summary>
    private static OpId NotKnown(FilesystemCase c) => c.Only<FilesystemEffect.Locate>(Answer(Asked(c), FstProtocol.Ownership.Unknown)).Asked;

    /// <summary>The answer to the first try was lost, and the file renamed away for so long that the directory has forgotten it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_head_whose_repeated_commit_is_refused_asks_who_has_the_file(bool renamed)
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        var transfer = c.Begin(capability);
        var commit = (FstProtocol.CommitFile)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(capability))).Message;
        c.Now += FilesystemCase.Settings.RetryInterval;
        Assert.Equal(commit, c.Only<FilesystemEffect.ToDirectory>(new RetryTick()).Message);
        var asked = Assert.IsType<FstProtocol.WhoOwns>(c.Only<FilesystemEffect.ToDirectory>(new FstProtocol.CommitRefused(commit.Op, Errno.Busy, "given up")).Message);
        Assert.Empty(c.Take(new FstProtocol.CommitRefused(commit.Op, Errno.Busy, "given up")));
        var doubt = c.Only<FilesystemEffect.Locate>(Answer(asked, FstProtocol.Ownership.Unknown)).Asked;
        if (renamed)
        {
            var elsewhere = Assert.IsType<FstProtocol.WhoOwns>(c.Only<FilesystemEffect.ToDirectory>(new Located(doubt, new DirectoryId(77), IsKnown: true)).Message);
            Assert.Equal(transfer, Assert.IsType<FilesystemEffect.Keep>(Assert.Single(c.Take(Answer(elsewhere, FstProtocol.Ownership.Keep)))).Transfer);
            Assert.Equal(new Stored(transfer), c.Only<FilesystemEffect.Answer>(new Kept(transfer, null)).Message);
        }
        else
        {
            var effects = c.Take(new Located(doubt, null, IsKnown: true));
            Assert.Equal(new FilesystemEffect.Discard(capability.File, capability.Open), effects[0]);
            Assert.Equal(Errno.Busy, Assert.IsType<NotStored>(Assert.IsType<FilesystemEffect.Answer>(effects[1]).Message).Refusal.Why);
        }
        Assert.Empty(c.State.Transfers);
    }

    [Fact]
    public void A_stranger_decides_nothing_and_is_asked_again()
    {
        var (c, _) = Held();
        Assert.Empty(c.Take(Answer(Asked(c), FstProtocol.Ownership.Stranger)));
        Asked(c);
        Assert.Single(c.State.Transfers);
    }

    [Fact]
    public void What_is_not_known_any_more_is_not_held()
    {
        var c = FilesystemCase.Booted();
        var record = FilesystemCase.Record(FilesystemCase.Capability(5));
        var effects = c.Take(new Hold(new TransferId(77), record));
        Assert.Equal(new FilesystemEffect.Discard(record.File, record.Open), effects[0]);
        Assert.IsType<NotStored>(Assert.IsType<FilesystemEffect.Reply>(effects[1]).Message);
    }
}
