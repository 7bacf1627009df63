using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Persistence;
using Eos.Journal;
using Eos.Tests.Support;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Cluster;

/// <summary>What several nodes with one group may and may not do to each other's journals and leases.</summary>
[Collection(ClustersCollection.Name)]
public sealed class RaftJournalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string LongSession = "eos.journal.session.duration = 60s";

    [Fact]
    public async Task What_the_former_activation_writes_after_the_new_one_has_recovered_is_refused()
    {
        await using var nodes = await KvNodes.Start(members: 2, hocon: LongSession);
        var (before, after) = (new Writer(nodes[0], "x"), new Writer(nodes[1], "x"));
        Assert.Equal(0, await before.Recover());
        Assert.IsType<WriteMessageSuccess>(await before.Write(1));
        Assert.Equal(1, await after.Recover());
        var failure = Assert.IsType<WriteMessageFailure>(await before.Write(2));
        Assert.IsType<StaleWriterException>(failure.Cause);
        Assert.IsType<WriteMessageSuccess>(await after.Write(2));
        Assert.Equal(2, await before.Recover());
    }

    /// <summary>The lease of a shard fences the ids of that shard, whatever node sessions say.</summary>
    [Fact]
    public async Task Without_the_lease_of_its_shard_a_node_neither_recovers_nor_writes()
    {
        await using var nodes = await KvNodes.Start(members: 2, hocon: LongSession);
        foreach (var node in nodes.All) node.Group.FenceBy(id => id.StartsWith("dir-", StringComparison.Ordinal) ? "shard-1" : null);
        var (here, there) = (new Writer(nodes[0], "dir-1"), new Writer(nodes[1], "dir-1"));
        var (leaseHere, leaseThere) = (LeaseOf(nodes[0], "shard-1"), LeaseOf(nodes[1], "shard-1"));
        Assert.IsType<StaleWriterException>(await here.FailToRecover());

        Assert.True(await leaseHere.Acquire());
        Assert.Equal(0, await here.Recover());
        Assert.IsType<WriteMessageSuccess>(await here.Write(1));
        Assert.False(await leaseThere.Acquire());
        Assert.IsType<StaleWriterException>(await there.FailToRecover());

        Assert.True(await leaseHere.Release());
        Assert.False(leaseHere.CheckLease());
        Assert.IsType<StaleWriterException>(Assert.IsType<WriteMessageFailure>(await here.Write(2)).Cause);
        Assert.True(await leaseThere.Acquire());
        Assert.True(leaseThere.CheckLease());
        Assert.Equal(1, await there.Recover());
        Assert.IsType<WriteMessageSuccess>(await there.Write(2));
    }

    [Fact]
    public async Task Leases_of_a_node_end_with_its_session_and_their_owners_are_told()
    {
        await using var nodes = await KvNodes.Start(members: 2, hocon: LongSession);
        var (mine, theirs) = (LeaseOf(nodes[0], "shard-1"), LeaseOf(nodes[1], "shard-1"));
        var lost = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ear = new Collector(nodes[0].System);
        nodes[0].System.EventStream.Subscribe(ear.Ref, typeof(NodeSessionLost));
        Assert.True(await mine.Acquire(lost.SetResult));
        Assert.False(await theirs.Acquire());

        var session = nodes[0].Group.Session;
        await nodes[1].Client.DoAsync(new ReleaseLease(session.LeaseName, (await session.Begun).Token));
        Assert.IsType<LeaseException>(await lost.Task.WaitAsync(Patience));
        Assert.Equal(session.Holder, (await ear.Next<NodeSessionLost>()).Holder);
        Assert.False(mine.CheckLease());
        Assert.False(session.Holds);
        Assert.True(await theirs.Acquire());
        await Assert.ThrowsAsync<LeaseException>(() => mine.Acquire());
    }

    [Fact]
    public async Task Leases_of_a_node_that_ended_are_free_when_its_session_has_run_out()
    {
        await using var nodes = await KvNodes.Start(members: 1, others: 1);
        Assert.True(await LeaseOf(nodes[1], "shard-1").Acquire());
        Assert.False(await LeaseOf(nodes[0], "shard-1").Acquire());
        await nodes[1].Stop();
        var session = nodes[0].Group.Session;
        await Eventually.Is(() => session.Over.IsCancellationRequested ? Task.FromResult(true) : LeaseOf(nodes[0], "shard-1").Acquire(), got => got, "the lease is free");
    }

    /// <summary>A shard that gave up asking is perhaps started elsewhere: a grant that comes too late must not keep it from there.</summary>
    [Fact]
    public async Task A_lease_that_is_granted_to_nobody_any_more_is_given_back()
    {
        await using var nodes = await KvNodes.Start(members: 2, others: 1, hocon: $"{LongSession}\nakka.coordination.lease.lease-operation-timeout = 1s");
        var (mine, theirs) = (LeaseOf(nodes[2], "shard-1"), LeaseOf(nodes[0], "shard-1"));
        await Eventually.Is(() => mine.Acquire(), got => got, "the lease, once there is a leader");
        await Eventually.Is(() => mine.Release(), given => given, "it is given back");
        await nodes[1].Stop();
        await Assert.ThrowsAsync<LeaseTimeoutException>(() => mine.Acquire());
        await nodes[1].Start();
        await Eventually.Is(() => theirs.Acquire(), got => got, "another node gets it");
        Assert.False(mine.CheckLease());
        await Eventually.Is(() => mine.Acquire(), got => !got, "it is the other's");
    }

    /// <summary>Log time goes on where the leader before stopped, so a change of leaders costs nobody a lease.</summary>
    [Fact]
    public async Task Sessions_and_leases_outlast_their_leaders()
    {
        await using var nodes = await KvNodes.Start(members: 3, hocon: "eos.journal.session.duration = 30s");
        var leases = nodes.All.Select((node, i) => LeaseOf(node, $"shard-{i}")).ToList();
        foreach (var lease in leases) Assert.True(await lease.Acquire());
        var leader = await nodes.Leader();
        await leader.Stop();
        var left = nodes.All.Where(n => n != leader).ToList();
        await nodes.Leader([.. left]);
        foreach (var node in left)
        {
            var lease = leases[nodes.All.ToList().IndexOf(node)];
            await Eventually.True(() => lease.CheckLease(), "the session is renewed with the new leader");
            Assert.False(node.Group.Session.Over.IsCancellationRequested);
        }
    }

    /// <summary>Nobody can say whether the session is over: until that is known, the lease counts for nothing.</summary>
    [Fact]
    public async Task A_lease_is_not_believed_while_the_session_can_not_be_renewed()
    {
        await using var nodes = await KvNodes.Start(members: 1);
        var lease = LeaseOf(nodes[0], "shard-1");
        Assert.True(await lease.Acquire());
        await Eventually.True(lease.CheckLease, "it is held");
        nodes[0].System.Stop(nodes[0].Member);
        await Eventually.True(() => !lease.CheckLease(), "it is not believed");
        Assert.False(nodes[0].Group.Session.Over.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_that_is_granted_when_nobody_waits_for_it_any_more_is_given_back()
    {
        using var raft = new RaftPlugins();
        var system = ActorSystem.Create("eos", ConfigurationFactory.ParseString(RaftPlugins.Hocon + "\nakka.coordination.lease.lease-operation-timeout = 100ms").WithFallback(EosNode.Configuration));
        var lease = LeaseProvider.Get(system).GetLease("shard-1", RaftLease.Id, "me");
        await Assert.ThrowsAsync<LeaseTimeoutException>(() => lease.Acquire());
        raft.Start(system);
        await Eventually.Is(lease.Release, isOver => isOver, "what was asked for has been answered");
        Assert.Empty(Assert.IsType<Leases>(await KvGroup.Get(system).Client.LookAsync(new LookAtLeases("shard-"))).Rows);
        await system.Terminate();
    }

    /// <summary>An append may be under way for as long as it likes: what counts is who holds the lease when it is applied.</summary>
    [Fact]
    public async Task An_append_of_the_old_holder_that_arrives_late_is_refused()
    {
        await using var nodes = await KvNodes.Start(members: 2, hocon: LongSession);
        var (old, next) = (nodes[0].Group, nodes[1].Group);
        var (oldFence, nextFence) = (await old.Session.Begun, await next.Session.Begun);
        Assert.IsType<Claimed>(await old.Client.DoAsync(new ClaimJournal("x", oldFence)));
        var append = new AppendJournal("x", oldFence, 0, [Encoding.UTF8.GetBytes("late")], []);
        Assert.Equal(new Claimed(0), await next.Client.DoAsync(new ClaimJournal("x", nextFence)));
        Assert.Equal(Kernel.Errno.Stale, Assert.IsType<Refused>(await old.Client.DoAsync(append)).Why);
        Assert.IsType<Done>(await next.Client.DoAsync(append with { Fence = nextFence }));
    }

    /// <summary>The journal's waiting is its own: the engine's other journals, and the actors that wait, go on.</summary>
    [Fact]
    public async Task A_group_without_a_leader_holds_up_nothing_else()
    {
        using var raft = new RaftPlugins();
        var system = ActorSystem.Create("eos", ConfigurationFactory.ParseString(RaftPlugins.Hocon).WithFallback(EosNode.Configuration));
        var (waiting, other) = (new Writer(system, RaftJournal.Id, "x"), new Writer(system, "akka.persistence.journal.inmem", "y"));
        var recovery = waiting.Recover();
        var write = waiting.Write(1);
        await other.Recover();
        for (var number = 1; number <= 100; number++) Assert.IsType<WriteMessageSuccess>(await other.Write(number));
        Assert.False(recovery.IsCompleted || write.IsCompleted);
        raft.Start(system);
        Assert.Equal(0, await recovery);
        Assert.IsType<WriteMessageSuccess>(await write);
        await system.Terminate();
    }

    /// <summary>Another activation may have saved a snapshot and deleted what is before it, after this one has loaded the snapshot before that.</summary>
    [Fact]
    public async Task A_recovery_that_would_miss_deleted_events_fails()
    {
        await using var nodes = await KvNodes.Start(members: 1, hocon: LongSession);
        var writer = new Writer(nodes[0], "x");
        await writer.Recover();
        for (var number = 1; number <= 5; number++) await writer.Write(number);
        await writer.Delete(3);
        Assert.Equal(5, await writer.Recover());
        Assert.Equal(5, await writer.Recover(from: 4));
        Assert.IsType<StaleWriterException>(await writer.FailToRecover(from: 3));
    }

    [Fact]
    public async Task An_event_that_is_too_large_is_rejected_with_its_size()
    {
        await using var nodes = await KvNodes.Start(members: 1, hocon: LongSession);
        var writer = new Writer(nodes[0], "x");
        await writer.Recover();
        var rejection = Assert.IsType<WriteMessageRejected>(await writer.Write(1, new string('x', 1_500_000)));
        Assert.Contains("1024000", rejection.Cause.Message, StringComparison.Ordinal);
        Assert.IsType<WriteMessageSuccess>(await writer.Write(1, new string('x', 900_000)));
    }

    /// <summary>Rows of indexes change with the event that means it, or not at all.</summary>
    [Fact]
    public async Task What_an_event_says_of_indexes_is_stored_with_it()
    {
        await using var nodes = await KvNodes.Start(members: 1, hocon: LongSession);
        var writer = new Writer(nodes[0], "x");
        await writer.Recover();
        Assert.IsType<WriteMessageSuccess>(await writer.Write(1, Named("k")));
        Assert.IsType<WriteMessageFailure>(await writer.Write(5, Named("l")));
        var rows = Assert.IsType<IndexRows>(await nodes[0].Client.LookAsync(new ScanIndex("names", default, default, 10)));
        Assert.Equal("k", Encoding.UTF8.GetString(Assert.Single(rows.Rows).Key.Span));
    }

    private static Lease LeaseOf(KvNode node, string name) => LeaseProvider.Get(node.System).GetLease(name, RaftLease.Id, node.Id.Value);

    private static Indexed Named(string name) =>
        new(name, [new IndexOp("names", Encoding.UTF8.GetBytes(name), IndexChange.Set, Encoding.UTF8.GetBytes("here"), 0)]);

    /// <summary>What a persistent actor says to its journal.</summary>
    private sealed class Writer(ActorSystem system, string journal, string id)
    {
        private readonly Collector _ear = new(system);
        private readonly IActorRef _journal = Persistence.Instance.Apply(system).JournalFor(journal);
        private int _instance;

        public Writer(KvNode node, string id) : this(node.System, RaftJournal.Id, id)
        {
        }

        public async Task<long> Recover(long from = 1)
        {
            var ear = new Collector(system);
            _journal.Tell(new ReplayMessages(from, long.MaxValue, long.MaxValue, id, ear.Ref));
            while (true)
                if (await ear.Next<object>() is not ReplayedMessage and var last)
                    return Assert.IsType<RecoverySuccess>(last).HighestSequenceNr;
        }

        public async Task Delete(long to)
        {
            _journal.Tell(new DeleteMessagesTo(id, to, _ear.Ref));
            await _ear.Next<DeleteMessagesSuccess>();
        }

        public async Task<Exception> FailToRecover(long from = 1)
        {
            var ear = new Collector(system);
            _journal.Tell(new ReplayMessages(from, long.MaxValue, long.MaxValue, id, ear.Ref));
            return (await ear.Next<ReplayMessagesFailure>()).Cause;
        }

        public async Task<object> Write(long number, object? payload = null)
        {
            _journal.Tell(new WriteMessages([new AtomicWrite(new Persistent(payload ?? $"{id}-{number}", number, id, writerGuid: "w"))], _ear.Ref, ++_instance));
            var answer = await _ear.Next<object>();
            var whole = await _ear.Next<object>();
            Assert.Equal(answer is WriteMessageFailure, whole is WriteMessagesFailed);
            return answer;
        }
    }
}
