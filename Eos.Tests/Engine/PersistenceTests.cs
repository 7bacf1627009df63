using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>The order of handlers and commands of a persistent actor.</summary>
public sealed class PersistenceTests : PersistenceTest
{
    [Fact]
    public async Task A_handler_of_Persist_runs_when_the_event_is_stored()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.Persist("e1", e => a.Say("stored " + e)));
        Do(actor, a => a.Say("next"));
        Report.ExpectNothingYet();
        ReleaseJournal();
        await Report.Expect("stored e1", "next");
    }

    [Fact]
    public async Task Commands_wait_while_Persist_is_open_and_keep_their_order()
    {
        var actor = await Recovered("a");
        for (var i = 0; i < 200; i++)
        {
            var n = i;
            Do(actor, a => a.Persist($"e{n}", e => a.Say(e)));
            actor.Tell($"c{n}", Asker.Ref);
        }
        for (var i = 0; i < 200; i++) await Report.Expect($"e{i}", $"c{i}");
    }

    [Fact]
    public async Task Handlers_of_several_Persist_calls_run_in_the_order_of_the_calls()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.Persist("e1", e => a.Say(e));
            a.PersistAll(["e2", "e3"], e => a.Say(e));
            a.Persist("e4", e => a.Say(e));
            a.Say("command done");
        });
        actor.Tell("next");
        await Report.Expect("command done", "e1", "e2", "e3", "e4", "next");
    }

    [Fact]
    public async Task Commands_go_on_while_PersistAsync_is_open()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.PersistAsync("e1", e => a.Say(e)));
        actor.Tell("next");
        await Report.Expect("next");
        ReleaseJournal();
        await Report.Expect("e1");
    }

    [Fact]
    public async Task Handlers_of_Persist_and_PersistAsync_run_in_the_order_of_the_calls()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAsync("async 1", e => a.Say(e));
            a.Persist("sync 1", e => a.Say(e));
            a.PersistAllAsync(["async 2", "async 3"], e => a.Say(e));
            a.Persist("sync 2", e => a.Say(e));
        });
        actor.Tell("next");
        await Report.Expect("async 1", "sync 1", "async 2", "async 3", "sync 2", "next");
    }

    [Fact]
    public async Task Commands_wait_only_until_the_last_Persist_handler_has_run()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a =>
        {
            a.Persist("sync", e =>
            {
                a.Say(e);
                a.PersistAsync("later", later => a.Say(later));
            });
        });
        actor.Tell("next");
        ReleaseJournal();
        await Report.Expect("sync");
        Assert.Equal(["later", "next"], new[] { await Report.Next<string>(), await Report.Next<string>() }.Order());
    }

    [Fact]
    public async Task A_Persist_inside_a_handler_of_Persist_holds_commands_back_too()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.Persist("outer", o =>
        {
            a.Say(o);
            a.Persist("inner", i => a.Say(i));
        }));
        actor.Tell("next");
        await Report.Expect("outer", "inner", "next");
    }

    [Fact]
    public async Task PersistAll_of_nothing_does_nothing()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.PersistAll(Array.Empty<string>(), e => a.Say(e)));
        actor.Tell("next");
        await Report.Expect("next");
    }

    [Fact]
    public async Task PersistAllAsync_of_nothing_throws_and_restarts_the_actor()
    {
        var actor = await Recovered("a");
        Do(actor, a => a.PersistAllAsync(Array.Empty<string>(), e => a.Say(e)));
        await Report.Expect("restarting after ArgumentException", "recovered");
    }

    [Fact]
    public async Task DeferAsync_runs_at_once_when_nothing_is_open()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        Do(actor, a => a.DeferAsync("now", e => a.Say(e)));
        await Report.Expect("now");
    }

    [Fact]
    public async Task DeferAsync_runs_after_the_handlers_of_the_events_before_it()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAsync("e1", e => a.Say(e));
            a.DeferAsync("d1", e => a.Say(e));
            a.Persist("e2", e => a.Say(e));
            a.DeferAsync("d2", e => a.Say(e));
        });
        actor.Tell("next");
        await Report.Expect("e1", "d1", "e2");
        Assert.Equal(["d2", "next"], new[] { await Report.Next<string>(), await Report.Next<string>() }.Order());
    }

    [Fact]
    public async Task What_is_deferred_is_not_stored()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            a.PersistAsync("e1", e => a.Say(e));
            a.DeferAsync("d1", e => a.Say(e));
        });
        await Report.Expect("e1", "d1");
        Do(actor, a => a.Stop());
        await Ended(actor);
        Start(new ScriptedActor.Settings("a", Report.Ref));
        await Report.Expect("replayed e1", "recovered");
    }

    [Fact]
    public async Task The_sender_in_a_handler_is_the_sender_of_its_command()
    {
        var actor = await Recovered("a");
        await HoldJournal();
        var others = Enumerable.Range(0, 20).Select(_ => new Collector(System)).ToArray();
        for (var i = 0; i < others.Length; i++)
        {
            var n = i;
            actor.Tell(new ScriptedActor.Do(a =>
            {
                a.PersistAllAsync([$"{n}", $"{n}"], e => a.Sender.Tell("stored " + e, a.Self));
                a.DeferAsync($"{n}", e => a.Sender.Tell("deferred " + e, a.Self));
            }), others[n].Ref);
        }
        ReleaseJournal();
        for (var i = 0; i < others.Length; i++) await others[i].Expect($"stored {i}", $"stored {i}", $"deferred {i}");
    }

    [Fact]
    public async Task One_write_is_in_flight_and_what_comes_meanwhile_gathers_into_the_next()
    {
        var actor = await Recovered("a");
        await WatchWrites();
        await HoldJournal();
        for (var i = 0; i < 50; i++) Do(actor, a => a.PersistAsync("e", _ => { }));
        actor.Tell("all sent");
        // the one is the journal's word, the other the actor's: either may come first
        Assert.Equal(["all sent", "write of 1"], new[] { await Report.Next<string>(), await Report.Next<string>() }.Order());
        ReleaseJournal();
        await Report.Expect("write of 49");
    }

    [Fact]
    public async Task PersistAll_is_one_atomic_write()
    {
        var actor = await Recovered("a");
        await WatchWrites();
        Do(actor, a => a.PersistAll(Enumerable.Range(0, 500).Select(i => $"e{i}"), e =>
        {
            if (e == "e499") a.Say(a.LastSequenceNr);
        }));
        await Report.Expect("write of 1", 500L);
    }

    [Fact]
    public async Task What_an_asynchronous_command_persists_is_stored_when_it_has_ended()
    {
        var actor = await Recovered("a");
        actor.Tell(new ScriptedActor.DoAsync(async a =>
        {
            await Task.Yield();
            a.Persist("e1", e => a.Say(e));
            await Task.Yield();
            a.Say("command done");
        }), Asker.Ref);
        actor.Tell("next");
        await Report.Expect("command done", "e1", "next");
    }

    [Fact]
    public async Task Numbers_go_up_by_one_from_event_to_event()
    {
        var actor = await Recovered("a");
        for (var i = 1; i <= 3; i++) Do(actor, a => a.Persist("e", _ => a.Say(a.LastSequenceNr)));
        await Report.Expect(1L, 2L, 3L);
    }

    [Fact]
    public async Task The_actors_own_stash_works_beside_the_waiting_for_Persist()
    {
        var actor = await Recovered("a");
        Do(actor, a =>
        {
            if (a.State.Count == 0) a.Stash.Stash();
            else a.Say("came back");
        });
        await HoldJournal();
        Do(actor, a => a.Persist("e1", e =>
        {
            a.State.Add(e);
            a.Say(e);
            a.Stash.UnstashAll();
        }));
        actor.Tell("next");
        ReleaseJournal();
        await Report.Expect("e1");
        Assert.Equal(["came back", "next"], new[] { await Report.Next<string>(), await Report.Next<string>() }.Order());
    }
}
