using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;

namespace Eos.Benchmarks;

/// <summary>Events stored by persistent actors on SQLite, each acknowledged after fsync.</summary>
public sealed class PersistBench : IBenchmark
{
    /// <summary>How a command stores its event or events.</summary>
    private enum Way { Persist, PersistAsync, PersistAll }

    private sealed record Start(Way Way, int Events);

    private static int _ids;

    public string Name => "persist";

    public string Purpose => "events/s stored on SQLite by 1 and 100 persistent actors: Persist, PersistAsync, PersistAll(100); recovery";

    public async Task Run(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("eos-bench-");
        var file = Path.Combine(folder.FullName, "journal.db");
        var system = ActorSystem.Create("bench", $$"""
            akka.loglevel = WARNING
            akka.persistence.snapshot-store.plugin = ""
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql {
                connection-string = "Data Source={{file}}"
                provider-name = "SQLite.MS"
              }
            }
            """);
        try
        {
            await Report.Median("SQLite, 1 actor, Persist", "events/s", () => Store(system, 1, Way.Persist, 4_000));
            await Report.Median("SQLite, 1 actor, PersistAsync", "events/s", () => Store(system, 1, Way.PersistAsync, 100_000));
            await Report.Median("SQLite, 1 actor, PersistAll(100)", "events/s", () => Store(system, 1, Way.PersistAll, 50_000));
            await Report.Median("SQLite, 100 actors, Persist", "events/s", () => Store(system, 100, Way.Persist, 100_000));
            await Report.Median("SQLite, 100 actors, PersistAsync", "events/s", () => Store(system, 100, Way.PersistAsync, 100_000));
            await Report.Median("SQLite, 100 actors, PersistAll(100)", "events/s", () => Store(system, 100, Way.PersistAll, 100_000));
            var id = "recovered";
            await Store(system, 1, Way.PersistAll, 100_000, id);
            await Report.Median("SQLite, recovery of 100,000 events", "events/s", () => Recover(system, id, 100_000));
        }
        finally
        {
            await system.Terminate();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<double> Store(ActorSystem system, int actors, Way way, int events, string? id = null)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recovered = new CountdownEvent(actors);
        var open = new CountdownEvent(actors);
        var writers = Enumerable.Range(0, actors)
            .Select(_ => system.ActorOf(Props.Create(() => new Writer(id ?? $"w{Interlocked.Increment(ref _ids)}", recovered, ready, open, ended)))).ToList();
        await ready.Task;
        var clock = Stopwatch.StartNew();
        foreach (var writer in writers) writer.Tell(new Start(way, events / actors), ActorRefs.NoSender);
        await ended.Task;
        var rate = events / clock.Elapsed.TotalSeconds;
        await Task.WhenAll(writers.Select(w => w.GracefulStop(TimeSpan.FromSeconds(10))));
        return rate;
    }

    private static async Task<double> Recover(ActorSystem system, string id, int events)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = Stopwatch.StartNew();
        var writer = system.ActorOf(Props.Create(() => new Writer(id, new CountdownEvent(1), ready, new CountdownEvent(1), ready)));
        await ready.Task;
        var rate = events / clock.Elapsed.TotalSeconds;
        await writer.GracefulStop(TimeSpan.FromSeconds(10));
        return rate;
    }

    /// <summary>Stores its share: with Persist the next event follows the one before, else everything is asked for at once.</summary>
    private sealed class Writer(string id, CountdownEvent recovered, TaskCompletionSource ready, CountdownEvent open, TaskCompletionSource ended) : UntypedPersistentActor
    {
        private static readonly string Payload = new('e', 100);
        private int _left;

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted && recovered.Signal()) ready.SetResult();
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case Start start:
                    _left = start.Events;
                    var step = start.Way == Way.PersistAll ? 100 : 1;
                    for (var i = 0; i < start.Events; i += step) Self.Tell(start.Way, Self);
                    break;
                case Way.Persist:
                    Persist(Payload, Stored);
                    break;
                case Way.PersistAsync:
                    PersistAsync(Payload, Stored);
                    break;
                case Way.PersistAll:
                    PersistAll(Enumerable.Repeat(Payload, 100), Stored);
                    break;
            }
        }

        private void Stored(string e)
        {
            if (--_left == 0 && open.Signal()) ended.SetResult();
        }
    }
}
