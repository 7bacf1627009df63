using System.Collections.Immutable;
using System.Globalization;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Benchmarks;

/// <summary>What one member's machine does in a second on its one thread, from the bytes of the log to the rows in memory: no disk, no network, no group.</summary>
public sealed class JournalMachineBench : IBenchmark
{
    private const int Ids = 1_000;
    private const int EventBytes = 200;

    public string Name => "journal-machine";

    public string Purpose => "what the state machine applies in a second of its thread's processor time: appends of 1, 10 and 100 events by 1 000 ids, once and plain; SET";

    public async Task Run(string[] args)
    {
        foreach (var size in new[] { 1, 10, 100 })
        {
            await Report.Median($"append, {size} events of {EventBytes} bytes each", "events/s", () => Appends(size, isOnce: false));
            await Report.Median($"append once (client session), {size} events of {EventBytes} bytes each", "events/s", () => Appends(size, isOnce: true));
        }
        await Report.Median("SET of 100 bytes, one command an entry", "commands/s", () => Sets(1));
        await Report.Median("SET of 100 bytes, 100 commands an entry", "commands/s", () => Sets(100));
        await Report.Median("SET of 100 bytes, encoding alone, one command an entry", "commands/s", Encoding);
    }

    private static Task<double> Appends(int events, bool isOnce)
    {
        var machine = new KvMachine(new MemoryStore());
        var (index, op) = (0UL, 0UL);
        var time = TimeSpan.FromSeconds(1);
        var session = (LeaseGranted)machine.Apply(new LogIndex(++index), time, new AcquireLease("node/a", "a", TimeSpan.FromHours(1))).Answer;
        var shard = (LeaseGranted)machine.Apply(new LogIndex(++index), time, new AcquireBound("shard/1", "a", new Fence("node/a", session.Token))).Answer;
        var fence = new Fence("shard/1", shard.Token);
        for (var id = 0; id < Ids; id++) machine.Apply(new LogIndex(++index), time, new ClaimJournal(IdOf(id), fence));
        ImmutableArray<ReadOnlyMemory<byte>> bytes = [.. Enumerable.Repeat((ReadOnlyMemory<byte>)new byte[EventBytes], events)];
        var entries = new List<ReadOnlyMemory<byte>>();
        for (var round = 0; entries.Count * events < 200_000; round++)
            for (var id = 0; id < Ids; id++)
            {
                IEntry entry = new AppendJournal(IdOf(id), fence, (long)round * events, bytes, []);
                op++;
                entries.Add(KvWire.Encode(isOnce ? new Once(new OpId(new Guid(1, 0, 0, new byte[8]), op), op - Math.Min(op, 100UL), entry) : entry));
            }
        return Task.FromResult(entries.Count * events / Apply(machine, index, time, entries));
    }

    private static Task<double> Sets(int commands)
    {
        var entries = Enumerable.Range(0, 200_000 / commands).Select(i => KvWire.Encode(SetsOf(i * commands, commands))).ToList();
        return Task.FromResult(entries.Count * commands / Apply(new KvMachine(new MemoryStore()), 0, TimeSpan.Zero, entries));
    }

    private static Task<double> Encoding()
    {
        var entries = Enumerable.Range(0, 1_000).Select(i => SetsOf(i, 1)).ToList();
        var started = CpuSeconds();
        for (var round = 0; round < 1_000; round++)
            foreach (var entry in entries) KvWire.Encode(entry);
        return Task.FromResult(1_000_000 / (CpuSeconds() - started));
    }

    private static double Apply(KvMachine machine, ulong index, TimeSpan time, List<ReadOnlyMemory<byte>> entries)
    {
        GC.Collect();
        var started = CpuSeconds();
        foreach (var entry in entries)
            if (machine.Apply(new LogIndex(++index), time, KvWire.DecodeEntry(entry)).Answer is Refused refused) throw new InvalidOperationException(refused.Text);
        return CpuSeconds() - started;
    }

    /// <summary>What this thread has had of a processor: other programs on the machine do not count.</summary>
    private static double CpuSeconds()
    {
        var fields = File.ReadAllText("/proc/thread-self/schedstat").Split(' ');
        return double.Parse(fields[0], CultureInfo.InvariantCulture) / 1e9;
    }

    private static UserCommands SetsOf(int first, int commands) =>
        new([.. Enumerable.Range(first, commands).Select(i => Request.Of("set", $"key:{i % 10_000:d12}", new string('x', 100)))]);

    private static string IdOf(int id) => $"dir/{id:x16}";
}
