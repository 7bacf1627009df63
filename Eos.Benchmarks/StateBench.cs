using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Raft.RaftProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Benchmarks;

/// <summary>The state behind a Raft member alone: no log, no network.</summary>
public sealed class StateBench : IBenchmark
{
    private const int Hashes = 1000;

    private static readonly byte[] Value = Encoding.ASCII.GetBytes(new string('v', 100));

    public string Name => "state";

    public string Purpose => "SET, HSET and GET/s of a member's state, its opening time with 10 thousand keys, and memory; --keys N: only opening, with 10 thousand and with N; --folder F: where";

    public async Task Run(string[] args)
    {
        var parent = Option(args, "--folder") ?? Path.GetTempPath();
        if (Option(args, "--keys") is { } more)
        {
            foreach (var keys in new[] { 10_000, int.Parse(more) }) await Opening(parent, keys);
            return;
        }
        foreach (var (size, keys) in new[] { (1, 100_000), (64, 100_000), (1000, 100_000), (64, 1), (64, 300_000) })
        {
            var range = keys == 1 ? "one key" : $"{keys:N0} keys";
            await Measure(parent, $"SET 100 bytes, {range}, batches of {size}", size, i => Set(Scatter(i, keys)));
        }
        foreach (var size in new[] { 1, 64, 1000 }) await Measure(parent, $"HSET 100 bytes, 100,000 fields, batches of {size}", size, i => HashSet(Scatter(i, 100_000)));
        await Get(parent);
        await Opening(parent, 10_000);
    }

    private static string? Option(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    /// <summary>Batches as they come from the log: from bytes.</summary>
    private static async Task Measure(string parent, string line, int size, Func<int, Request> command)
    {
        var entries = size == 1 ? 100_000 : 300_000;
        var batches = Enumerable.Range(0, entries / size).Select(b => EntryFrames.Write([.. Enumerable.Range(b * size, size).Select(i => new KvSubmission(new UserCommands([command(i)]), _ => { }))])).ToList();
        using var bench = new Bench(parent);
        var (runs, before) = (0, Environment.CpuUsage.TotalTime);
        await Report.Median(line, "commands/s", async () =>
        {
            runs++;
            var clock = Stopwatch.StartNew();
            foreach (var payload in batches) bench.Apply(payload, (uint)size);
            await bench.Applied();
            return batches.Count * size / clock.Elapsed.TotalSeconds;
        });
        var spent = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (runs * batches.Count * size);
        Console.WriteLine($"    {spent:N2} us of processor a command, all threads; {await bench.Memory()}");
    }

    private static async Task Get(string parent)
    {
        using var bench = new Bench(parent);
        await bench.Fill(100_000);
        var questions = Enumerable.Range(0, 300_000).Select(i => new UserReads([new Request([Word("get"), Key(Scatter(i, 100_000))])])).Chunk(64).ToList();
        var (runs, before) = (0, Environment.CpuUsage.TotalTime);
        await Report.Median("GET 100 bytes, 100,000 keys, 64 at a time", "commands/s", async () =>
        {
            runs++;
            var (left, done) = (questions.Sum(q => q.Length), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var clock = Stopwatch.StartNew();
            foreach (var chunk in questions) bench.Ask([.. chunk.Select(q => new KvReading(q, _ => { if (--left == 0) done.SetResult(); }))]);
            await done.Task;
            return 300_000 / clock.Elapsed.TotalSeconds;
        });
        Console.WriteLine($"    {(Environment.CpuUsage.TotalTime - before).TotalMicroseconds / (runs * 300_000):N2} us of processor a command, all threads");
    }

    private static async Task Opening(string parent, int keys)
    {
        var bench = new Bench(parent);
        var clock = Stopwatch.StartNew();
        await bench.Fill(keys);
        Console.WriteLine($"{keys:N0} new keys were set in {clock.Elapsed.TotalSeconds:N1} s");
        await Report.Median($"opening a state of {keys:N0} keys, until the first answer", "ms", async () =>
        {
            bench.Close();
            var opening = Stopwatch.StartNew();
            bench.Open();
            await bench.Found(Key(Scatter(keys / 2, keys)));
            return opening.Elapsed.TotalMilliseconds;
        });
        Console.WriteLine($"    {await bench.Memory()}");
        bench.Dispose();
    }

    private static Request Set(int key) => new([Word("set"), Key(key), Value]);

    private static Request HashSet(int field) => new([Word("hset"), Word($"hash{field % Hashes}"), Word($"field{field / Hashes}"), Value]);

    private static ReadOnlyMemory<byte> Word(string word) => Encoding.ASCII.GetBytes(word);

    private static ReadOnlyMemory<byte> Key(int key) => Word($"key:{key:D12}");

    /// <summary>A number below a bound that looks drawn by chance.</summary>
    private static int Scatter(int i, int below) => (int)(i * 2654435761L % below);

    /// <summary>A state in a folder of its own, with the log that it has seen.</summary>
    private sealed class Bench : IStateMachineOwner, IDisposable
    {
        private readonly DirectoryInfo _folder;
        private readonly object _gate = new();
        private KvEngine _engine = null!;
        private LogIndex _last;
        private LogIndex _applied;

        public Bench(string parent)
        {
            _folder = Directory.CreateDirectory(Path.Combine(parent, $"eos-bench-{Guid.NewGuid():N}"));
            Open();
        }

        public void Open()
        {
            _engine = KvEngine.Open(Path.Combine(_folder.FullName, "state.db"), "bench", Membership.Of([new MemberId("a:1")]), StateSettings.From(new Settings(Settings.Reference, "eos.qdb.state")), 10_000, this);
            (_last, _applied) = (_engine.Opened.Position.Index, _engine.Opened.Position.Index);
        }

        public void Close() => _engine.Dispose();

        public void Apply(ReadOnlyMemory<byte> payload, uint count)
        {
            var batch = new LogBatch(new Term(1), _last.Next, count, TimeSpan.FromMilliseconds(_last.Value), BatchKind.Commands, payload, null);
            _last = batch.Last;
            lock (_gate)
                while (_last - _applied > 100_000) Monitor.Wait(_gate);
            _engine.Apply(batch, null);
        }

        public Task Applied()
        {
            lock (_gate)
                while (_applied < _last) Monitor.Wait(_gate);
            return Task.CompletedTask;
        }

        public async Task Fill(int keys)
        {
            for (var first = 0; first < keys; first += 1000)
                Apply(EntryFrames.Write([.. Enumerable.Range(first, Math.Min(1000, keys - first)).Select(i => new KvSubmission(new UserCommands([Set(i)]), _ => { }))]), (uint)Math.Min(1000, keys - first));
            await Applied();
        }

        public void Ask(ImmutableArray<IReading> readings) => _engine.Read(_last, TimeSpan.Zero, readings, () => true, _ => { });

        public async Task Found(ReadOnlyMemory<byte> key)
        {
            var answer = new TaskCompletionSource<KvFate>(TaskCreationOptions.RunContinuationsAsynchronously);
            Ask([new KvReading(new UserReads([new Request([Word("get"), key])]), answer.SetResult)]);
            if (((Replies)(await answer.Task).Outcome!).Values[0] is not Reply.BulkString) throw new InvalidOperationException("the key is gone");
        }

        public async Task<string> Memory()
        {
            var figures = new TaskCompletionSource<StateFigures>(TaskCreationOptions.RunContinuationsAsynchronously);
            _engine.Describe(figures.SetResult);
            var f = await figures.Task;
            return $"{f.Rows:N0} rows; in memory {f.Cached >> 20} MiB of rows, process {Environment.WorkingSet >> 20} MiB; on disk {f.FileSize >> 20} MiB + {f.WriteAheadSize >> 20} MiB";
        }

        public void Dispose()
        {
            _engine.Dispose();
            _folder.Delete(recursive: true);
        }

        void IStateMachineOwner.Applied(LogIndex upTo)
        {
            lock (_gate)
            {
                _applied = upTo;
                Monitor.PulseAll(_gate);
            }
        }

        void IStateMachineOwner.Kept(SnapshotInfo snapshot)
        {
        }

        void IStateMachineOwner.Disk(Exception? trouble) => Console.WriteLine($"    disk: {trouble?.Message ?? "works again"}");

        void IStateMachineOwner.Snapshots(Exception? trouble)
        {
        }

        void IStateMachineOwner.Failed(Exception why) => Console.Error.WriteLine(why);
    }
}
