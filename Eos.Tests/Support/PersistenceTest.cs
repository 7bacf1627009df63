using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>An actor system with the scripted journal, a collector, and short words for both.</summary>
public abstract class PersistenceTest : IAsyncLifetime
{
    protected PersistenceTest(string hocon = "")
    {
        System = ActorSystem.Create("persistence", ConfigurationFactory.ParseString(hocon + "\n" + """
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.persistence.journal.plugin = "test.scripted-journal"
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            """).WithFallback(ScriptedJournal.Config));
        Report = new Collector(System);
        Asker = new Collector(System);
    }

    protected ActorSystem System { get; }

    /// <summary>Where the scripted actors report.</summary>
    protected Collector Report { get; }

    /// <summary>In whose name commands are sent.</summary>
    protected Collector Asker { get; }

    protected IActorRef Journal => Persistence.Instance.Apply(System).JournalFor("");

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync() => await System.Terminate();

    /// <summary>An actor that has recovered.</summary>
    protected async Task<IActorRef> Recovered(string id)
    {
        var actor = Start(new ScriptedActor.Settings(id, Report.Ref));
        while (await Report.Next<object>() is not "recovered") { }
        return actor;
    }

    protected IActorRef Start(ScriptedActor.Settings settings) => System.ActorOf(ScriptedActor.Make(settings));

    protected void Do(IActorRef actor, Action<ScriptedActor> action) => actor.Tell(new ScriptedActor.Do(action), Asker.Ref);

    protected async Task HoldJournal()
    {
        Journal.Tell(new ScriptedJournal.Hold(), Report.Ref);
        await Report.Next<ScriptedJournal.Hold>();
    }

    protected void ReleaseJournal() => Journal.Tell(new ScriptedJournal.Release(), ActorRefs.NoSender);

    protected async Task WatchWrites()
    {
        Journal.Tell(new ScriptedJournal.Watch(Report.Ref), Report.Ref);
        await Report.Next<ScriptedJournal.Watch>();
    }

    /// <summary>Waits until the actor has ended.</summary>
    protected async Task Ended(IActorRef actor)
    {
        var watcher = new Collector(System);
        System.ActorOf(Props.Create(() => new Watcher(actor, watcher.Ref)));
        Assert.Equal("ended", await watcher.Next<string>());
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef subject, IActorRef report)
        {
            Context.Watch(subject);
            Receive<Terminated>(_ => report.Tell("ended"));
        }
    }
}
