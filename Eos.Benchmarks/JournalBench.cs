using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Eos.Raft;

namespace Eos.Benchmarks;

/// <summary>
/// Events stored by 1 000 persistent actors over the Raft journal, on one node and on three in this process, each with files and disk syncs of its own. Each actor stores one
/// event after the other, or has ten on their way. Median of five.
/// </summary>
public sealed class JournalBench : IBenchmark
{
    private const int Actors = 1_000;
    private static int _run;

    public string Name => "journal";

    public string Purpose => "events stored by 1,000 persistent actors over the Raft journal, on one node and on three";

    /// <param name="args">Seconds for each of the measurements; default 5. Numbers of nodes; default 1 and 3.</param>
    public async Task Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        int[] counts = args.Length > 1 ? [.. args[1..].Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [1, 3];
        foreach (var nodes in counts)
            foreach (var window in new[] { 1, 10 })
                await Measure(nodes, window, TimeSpan.FromSeconds(seconds));
    }

    private static async Task Measure(int nodes, int window, TimeSpan time)
    {
        var folder = Directory.CreateTempSubdirectory("eos-bench-");
        var systems = await StartNodes(nodes, folder.FullName);
        try
        {
            var counter = new Counter();
            var recovered = new CountdownEvent(Actors);
            var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var run = ++_run;
            var writers = Enumerable.Range(0, Actors)
                .Select(i => systems[i % nodes].ActorOf(Props.Create(() => new Writer($"w{run}-{i}", window, counter, recovered, ready)))).ToList();
            await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
            foreach (var writer in writers) writer.Tell(new Go(), ActorRefs.NoSender);
            var (rates, cpu) = (new List<double>(), new List<double>());
            for (var round = 0; round < 6; round++)
            {
                var (before, used, clock) = (counter.Events, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
                using var pace = new PeriodicTimer(time / 5);
                await pace.WaitForNextTickAsync();
                var events = counter.Events - before;
                if (round == 0) continue;
                rates.Add(events / clock.Elapsed.TotalSeconds);
                cpu.Add((Process.GetCurrentProcess().TotalProcessorTime - used).TotalMicroseconds / events);
            }
            rates.Sort();
            cpu.Sort();
            Console.WriteLine(FormattableString.Invariant(
                $"{nodes} node(s), {Actors} actors, {window} under way each: {rates[2]:N0} events/s [{rates[0]:N0}..{rates[4]:N0}], {cpu[2]:F0} us of CPU each"));
        }
        finally
        {
            await Task.WhenAll(systems.Select(s => s.Terminate()));
            folder.Delete(recursive: true);
        }
    }

    internal static async Task<ActorSystem[]> StartNodes(int count, string folder)
    {
        var ports = FreePorts(count);
        var members = string.Join(", ", ports.Select(p => $"\"127.0.0.1:{p}\""));
        var systems = ports.Select(port => ActorSystem.Create("eos", ConfigurationFactory.ParseString(
            $$"""
              akka {
                loglevel = ERROR
                actor.provider = remote
                remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
                persistence.journal.plugin = "eos.persistence.journal.raft"
                persistence.snapshot-store.plugin = "eos.persistence.snapshot-store.raft"
                persistence.max-concurrent-recoveries = 1000
              }
              eos.qdb.members = [{{members}}]
              eos.journal.session.duration = 60s
              """).WithFallback(EosNode.Configuration))).ToArray();
        var card = new RaftNodeProtocol.PeerCard(RaftNodeProtocol.MemberEndpoints.None, "bench");
        await Task.WhenAll(systems.Select((s, i) => (Task)QdbMember.StartAsync(s, Path.Combine(folder, $"{i}"), card, e => Console.Error.WriteLine(e))));
        return systems;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }

    private sealed record Go;

    private sealed class Counter
    {
        private long _events;

        public long Events => Interlocked.Read(ref _events);

        public void Add() => Interlocked.Increment(ref _events);
    }

    /// <summary>Keeps that many events on their way.</summary>
    private sealed class Writer(string id, int window, Counter counter, CountdownEvent recovered, TaskCompletionSource ready) : UntypedPersistentActor
    {
        private static readonly string Payload = new('e', 100);

        public override string PersistenceId => id;

        protected override void OnRecover(object message)
        {
            if (message is RecoveryCompleted && recovered.Signal()) ready.SetResult();
        }

        protected override void OnCommand(object message)
        {
            if (message is not Go) return;
            for (var i = 0; i < window; i++) PersistAsync(Payload, Stored);
        }

        private void Stored(string e)
        {
            counter.Add();
            PersistAsync(Payload, Stored);
        }
    }
}
