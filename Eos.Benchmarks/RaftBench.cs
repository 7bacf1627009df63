using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Raft.RaftNodeProtocol;

namespace Eos.Benchmarks;

/// <summary>The Raft members alone: rules, logs on disk with fsync, remoting on loopback; the state only counts. One process holds all members.</summary>
public sealed class RaftBench : IBenchmark
{
    private static readonly byte[] Bytes = new byte[130];

    public string Name => "raft";

    public string Purpose => "[members] [key=value]: entries/s of 130 bytes through one and three Raft members, 50 clients with 1 and 64 outstanding; reads/s; CPU time";

    public async Task Run(string[] args)
    {
        var settings = string.Join('\n', args.Where(a => a.Contains('=')));
        var sizes = args.Where(a => !a.Contains('=')).Select(int.Parse).DefaultIfEmpty(0).SelectMany(n => n == 0 ? [1, 3] : new[] { n }).ToArray();
        foreach (var members in sizes)
        {
            await using var group = await Group.Start(members, settings);
            foreach (var pipeline in new[] { 1, 64 })
            {
                await Report.Median($"{members} member(s), 50 clients x {pipeline}, writes", "entries/s", () => Load(50, pipeline, TimeSpan.FromSeconds(2), group.Write));
                Console.WriteLine($"    {group.Cost():N1} us of CPU an entry");
            }
            foreach (var pipeline in new[] { 1, 64 })
            {
                await Report.Median($"{members} member(s), 50 clients x {pipeline}, reads", "reads/s", () => Load(50, pipeline, TimeSpan.FromSeconds(2), group.Read));
                Console.WriteLine($"    {group.Cost():N1} us of CPU a read");
            }
        }
    }

    private static async Task<double> Load(int clients, int pipeline, TimeSpan time, Func<int, Task> round)
    {
        var clock = Stopwatch.StartNew();
        var rounds = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var done = 0L;
            for (; clock.Elapsed < time; done++) await round(pipeline);
            return done;
        }));
        return rounds.Sum() * pipeline / clock.Elapsed.TotalSeconds;
    }

    private sealed class Group : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eos-bench-raft-");
        private readonly List<ActorSystem> _systems = [];
        private readonly List<IActorRef> _members = [];
        private IActorRef _leader = ActorRefs.Nobody;
        private (long Operations, TimeSpan Processor) _spent = (0, Process.GetCurrentProcess().TotalProcessorTime);
        private long _operations;

        public static async Task<Group> Start(int count, string settings)
        {
            var group = new Group();
            var ports = Ports(count);
            foreach (var port in ports) await group.Add(port, string.Join(',', ports.Select(p => $"\"127.0.0.1:{p}\"")), settings);
            while (group._leader.IsNobody())
                foreach (var member in group._members)
                    if ((await member.Ask<MemberStatus>(new DescribeMember())).Leadership.Serves) group._leader = member;
            return group;
        }

        public Task Write(int pipeline)
        {
            var round = new Round(pipeline);
            _leader.Tell(new Submit([.. Enumerable.Repeat<ISubmission>(round, pipeline)]));
            Interlocked.Add(ref _operations, pipeline);
            return round.Done;
        }

        public Task Read(int pipeline)
        {
            var round = new Round(pipeline);
            _leader.Tell(new RaftNodeProtocol.Ask([.. Enumerable.Repeat<IReading>(round, pipeline)]));
            Interlocked.Add(ref _operations, pipeline);
            return round.Done;
        }

        /// <summary>Microseconds of processor time for each operation since the last call.</summary>
        public double Cost()
        {
            var now = (_operations, Process.GetCurrentProcess().TotalProcessorTime);
            var cost = (now.TotalProcessorTime - _spent.Processor).TotalMicroseconds / (now._operations - _spent.Operations);
            _spent = now;
            return cost;
        }

        public async ValueTask DisposeAsync()
        {
            await Task.WhenAll(_systems.Select(s => s.Terminate()));
            _folder.Delete(recursive: true);
        }

        private async Task Add(int port, string members, string settings)
        {
            var config = ConfigurationFactory.ParseString(settings).WithFallback(ConfigurationFactory.ParseString(
                $$"""
                  akka.loglevel = WARNING
                  akka.actor.provider = remote
                  akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
                  eos.qdb.members = [{{members}}]
                  """)).WithFallback(EosNode.Configuration);
            var system = ActorSystem.Create("eos", config);
            _systems.Add(system);
            var parts = new RaftNodeParts(
                new MemberId($"127.0.0.1:{port}"), Path.Combine(_folder.FullName, $"{port}"), owner => new Counter(owner), RaftNodeSettings.From(config),
                new PeerCard(MemberEndpoints.None, "bench"), BootClock.Instance, (ulong)port);
            _members.Add(await RaftGroups.StartAsync(system.ActorOf(RaftGroups.Props(), RaftGroups.Name), parts, e => Console.Error.WriteLine(e)));
        }

        private static int[] Ports(int count)
        {
            var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
            listeners.ForEach(l => l.Start());
            var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
            listeners.ForEach(l => l.Stop());
            return ports;
        }
    }

    /// <summary>So many operations that were sent together.</summary>
    private sealed class Round(int count) : ISubmission, IReading
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _open = count;

        public Task Done => _done.Task;

        public ReadOnlyMemory<byte> Entry => Bytes;

        public void Applied(object outcome) => One();

        public void Answered(object answer) => One();

        public void Refused(MemberId? leader, string why) => _done.TrySetException(new InvalidOperationException(why));

        public void Unknown(string why) => _done.TrySetException(new InvalidOperationException(why));

        private void One()
        {
            if (Interlocked.Decrement(ref _open) == 0) _done.SetResult();
        }
    }

    /// <summary>A state that counts. It answers in the member's own turn, so that what is measured is the member.</summary>
    private sealed class Counter(IStateMachineOwner owner) : IStateMachine
    {
        public RaftProtocol.SnapshotInfo Opened { get; } = new(LogPosition.Start, TimeSpan.Zero, Membership.Of([]), 0);

        public void Apply(LogBatch batch, IReadOnlyList<ISubmission>? own)
        {
            foreach (var submission in own ?? []) submission.Applied(this);
            owner.Applied(batch.Last);
        }

        public void Read(LogIndex at, TimeSpan logTime, IReadOnlyList<IReading> readings, Func<bool> current, Action<IReadOnlyList<IReading>> stale)
        {
            if (!current())
            {
                stale(readings);
                return;
            }
            foreach (var reading in readings) reading.Answered(this);
        }

        public void Export(RaftProtocol.SnapshotInfo snapshot, ulong offset, int maxBytes, Action<SnapshotPiece> found)
        {
        }

        public void Import(RaftProtocol.SnapshotChunk piece, Action<ulong, bool> kept)
        {
        }

        public string? DigestAt(LogIndex index) => null;

        public void Dispose()
        {
        }
    }
}
