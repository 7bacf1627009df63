using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Eos.Fst;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Benchmarks;

/// <summary>
/// One directory without its stores: memory of an entry, creates (an open and a commit, decided, folded and encoded as they are for the journal) at several sizes, and what waking does with a
/// manifest. Two replicas, adler32, names of 14 bytes in order.
/// </summary>
public sealed class DirectoryBench : IBenchmark
{
    private const int Creates = 10_000;
    internal static readonly DirectoryId Id = new(7);
    internal static readonly LayoutId Layout = LayoutId.Of(LayoutType.Replica, 2, ChecksumType.Adler32);
    private ulong _number;

    public string Name => "directory";

    public string Purpose => "one directory: bytes an entry, creates a second at 0, 10 000 and 1 000 000 entries, waking";

    public Task Run(string[] args)
    {
        var most = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var facts = new Facts(new Instant(1_700_000_000_000_000_000), DirectorySettings.From(new Settings(Settings.Reference, "eos.namespace")));
        var state = Full(Creates, facts); // warm
        foreach (var size in new[] { Creates, 100_000, most }.Where(s => s <= most).Distinct())
        {
            if (state.Entries.Count < size) state = Create(state, state.Entries.Count, size - state.Entries.Count, facts);
            Rate($"creates a second, {state.Entries.Count:N0} entries", state, facts);
        }
        Rate("creates a second, none before", Full(0, facts), facts);

        var manifest = Manifests.Of(typeof(DirectoryState))!;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var copy = (DirectoryState)manifest.Decode(manifest.Encode(state));
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Line($"memory of {copy.Entries.Count:N0} entries", (double)bytes / copy.Entries.Count, "bytes each");
        Line("records", (double)copy.Entries.Weight / copy.Entries.Count, "bytes each");
        GC.KeepAlive(copy);

        var key = 0ul;
        foreach (var page in state.Entries.Pages.Where(p => p.Key == 0)) page.IsStored(++key);
        var encoded = manifest.Encode(state);
        Line($"manifest of {state.Entries.Pages.Count:N0} pages", encoded.Length / 1024.0, "KiB");
        var clock = Stopwatch.StartNew();
        manifest.Decode(encoded);
        Line("manifest read", clock.Elapsed.TotalMilliseconds, "ms");
        return Task.CompletedTask;
    }

    private void Rate(string what, DirectoryState state, Facts facts)
    {
        var rates = Enumerable.Range(0, Report.Rounds).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            Create(state, state.Entries.Count, Creates, facts);
            return Creates / clock.Elapsed.TotalSeconds;
        }).Order().ToList();
        Console.WriteLine($"{what,-64} {rates[Report.Rounds / 2],14:N0} creates/s  [{rates[0]:N0} .. {rates[^1]:N0}]");
    }

    /// <summary>A directory that has begun and has so many files.</summary>
    internal DirectoryState Full(int size, Facts facts)
    {
        var root = new DirectoryRecord(Id, DirectoryId.Root, default, 0x5ff, Times.At(facts.Now), ImmutableSortedDictionary<string, string>.Empty);
        return Create(Tell(DirectoryState.Unborn, new Begin(Id, NextCall(), root), facts), 0, size, facts);
    }

    private DirectoryState Create(DirectoryState state, int first, int count, Facts facts)
    {
        for (var i = first; i < first + count; i++)
        {
            var plan = new OpenPlan(new FileId((ulong)i + 1), Layout, [new FsId(1), new FsId(2)], null);
            var call = NextCall();
            state = Tell(state, new OpenFile(Id, call, $"file.{i:d9}", Overwrite: true, plan), facts);
            state = Tell(state, new FstProtocol.CommitFile(
                Id, new OpId(Guid.Empty, ++_number), new OpenId(call.Op), plan.File, 4096, new Checksum(ChecksumType.Adler32, "024d0127"), plan.Locations, facts.Now), facts);
        }
        return state;
    }

    private static DirectoryState Tell(DirectoryState state, IForDirectory message, Facts facts)
    {
        var decision = DirectoryRules.Decide(state, message, facts);
        if (decision.Events.IsEmpty) throw new InvalidOperationException($"{message}: {decision.Reply}");
        foreach (var e in decision.Events)
        {
            var after = state.Apply(e);
            IndexRules.Changes(state, e, after);
            Manifests.Of(e.GetType())!.Encode(e);
            state = after;
        }
        return state;
    }

    private Call NextCall() => new(new OpId(new Guid(1, 0, 0, new byte[8]), ++_number), _number, Caller.Root);

    private static void Line(string what, double figure, string unit) => Console.WriteLine($"{what,-64} {figure,14:N0} {unit}");
}
