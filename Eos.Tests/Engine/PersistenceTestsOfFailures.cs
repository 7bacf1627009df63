using Akka.Actor;
using Akka.Persistence;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>What a persistent actor does when storing, reading or a handler goes wrong.</summary>
public sealed class PersistenceTestsOfFailures : PersistenceTest
{
    [Fact]
    public async Task A_failed_write_is_reported_once_and_stops_the_actor()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAllAsync(["e1", "fail", "e3"], e => a.Say("false acknowledgement of " + e));
            a.DeferAsync("d", e => a.Say("false acknowledgement of " + e));
        });
        await Report.Expect("failed e1 at 1");
        await Ended(actor);
        Report.ExpectNothingYet();
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("recovered");
    }

    [Fact]
    public async Task Commands_behind_a_failed_write_go_to_dead_letters()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.Persist("fail", _ => a.Say("false acknowledgement")));
        System.EventStream.Subscribe(Asker.Ref, typeof(Akka.Event.DeadLetter));
        actor.Tell("late");
        ReleaseJournal();
        await Report.Expect("failed fail at 1");
        await Ended(actor);
        while ((await Asker.Next<Akka.Event.DeadLetter>()).Message is not "late")
        {
            // what the journal told the actor after its end
        }
    }

    [Fact]
    public async Task A_rejected_write_is_reported_and_the_actor_goes_on()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.Persist("reject", e => a.Say("false acknowledgement of " + e));
            a.Persist("e2", e => a.Say(e));
        });
        actor.Tell("next");
        await Report.Expect("rejected reject at 1", "e2", "next");
        Do(actor, a => a.Stop());
        await Ended(actor);
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("replayed e2", "recovered");
    }

    [Fact]
    public async Task Deferred_handlers_run_after_a_rejected_write()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAllAsync(["e1", "reject"], e => a.Say("false acknowledgement of " + e));
            a.DeferAsync("d", e => a.Say(e));
        });
        await Report.Expect("rejected e1 at 1", "rejected reject at 2", "d");
    }

    [Fact]
    public async Task A_handler_that_throws_restarts_the_actor_from_its_events()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.Persist("e1", _ => throw new InvalidOperationException("told to")));
        actor.Tell("next");
        ReleaseJournal();
        await Report.Expect("restarting after InvalidOperationException", "replayed e1", "recovered", "next");
    }

    [Fact]
    public async Task A_command_that_throws_stores_what_it_persisted_before()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAsync("e1", _ => { });
            throw new InvalidOperationException("told to");
        });
        await Report.Expect("restarting after InvalidOperationException", "replayed e1", "recovered");
    }

    [Fact]
    public async Task Commands_that_wait_survive_a_restart_in_their_order()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.Persist("e1", _ => throw new InvalidOperationException("told to")));
        for (var i = 0; i < 20; i++) actor.Tell($"c{i}");
        ReleaseJournal();
        await Report.Expect("restarting after InvalidOperationException", "replayed e1", "recovered");
        for (var i = 0; i < 20; i++) await Report.Expect($"c{i}");
    }

    [Fact]
    public async Task Persisting_while_recovering_is_refused()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.Persist("e1", e => a.Say(e)));
        await Report.Expect("e1");
        Do(actor, a => a.Stop());
        await Ended(actor);
        var again = Start(new ScriptedActor.Settings("a", Report.Ref)
        {
            OnRecover = (a, m) =>
            {
                if (m is string) a.Say(Assert.Throws<InvalidOperationException>(() => a.Persist("x", _ => { })).GetType().Name);
            },
        });
        await Report.Expect("InvalidOperationException", "replayed e1", "recovered");
        Do(again, a => a.Say(a.LastSequenceNr));
        await Report.Expect(1L);
    }

    [Fact]
    public async Task An_event_that_cannot_be_applied_stops_the_actor()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.Persist("e1", e => a.Say(e)));
        await Report.Expect("e1");
        Do(actor, a => a.Stop());
        await Ended(actor);
        var again = Start(new ScriptedActor.Settings("a", Report.Ref) { OnRecover = (_, _) => throw new FormatException("told to") });
        await Report.Expect("recovery failed: FormatException");
        await Ended(again);
    }

    [Fact]
    public async Task A_failed_replay_stops_the_actor()
    {
        var actor = Start(new ScriptedActor.Settings("broken", Report.Ref));
        await Report.Expect("recovery failed: IOException");
        await Ended(actor);
    }

    [Fact]
    public async Task A_replay_that_stands_still_stops_the_actor()
    {
        var actor = Start(new ScriptedActor.Settings("silent", Report.Ref) { Journal = ScriptedJournal.Impatient });
        await Report.Expect("recovery failed: RecoveryTimedOutException");
        await Ended(actor);
    }

    [Fact]
    public async Task A_failed_deletion_of_events_is_answered()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.Persist("e1", e => a.Say(e)));
        await Report.Expect("e1");
        Do(actor, a => a.DeleteMessages(1));
        Assert.Equal(1L, (await Report.Next<DeleteMessagesFailure>()).ToSequenceNr);
    }

    [Fact]
    public async Task A_deletion_of_events_that_are_yet_to_come_fails()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.DeleteMessages(7));
        Assert.Equal(7L, (await Report.Next<DeleteMessagesFailure>()).ToSequenceNr);
    }

    [Fact]
    public async Task A_journal_that_is_not_configured_keeps_the_actor_from_starting()
    {
        var actor = Start(new ScriptedActor.Settings("a", Report.Ref) { Journal = "no.such.journal" });
        await Ended(actor);
    }

    [Fact]
    public async Task PoisonPill_waits_for_no_write()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.PersistAsync("e1", e => a.Say("too late for " + e)));
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await Ended(actor);
        ReleaseJournal();
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("replayed e1", "recovered");
    }
}
