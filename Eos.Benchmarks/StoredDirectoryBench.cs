using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Persistence;
using Eos.Fst;
using Eos.Identity;
using Eos.Journal;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Kv.SystemProtocol;
using static Eos.Namespace.DirectoryProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Benchmarks;

/// <summary>
/// One directory on the Raft journal of one node: from waking to the first answer, memory after it and with all entries in memory, creates (an open and a commit) with 64 on their way, of
/// names that come in order and of names in any order, and a list of all names while it sleeps, with what the process needs for it. Its entries are put into the stores as a snapshot puts
/// them. Rates are compared with those of the first size.
/// </summary>
public sealed class StoredDirectoryBench : IBenchmark
{
    private const int Creates = 5_000;
    private const int OnTheirWay = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, double> _first = [];
    private bool _isWarm;

    public string Name => "directory-stored";

    public string Purpose => "one directory on the Raft journal: waking, creates a second, a list of it in its sleep";

    public async Task Run(string[] args)
    {
        int[] sizes = args.Length > 0 ? [.. args.Select(a => int.Parse(a, CultureInfo.InvariantCulture))] : [0, 10_000, 1_000_000];
        await Measure(10_000); // warm
        _first.Clear();
        _isWarm = true;
        foreach (var size in sizes) await Measure(size);
    }

    private async Task Measure(int size)
    {
        var folder = Directory.CreateTempSubdirectory("eos-bench-");
        var system = (await JournalBench.StartNodes(1, folder.FullName))[0];
        try
        {
            var (config, id) = (system.Settings.Config, DirectorySharding.PersistenceIdOf(DirectoryBench.Id));
            var (journal, persistence) = (JournalSettings.From(new Settings(config, "eos.journal")), Persistence.Instance.Apply(system));
            var settings = DirectorySettings.From(new Settings(Settings.Reference, "eos.namespace"));
            var pages = new RaftPageStore(KvGroup.Get(system), journal);
            await Store(persistence, pages, id, new DirectoryBench().Full(size, new Facts(SystemClock.Instance.Now, settings)));

            var parts = new DirectoryParts(() => system.DeadLetters, system.DeadLetters, settings, SystemClock.Instance, () => true) { Pages = pages, KeepsRows = true, MostClean = 64 << 20 };
            var reader = system.ActorOf(SleepReader.Props(parts, new SleepStores(
                persistence.SnapshotStoreFor(""), new RaftEventReader((ExtendedActorSystem)system, KvGroup.Get(system), journal), pages, Patience)));
            await ListAsync("in its sleep", reader, after => new Peek(DirectoryBench.Id, new OpId(Guid.Empty, 1), after, EntryPages.MaxEntries));

            var before = GC.GetTotalMemory(forceFullCollection: true);
            var directory = await WakeAsync("", parts);
            Line(size, "memory after it", (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0, "KiB");
            await ListAsync($"awake, with {parts.MostClean >> 20} MiB for its pages", directory, after => new ReadPage(DirectoryBench.Id, new OpId(Guid.Empty, 3), after, EntryPages.MaxEntries));
            await directory.GracefulStop(Patience, new Stop());

            before = GC.GetTotalMemory(forceFullCollection: true);
            directory = await WakeAsync(" again", parts with { MostClean = 1 << 30 });
            await ListAsync("awake, with 1 GiB for its pages", directory, after => new ReadPage(DirectoryBench.Id, new OpId(Guid.Empty, 3), after, EntryPages.MaxEntries));
            if (size > 0) Line(size, "memory with all entries in it, for each", (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / size, "bytes");
            var next = size;
            await RatesAsync("in order", i => $"file.{i:d9}");
            await RatesAsync("in any order", i => $"file.{unchecked((uint)i * 2654435761) % (uint)(size > 0 ? size : 1_000_000):d9}.{i}");
            await directory.GracefulStop(Patience, new Stop());
            await WakeAsync(" after creates of names in any order", parts);

            async Task<IActorRef> WakeAsync(string when, DirectoryParts with)
            {
                var clock = Stopwatch.StartNew();
                var woken = system.ActorOf(DirectoryActor.Props(DirectoryBench.Id.ToString(), with));
                await woken.Ask<Found>(new Lookup(DirectoryBench.Id, new OpId(Guid.Empty, 2), $"file.{size / 2:d9}", null), Patience);
                Line(size, $"waking{when} to the first answer", clock.Elapsed.TotalMilliseconds, "ms");
                return woken;
            }

            async Task ListAsync(string how, IActorRef whom, Func<string, object> question)
            {
                if (size == 0) return;
                using var peak = new PeakMemory();
                var (clock, names) = (Stopwatch.StartNew(), 0);
                for (var (after, more) = ("", true); more;)
                {
                    var page = await whom.Ask<Page>(question(after), Patience);
                    (names, after, more) = (names + page.Entries.Length, page.Entries[^1].Name, page.More);
                }
                Line(size, $"listed {how}", names / clock.Elapsed.TotalSeconds, FormattableString.Invariant($"names/s, objects took at most {peak.Grown >> 20} MiB more than before"));
            }

            async Task RatesAsync(string how, Func<int, string> name)
            {
                using var self = Process.GetCurrentProcess();
                var (rates, written, spent) = (new List<double>(), Written(), self.TotalProcessorTime);
                for (var round = 0; round < Report.Rounds; round++, next += Creates) rates.Add(await Rate(directory, next, name));
                rates.Sort();
                self.Refresh();
                var (rate, cpu) = (rates[Report.Rounds / 2], (self.TotalProcessorTime - spent) / (Report.Rounds * Creates));
                var first = _first.TryAdd(how, rate) ? "" : FormattableString.Invariant($", {100 * rate / _first[how]:F0} % of the first size's");
                Line(size, $"creates of names {how}, {OnTheirWay} on their way", rate, FormattableString.Invariant($"creates/s{first}, CPU {cpu.TotalMicroseconds:F0} us, {(Written() - written) / (Report.Rounds * Creates):N0} bytes written for each"));
            }
        }
        finally
        {
            await system.Terminate();
            folder.Delete(recursive: true);
        }
    }

    private static async Task Store(PersistenceExtension persistence, RaftPageStore pages, string id, DirectoryState state)
    {
        await persistence.JournalFor("").Ask<RecoverySuccess>(asker => new ReplayMessages(0, 0, 0, id, asker), Patience, CancellationToken.None);
        var key = 0ul;
        foreach (var some in state.Entries.Pages.Chunk(64))
        {
            await pages.PutAsync(id, [.. some.Select(p => new PageRow(++key, PageStore.Encode(p)))]);
            foreach (var (page, at) in some.Select((p, i) => (p, i))) page.IsStored(key - (ulong)(some.Length - 1 - at));
        }
        await persistence.SnapshotStoreFor("").Ask<SaveSnapshotSuccess>(new SaveSnapshot(new SnapshotMetadata(id, 0), state), Patience);
    }

    private static async Task<double> Rate(IActorRef directory, int first, Func<int, string> name)
    {
        var (next, clock) = (first - 1, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, OnTheirWay).Select(async _ =>
        {
            var (ops, commits) = (OpSource.Fresh(), OpSource.Fresh());
            for (var i = Interlocked.Increment(ref next); i < first + Creates; i = Interlocked.Increment(ref next))
            {
                var op = ops.Next();
                var plan = new OpenPlan(new FileId((ulong)i + 1), DirectoryBench.Layout, [new FsId(1), new FsId(2)], null);
                await directory.Ask<FileOpened>(new OpenFile(DirectoryBench.Id, new Call(op, op.Number, Caller.Root), name(i), Overwrite: true, plan), Patience);
                await directory.Ask<FstProtocol.Committed>(new FstProtocol.CommitFile(
                    DirectoryBench.Id, commits.Next(), new OpenId(op), plan.File, 4096, new Checksum(ChecksumType.Adler32, "024d0127"), plan.Locations, SystemClock.Instance.Now), Patience);
            }
        }));
        return Creates / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Bytes that this process has given to disks, by Linux; 0 elsewhere.</summary>
    private static long Written()
    {
        const string Figures = "/proc/self/io";
        var line = File.Exists(Figures) ? File.ReadLines(Figures).FirstOrDefault(l => l.StartsWith("write_bytes:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line["write_bytes:".Length..], CultureInfo.InvariantCulture);
    }

    private void Line(int size, string what, double figure, string unit)
    {
        if (_isWarm) Console.WriteLine($"{$"{size:N0} entries: {what}",-64} {figure,14:N0} {unit}");
    }
}
