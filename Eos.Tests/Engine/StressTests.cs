using System.Collections.Concurrent;
using Akka.Actor;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Many threads against the parts of an actor that several threads touch; each test takes about a second.</summary>
public class StressTests() : ActorTest("akka.loglevel = OFF")
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private sealed class Counts(int expected, TaskCompletionSource done) : UntypedActor
    {
        private readonly Dictionary<int, int> _last = [];
        private int _seen;

        protected override void OnReceive(object message)
        {
            var (producer, number) = ((int, int))message;
            if (_last.GetValueOrDefault(producer, -1) != number - 1) done.TrySetException(new InvalidOperationException($"{producer}: {number} after {_last.GetValueOrDefault(producer, -1)}"));
            _last[producer] = number;
            if (++_seen == expected) done.TrySetResult();
        }
    }

    /// <summary>A lost wake-up would leave messages in a mailbox that nobody works off.</summary>
    [Fact]
    public async Task No_message_is_lost_or_overtaken_whatever_the_threads_do()
    {
        const int Producers = 4, Each = 500, Rounds = 100;
        for (var round = 0; round < Rounds; round++)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var actor = Sys.ActorOf(Props.Create(() => new Counts(Producers * Each, done)));
            await Task.WhenAll(Enumerable.Range(0, Producers).Select(p => Task.Run(() =>
            {
                for (var i = 0; i < Each; i++) actor.Tell((p, i), ActorRefs.NoSender);
            })));
            await done.Task.WaitAsync(Patience);
            Sys.Stop(actor);
        }
    }

    /// <summary>Suspensions are counted: a failure that nests with another must not leave the actor asleep, or awake too early.</summary>
    [Fact]
    public async Task An_actor_that_fails_again_and_again_under_load_answers_all_the_rest()
    {
        var parent = Sys.ActorOf(Parent.Of(new OneForOneStrategy(-1, Timeout.Infinite, e => e.Message == "resume" ? Directive.Resume : Directive.Restart)));
        var child = await parent.Ask<IActorRef>((Scripted.Of((self, m) =>
        {
            if (m is Exception e) throw e;
            self.From.Tell(m);
        }), "child"), Patience);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(p => Task.Run(() => Task.WhenAll(Enumerable.Range(0, 500).Select(i =>
        {
            if (i % 5 == 0) child.Tell(new InvalidOperationException(i % 2 == 0 ? "resume" : "restart"), ActorRefs.NoSender);
            return child.Ask<(int, int)>((p, i), Patience);
        })))));
        Assert.Equal(2000, answers.Sum(a => a.Distinct().Count()));
    }

    /// <summary>Whenever the watch arrives: before, during or after the end.</summary>
    [Fact]
    public async Task Every_watcher_learns_of_an_end_that_races_with_its_watch()
    {
        const int Rounds = 2000;
        var told = new CountdownEvent(Rounds);
        for (var i = 0; i < Rounds; i++)
        {
            var actor = Sys.ActorOf<Echo>();
            var watcher = Sys.ActorOf(Scripted.Of((self, m) =>
            {
                if (m is IActorRef subject) self.Ctx.Watch(subject);
                if (m is not Terminated) return;
                told.Signal();
                self.Ctx.Stop(self.Me);
            }));
            if (i % 2 == 0) ThreadPool.UnsafeQueueUserWorkItem(_ => Sys.Stop(actor), null);
            else actor.Tell(PoisonPill.Instance);
            watcher.Tell(actor);
        }
        Assert.True(await Task.Run(() => told.Wait(Patience)), $"{told.CurrentCount} watchers were not told");
    }

    /// <summary>What reaches an actor about its end is answered by it or becomes a dead letter, but does not vanish.</summary>
    [Fact]
    public async Task A_message_is_handled_or_becomes_a_dead_letter()
    {
        const int Rounds = 300, Messages = 20;
        var letters = new ConcurrentBag<int>();
        var handled = new ConcurrentBag<int>();
        Sys.EventStream.Subscribe(Sys.ActorOf(Scripted.Of((_, m) =>
        {
            if (m is Akka.Event.DeadLetter { Message: int n }) letters.Add(n);
        })), typeof(Akka.Event.DeadLetter));
        await Task.WhenAll(Enumerable.Range(0, Rounds).Select(round => Task.Run(() =>
        {
            var actor = Sys.ActorOf(Scripted.Of((_, m) => handled.Add((int)m)));
            for (var i = 0; i < Messages; i++)
            {
                if (i == Messages / 2) Sys.Stop(actor);
                actor.Tell(round * Messages + i, ActorRefs.NoSender);
            }
        })));
        AwaitCondition(() => letters.Count + handled.Count == Rounds * Messages, Patience);
        Assert.Equal(Enumerable.Range(0, Rounds * Messages), letters.Concat(handled).Order());
    }

    /// <summary>Costs per watch must not grow with the number of watches.</summary>
    [Fact]
    public void One_actor_may_watch_very_many()
    {
        const int Many = 50_000;
        var left = Many;
        using var done = new ManualResetEventSlim();
        var watcher = Sys.ActorOf(Scripted.Of((self, m) =>
        {
            if (m is Terminated && --left == 0) done.Set();
            if (m is not "watch") return;
            for (var i = 0; i < Many; i++) self.Ctx.Watch(self.Ctx.ActorOf(Scripted.Of((_, _) => { }))).Tell(PoisonPill.Instance);
        }));
        watcher.Tell("watch");
        Assert.True(done.Wait(Patience), $"{left} of {Many} are still to be told");
    }

    [Fact]
    public async Task A_system_ends_under_load()
    {
        for (var round = 0; round < 10; round++)
        {
            var system = ActorSystem.Create("busy", "akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nakka.log-dead-letters = off");
            var actors = Enumerable.Range(0, 50).Select(_ => system.ActorOf(Scripted.Of((self, m) =>
            {
                if ((int)m % 7 == 0 && !self.From.IsNobody()) self.Ctx.ActorOf(Scripted.Of((_, _) => { })).Tell(m);
                self.From.Tell((int)m + 1);
            }))).ToList();
            for (var i = 0; i < actors.Count; i++) actors[i].Tell(1, actors[(i + 1) % actors.Count]);
            await system.Terminate().WaitAsync(Patience);
        }
    }
}
