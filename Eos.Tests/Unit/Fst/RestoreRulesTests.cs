using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Tests.Unit.Fst;

public class RestoreRulesTests
{
    private static Capability Wanted(ulong file) => FilesystemCase.Capability(file, CapabilityOperation.Restore);

    [Fact]
    public void A_bad_replica_counts_once_until_it_is_made_good()
    {
        var c = FilesystemCase.Booted();
        var bad = new FoundBad(new ChainGrant(FilesystemCase.Capability(5, CapabilityOperation.Read), "", 0), ReplicaFault.Missing);
        Assert.Contains(c.Take(bad), e => e is FilesystemEffect.ToRestorer);
        Assert.IsType<FilesystemEffect.ToRestorer>(Assert.Single(c.Take(bad)));
        Assert.Equal(new FstProtocol.FsFaults(1, 0, 0), c.State.Faults);
        Assert.Single(c.Take(new MadeGood(new FileId(5))));
        Assert.Empty(c.Take(new MadeGood(new FileId(5))));
        Assert.Equal((new FstProtocol.FsFaults(1, 0, 1), 0ul), (c.State.Faults, c.State.Faults.Open));
        c.Take(bad with { Fault = ReplicaFault.Broken });
        Assert.Equal(1ul, c.State.Faults.Open);
    }

    [Fact]
    public void A_restored_replica_is_told_to_the_directory_and_kept_when_it_agrees()
    {
        var c = FilesystemCase.Booted();
        var transfer = c.Begin(Wanted(5));
        var message = (FstProtocol.AttachReplica)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(Wanted(5))) { Replaces = new FsId(9) }).Message;
        Assert.Equal((new FsId(1), new FsId(9), "x", new FileId(5)), (message.Fs, message.Replaces, message.Name, message.Replica.File));
        c.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(message, c.Only<FilesystemEffect.ToDirectory>(new RetryTick()).Message);
        c.Only<FilesystemEffect.Keep>(new FstProtocol.Committed(message.Op, message.Replica.File));
        c.Take(new Kept(transfer, null));
        Assert.Equal(0ul, c.State.Replicas);   // it was counted before it was lost

        var elsewhere = Wanted(6) with { Places = [new ReplicaPlace(new FsId(2), "n2", 1)] };
        transfer = c.Begin(elsewhere);
        message = (FstProtocol.AttachReplica)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(elsewhere))).Message;
        c.Take(new FstProtocol.Committed(message.Op, message.Replica.File));
        c.Take(new Kept(transfer, null));
        Assert.Equal(1ul, c.State.Replicas);
    }

    [Fact]
    public void A_replica_that_the_directory_does_not_want_is_discarded()
    {
        var c = FilesystemCase.Booted();
        var transfer = c.Begin(Wanted(5));
        var message = (FstProtocol.AttachReplica)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(Wanted(5)))).Message;
        Assert.IsType<FilesystemEffect.Discard>(c.Take(new FstProtocol.CommitRefused(message.Op, Errno.NoEntry, "gone"))[0]);
    }

    [Fact]
    public void What_is_to_be_deleted_is_not_made_anew_and_a_failed_try_abandons_no_open()
    {
        var c = FilesystemCase.Booted();
        Assert.Empty(c.Take(new End(c.Begin(Wanted(5)))));
        c.Take(new FstProtocol.DropReplicas(new FsId(1), new DirectoryId(7), [new FileId(5)]));
        Assert.Equal(Errno.Busy, c.Refused(Wanted(5)).Why);
    }
}
