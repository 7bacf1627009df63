using Eos.Fst;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Fst.FilesystemProtocol;

namespace Eos.Tests.Unit.Fst;

public class FilesystemRulesTests
{
    private static readonly DirectoryId Seven = new(7);

    [Fact]
    public void A_filesystem_that_attaches_for_the_first_time_remembers_its_label_and_waits_for_the_order_to_sweep()
    {
        var c = new FilesystemCase();
        Assert.Equal(Errno.TryAgain, c.Refused(FilesystemCase.Capability(1)).Why);
        var effects = c.Take(new Attached(default, null));
        Assert.DoesNotContain(effects, e => e is FilesystemEffect.Sweep);
        Assert.Contains(effects, e => e is FilesystemEffect.Report);
        Assert.Equal(new Labelled(new FsId(1), "uuid-1"), Assert.Single(c.Stored));
        Assert.True(c.State.Booted);
        Assert.Empty(c.Take(new Attached(default, null)));
    }

    [Fact]
    public void A_mount_that_is_refused_is_a_boot_failure_and_tried_again()
    {
        var c = FilesystemCase.Recovered([new Labelled(new FsId(1), "uuid-1")]);
        c.Take(new Attached(default, new Refusal(Errno.NoDevice, "not mounted any more")));
        Assert.Equal(new FstProtocol.FsHealth(FstProtocol.BootStatus.BootFailure, Errno.NoDevice, "not mounted any more"), c.State.Health);
        Assert.Equal(Errno.NoDevice, c.Refused(FilesystemCase.Capability(1, CapabilityOperation.Read)).Why);
        Assert.True(c.Only<FilesystemEffect.Attach>(new ReportTick()).Labelled);
        c.Take(new Attached(default, null));
        Assert.True(c.State.Booted);
        Assert.Empty(c.Stored);
    }

    [Fact]
    public void A_filesystem_sweeps_once_in_a_run_and_on_the_order_of_the_newest_master_only()
    {
        var c = FilesystemCase.Recovered([new Labelled(new FsId(1), "uuid-1"), new MasterObeyed(7)]);
        Assert.Empty(c.Take(new FstProtocol.OrderSweep(new FsId(1), 9)));   // it has not started yet
        c.Take(new Attached(default, null));
        Assert.Empty(c.Take(new FstProtocol.OrderSweep(new FsId(1), 6)));
        Assert.Contains(c.Take(new FstProtocol.OrderSweep(new FsId(1), 8)), e => e is FilesystemEffect.Sweep);
        Assert.Equal(new MasterObeyed(8), Assert.Single(c.Stored));
        Assert.Empty(c.Take(new FstProtocol.OrderSweep(new FsId(1), 9)));
    }

    [Fact]
    public void Another_sweep_is_had_by_booting_when_the_first_has_ended_and_counts_nothing_twice()
    {
        var c = FilesystemCase.Booted();
        c.Take(new FstProtocol.OrderSweep(new FsId(1), 1));
        Assert.DoesNotContain(c.Take(new FstProtocol.OrderBoot(new FsId(1)) { Sweeps = true }), e => e is FilesystemEffect.Sweep);
        c.Take(new Swept(new SweepCounts(5, 1, 0, 0, 0, 0)));
        Assert.Equal(6ul, c.State.Replicas);
        Assert.DoesNotContain(c.Take(new FstProtocol.OrderBoot(new FsId(1))), e => e is FilesystemEffect.Sweep);
        Assert.Contains(c.Take(new FstProtocol.OrderBoot(new FsId(1)) { Sweeps = true }), e => e is FilesystemEffect.Sweep);
        Assert.Equal(6ul, c.State.Replicas);
        c.Take(new Swept(new SweepCounts(4, 0, 2, 0, 0, 0)));
        Assert.Equal(4ul, c.State.Replicas);
    }

    [Fact]
    public void A_disk_that_fails_stops_transfers_until_it_attaches_again()
    {
        var c = FilesystemCase.Booted();
        c.Take(new Measured(default, new Refusal(Errno.InputOutput, "gone")));
        Assert.Equal(FstProtocol.BootStatus.OperationError, c.State.Health.Boot);
        Assert.Equal(Errno.NoDevice, c.Refused(FilesystemCase.Capability(1)).Why);
        c.Only<FilesystemEffect.Attach>(new ReportTick());
        c.Take(new Attached(new DiskSpace(1, 1, 1, 1, default), null));
        Assert.True(c.State.Booted);
    }

    [Theory]
    [InlineData(FstProtocol.ConfigStatus.ReadWrite, Errno.None, Errno.None)]
    [InlineData(FstProtocol.ConfigStatus.WriteOnce, Errno.None, Errno.None)]
    [InlineData(FstProtocol.ConfigStatus.ReadOnly, Errno.None, Errno.ReadOnly)]
    [InlineData(FstProtocol.ConfigStatus.Drain, Errno.None, Errno.ReadOnly)]
    [InlineData(FstProtocol.ConfigStatus.Empty, Errno.AccessDenied, Errno.ReadOnly)]
    [InlineData(FstProtocol.ConfigStatus.Off, Errno.AccessDenied, Errno.ReadOnly)]
    public void The_configured_status_decides_what_may_begin(FstProtocol.ConfigStatus status, Errno read, Errno write)
    {
        foreach (var (operation, expected) in new[] { (CapabilityOperation.Read, read), (CapabilityOperation.Write, write) })
        {
            var c = FilesystemCase.Booted();
            c.Status = status;
            if (expected == Errno.None) c.Begin(FilesystemCase.Capability(1, operation));
            else Assert.Equal(expected, c.Refused(FilesystemCase.Capability(1, operation)).Why);
        }
    }

    [Fact]
    public void A_booking_that_would_touch_the_headroom_is_ENOSPC()
    {
        var c = FilesystemCase.Booted();
        c.Begin(FilesystemCase.Capability(1, booking: 499_000));
        Assert.Equal(Errno.NoSpace, c.Refused(FilesystemCase.Capability(2, booking: 499_001)).Why);
        c.Begin(FilesystemCase.Capability(2, CapabilityOperation.Read, booking: 499_001));
    }

    [Fact]
    public void An_upload_is_committed_then_kept_then_answered()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        var transfer = c.Begin(capability);
        Assert.Equal(1u, Report(c).Load.OpenForWrite);
        var commit = (FstProtocol.CommitFile)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(capability))).Message;
        Assert.Equal((Seven, capability.Open, capability.File, 10ul), (commit.Directory, commit.Open, commit.File, commit.Size));
        Assert.Equal([new FsId(1)], commit.Locations.ToArray());
        Assert.Equal(new FilesystemEffect.Keep(transfer, capability.File, capability.Open), c.Only<FilesystemEffect.Keep>(new FstProtocol.Committed(commit.Op, commit.File)));
        Assert.Empty(c.Take(new FstProtocol.Committed(commit.Op, commit.File)));
        Assert.Equal(new Stored(transfer), c.Only<FilesystemEffect.Answer>(new Kept(transfer, null)).Message);
        Assert.Equal((0u, 1ul), (Report(c).Load.OpenForWrite, Report(c).Usage.Replicas));
    }

    [Fact]
    public void A_commit_is_repeated_under_the_same_operation_until_it_is_answered()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        var transfer = c.Begin(capability);
        var first = c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(capability)));
        Assert.Empty(c.Take(new RetryTick()));
        for (var i = 0; i < 3; i++)
        {
            c.Now += TimeSpan.FromSeconds(1);
            Assert.Equal(first, c.Only<FilesystemEffect.ToDirectory>(new RetryTick()));
            Assert.Empty(c.Take(new RetryTick()));
            Assert.Empty(c.Take(new FstProtocol.CommitUnknown(((FstProtocol.CommitFile)first.Message).Op)));
        }
    }

    [Fact]
    public void A_refused_commit_discards_the_bytes_and_tells_why()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        var transfer = c.Begin(capability);
        var commit = (FstProtocol.CommitFile)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(capability))).Message;
        var effects = c.Take(new FstProtocol.CommitRefused(commit.Op, Errno.Busy, "superseded"));
        Assert.Equal(new FilesystemEffect.Discard(capability.File, capability.Open), effects[0]);
        Assert.Equal(new NotStored(transfer, new Refusal(Errno.Busy, "superseded")), Assert.IsType<FilesystemEffect.Answer>(effects[1]).Message);
        Assert.Empty(c.State.Transfers);
    }

    [Fact]
    public void A_file_that_the_directory_has_is_stored_also_if_the_disk_fails_to_rename()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        var transfer = c.Begin(capability);
        var commit = (FstProtocol.CommitFile)c.Only<FilesystemEffect.ToDirectory>(new Finish(transfer, FilesystemCase.Record(capability))).Message;
        c.Take(new FstProtocol.Committed(commit.Op, commit.File));
        var effects = c.Take(new Kept(transfer, new Refusal(Errno.InputOutput, "bad sector")));
        Assert.Equal(new Stored(transfer), Assert.IsType<FilesystemEffect.Answer>(effects[0]).Message);
        Assert.Equal(FstProtocol.BootStatus.OperationError, c.State.Health.Boot);
    }

    [Fact]
    public void A_write_that_left_nothing_is_abandoned_a_read_just_ends()
    {
        var c = FilesystemCase.Booted();
        var write = FilesystemCase.Capability(5);
        var abandon = Assert.IsType<FstProtocol.AbandonOpen>(c.Only<FilesystemEffect.ToDirectory>(new End(c.Begin(write))).Message);
        Assert.Equal((write.Open, write.File, Seven), (abandon.Open, abandon.File, abandon.Directory));
        Assert.Empty(c.Take(new FstProtocol.Noted(abandon.Op)));
        Assert.Empty(c.Take(new End(c.Begin(FilesystemCase.Capability(5, CapabilityOperation.Read)))));
        Assert.Empty(c.Take(new End(new TransferId(999))));
        Assert.Empty(c.State.Transfers);
    }

    [Fact]
    public void Only_an_open_write_can_finish()
    {
        var c = FilesystemCase.Booted();
        var read = FilesystemCase.Capability(5, CapabilityOperation.Read);
        var ended = c.Only<FilesystemEffect.Answer>(new Finish(c.Begin(read), FilesystemCase.Record(read)));
        Assert.Equal(Errno.Invalid, Assert.IsType<NotStored>(ended.Message).Refusal.Why);
    }

    [Fact]
    public void An_upload_that_outlived_the_actor_is_refused_and_its_bytes_go()
    {
        var c = FilesystemCase.Booted();
        var record = FilesystemCase.Record(FilesystemCase.Capability(5));
        var effects = c.Take(new Finish(new TransferId(77), record));
        Assert.Equal(new FilesystemEffect.Discard(record.File, record.Open), effects[0]);
        Assert.Equal(Errno.TryAgain, Assert.IsType<NotStored>(Assert.IsType<FilesystemEffect.Answer>(effects[1]).Message).Refusal.Why);
    }

    [Fact]
    public void An_order_to_delete_is_remembered_until_the_directory_has_noted_it()
    {
        var c = FilesystemCase.Booted();
        c.Stored.Clear();
        var order = new FstProtocol.DropReplicas(new FsId(1), Seven, [new FileId(1), new FileId(2)]);
        var delete = c.Only<FilesystemEffect.Delete>(order);
        Assert.Equal(order.Files.ToArray(), delete.Files.ToArray());
        Assert.Empty(c.Take(order));
        var notice = Assert.IsType<FstProtocol.ReplicaDropped>(c.Only<FilesystemEffect.ToDirectory>(new Deleted(Seven, delete.Files, 2, null)).Message);
        c.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(notice.Op, Assert.IsType<FstProtocol.ReplicaDropped>(c.Only<FilesystemEffect.ToDirectory>(new RetryTick()).Message).Op);
        Assert.Empty(c.Take(new FstProtocol.Noted(notice.Op)));
        Assert.Empty(c.State.Memory.Drops);
        Assert.Equal([typeof(DropsOrdered), typeof(DropsEnded)], c.Stored.Select(e => e.GetType()));
    }

    [Fact]
    public void After_a_restart_deletion_goes_on()
    {
        var c = FilesystemCase.Booted();
        c.Take(new FstProtocol.DropReplicas(new FsId(1), Seven, [new FileId(1)]));
        var again = FilesystemCase.Recovered(c.Stored);
        var effects = again.Take(new Attached(default, null));
        Assert.Equal([new FileId(1)], Assert.Single(effects.OfType<FilesystemEffect.Delete>()).Files.ToArray());
    }

    [Fact]
    public void A_disk_that_will_not_delete_is_asked_again_and_orders_for_others_count_for_nothing()
    {
        var c = FilesystemCase.Booted();
        Assert.Empty(c.Take(new FstProtocol.DropReplicas(new FsId(2), Seven, [new FileId(1)])));
        var delete = c.Only<FilesystemEffect.Delete>(new FstProtocol.DropReplicas(new FsId(1), Seven, [new FileId(1)]));
        c.Take(new Deleted(Seven, delete.Files, 0, new Refusal(Errno.InputOutput, "no")));
        Assert.Single(c.Take(new Attached(default, null)).OfType<FilesystemEffect.Delete>());
        Assert.Single(c.State.Memory.Drops);
    }

    [Fact]
    public void Many_deletions_are_cut_into_jobs_and_bounded()
    {
        var c = FilesystemCase.Booted();
        var files = Enumerable.Range(1, 2500).Select(i => new FileId((ulong)i)).ToArray();
        var jobs = c.Take(new FstProtocol.DropReplicas(new FsId(1), Seven, [.. files])).Cast<FilesystemEffect.Delete>().ToArray();
        Assert.All(jobs, job => Assert.InRange(job.Files.Length, 1, DropRules.FilesPerJob));
        Assert.Equal(FilesystemCase.Settings.DropsInFlight, jobs.Sum(job => job.Files.Length));
        Assert.Empty(c.Take(new RetryTick()));
        foreach (var job in jobs)
        {
            var notice = (FstProtocol.ReplicaDropped)c.Only<FilesystemEffect.ToDirectory>(new Deleted(Seven, job.Files, 0, null)).Message;
            c.Take(new FstProtocol.Noted(notice.Op));
        }

        Assert.Equal(1000, c.Take(new RetryTick()).OfType<FilesystemEffect.Delete>().Sum(job => job.Files.Length));
        Assert.Equal(1500, c.State.Memory.Drops.Count);
    }

    [Fact]
    public void The_sweep_leaves_alone_what_transfers_of_now_use()
    {
        var c = FilesystemCase.Booted();
        var capability = FilesystemCase.Capability(5);
        c.Begin(capability);
        var mine = new FstProtocol.Held(capability.File, capability.Open);
        var other = new FstProtocol.Held(new FileId(6), capability.Open);
        Assert.Equal([other], Assert.IsType<Idle>(c.Only<FilesystemEffect.Reply>(new AskIdle([mine, other])).Message).Opens.ToArray());
    }

    private static FstProtocol.FsReport Report(FilesystemCase c) => FilesystemRules.Report(c.State, c.Facts, FstProtocol.FsLoad.Idle, 1, 1);
}
