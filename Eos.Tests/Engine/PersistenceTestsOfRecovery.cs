using Akka.Actor;
using Akka.Persistence;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>How a persistent actor comes back: snapshots, events, limits, permits.</summary>
public sealed class PersistenceTestsOfRecovery() : PersistenceTest("""
    akka.persistence.max-concurrent-recoveries = 2
    other-journal {
      class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
      plugin-dispatcher = "akka.actor.default-dispatcher"
    }
    other-store {
      class = "Akka.Persistence.Snapshot.MemorySnapshotStore, Akka.Persistence"
      plugin-dispatcher = "akka.actor.default-dispatcher"
    }
    """)
{
    private async Task<IActorRef> With(string id, int events)
    {
        var actor = await Recovered(id);
        for (var i = 1; i <= events; i++)
        {
            var n = i;
            Do(actor, a => a.Persist($"e{n}", e => a.State.Add(e)));
        }
        Do(actor, a => a.Say("written"));
        await Report.Expect("written");
        return actor;
    }

    private async Task Stopped(IActorRef actor)
    {
        Do(actor, a => a.Stop());
        await Ended(actor);
    }

    private async Task<SnapshotMetadata> Snapshot(IActorRef actor, string state)
    {
        Do(actor, a => a.SaveSnapshot(state));
        return (await Report.Next<SaveSnapshotSuccess>()).Metadata;
    }

    [Fact]
    public async Task Events_are_replayed_in_order_before_any_command()
    {
        await Stopped(await With("a", 3));
        var again = Start(new ScriptedActor.Settings("a", Report.Ref));
        again.Tell("first command");
        await Report.Expect("replayed e1", "replayed e2", "replayed e3", "recovered", "first command");
    }

    [Fact]
    public async Task Commands_that_came_during_recovery_keep_their_order()
    {
        var actor = Start(new ScriptedActor.Settings("a", Report.Ref));
        for (var i = 0; i < 500; i++) actor.Tell($"c{i}");
        await Report.Expect("recovered");
        for (var i = 0; i < 500; i++) await Report.Expect($"c{i}");
    }

    [Fact]
    public async Task When_recovery_is_complete_the_actor_may_persist_before_its_first_command()
    {
        var actor = Start(new ScriptedActor.Settings("a", Report.Ref)
        {
            OnRecover = (a, m) =>
            {
                if (m is RecoveryCompleted) a.Persist("born", e => a.Say(e));
            },
        });
        actor.Tell("first command");
        await Report.Expect("recovered", "born", "first command");
    }

    [Fact]
    public async Task IsRecovering_ends_with_RecoveryCompleted()
    {
        await Stopped(await With("a", 1));
        Start(new ScriptedActor.Settings("a", Report.Ref) { OnRecover = (a, _) => a.Say(a.IsRecovering) });
        await Report.Expect(true, "replayed e1", false, "recovered");
    }

    [Fact]
    public async Task Numbers_go_on_where_they_were()
    {
        await Stopped(await With("a", 3));
        var again = await Recovered("a");
        Do(again, a => a.Persist("e4", _ => a.Say(a.LastSequenceNr)));
        await Report.Expect(4L);
    }

    [Fact]
    public async Task A_snapshot_is_offered_before_the_events_after_it()
    {
        var actor = await With("a", 3);
        Assert.Equal(3, (await Snapshot(actor, "state of 3")).SequenceNr);
        Do(actor, a => a.Persist("e4", _ => { }));
        await Stopped(actor);
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("offered state of 3 at 3", "replayed e4", "recovered");
    }

    [Fact]
    public async Task Recovery_ends_at_the_number_asked_for_and_new_events_follow_the_last()
    {
        await Stopped(await With("a", 5));
        var again = Start(new ScriptedActor.Settings("a", Report.Ref) { Recovery = new Recovery(SnapshotSelectionCriteria.Latest, 2) });
        await Report.Expect("replayed e1", "replayed e2", "recovered");
        Do(again, a => a.Persist("e6", _ => a.Say(a.LastSequenceNr)));
        await Report.Expect(6L);
    }

    [Fact]
    public async Task A_snapshot_above_the_number_asked_for_is_not_offered()
    {
        var actor = await With("a", 2);
        await Snapshot(actor, "state of 2");
        Do(actor, a => a.Persist("e3", e => a.Say(e)));
        await Report.Expect("e3");
        await Snapshot(actor, "state of 3");
        await Stopped(actor);
        Start(new ScriptedActor.Settings("a", Report.Ref) { Recovery = new Recovery(new SnapshotSelectionCriteria(2)) });
        await Report.Expect("offered state of 2 at 2", "replayed e3", "recovered");
    }

    [Fact]
    public async Task Recovery_None_replays_nothing_and_still_knows_the_last_number()
    {
        var actor = await With("a", 3);
        await Snapshot(actor, "state of 3");
        await Stopped(actor);
        var again = Start(new ScriptedActor.Settings("a", Report.Ref) { Recovery = Recovery.None });
        await Report.Expect("recovered");
        Do(again, a => a.Persist("e4", _ => a.Say(a.LastSequenceNr)));
        await Report.Expect(4L);
    }

    [Fact]
    public async Task Snapshots_are_deleted_by_number_and_by_bounds()
    {
        var actor = await With("a", 1);
        await Snapshot(actor, "state of 1");
        Do(actor, a => a.Persist("e2", e => a.Say(e)));
        await Report.Expect("e2");
        await Snapshot(actor, "state of 2");
        Do(actor, a => a.DeleteSnapshot(2));
        Assert.Equal(2, (await Report.Next<DeleteSnapshotSuccess>()).Metadata.SequenceNr);
        await Stopped(actor);
        var again = Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("offered state of 1 at 1", "replayed e2", "recovered");
        Do(again, a => a.DeleteSnapshots(new SnapshotSelectionCriteria(1)));
        Assert.Equal(1, (await Report.Next<DeleteSnapshotsSuccess>()).Criteria.MaxSequenceNr);
        await Stopped(again);
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("replayed e1", "replayed e2", "recovered");
    }

    [Fact]
    public async Task Only_so_many_actors_recover_at_a_time()
    {
        await WatchWrites();
        var first = Start(new ScriptedActor.Settings("silent 1", Report.Ref));
        await Report.Expect("replay of silent 1");
        Start(new ScriptedActor.Settings("silent 2", Report.Ref));
        await Report.Expect("replay of silent 2");
        Start(new ScriptedActor.Settings("patient", Report.Ref));
        await Eventually.Stays(() => Report.IsEmpty, TimeSpan.FromMilliseconds(300), "a third recovers beside two");
        System.Stop(first);
        await Report.Expect("replay of patient", "recovered");
    }

    [Fact]
    public async Task An_actor_chooses_its_journal_and_snapshot_store()
    {
        var settings = new ScriptedActor.Settings("a", Report.Ref) { Journal = "other-journal", SnapshotStore = "other-store" };
        var actor = Start(settings);
        await Report.Expect("recovered");
        Do(actor, a => a.Persist("elsewhere", e => a.Say(e)));
        await Report.Expect("elsewhere");
        await Snapshot(actor, "a state");
        await Stopped(actor);
        Start(new ScriptedActor.Settings("a", Report.Ref) { Journal = "other-journal" });
        await Report.Expect("replayed elsewhere", "recovered");
        Start(new ScriptedActor.Settings("a", Report.Ref) { SnapshotStore = "other-store" });
        await Report.Expect("offered a state at 1", "recovered");
    }

    [Fact]
    public async Task A_watched_actors_end_is_not_lost_while_Persist_is_open()
    {
        var watched = System.ActorOf(Props.Create(() => new Idle()), "watched");
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a =>
        {
            a.WatchIt(watched);
            a.Persist("e1", e => a.Say(e));
        });
        System.Stop(watched);
        await Ended(watched);
        ReleaseJournal();
        await Report.Expect("e1", "ended watched");
    }

    private sealed class Idle : ReceiveActor;
}
