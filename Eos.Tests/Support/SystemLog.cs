using System.Collections.Immutable;
using System.Text;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>Random logs of few names, so that holders clash, fences go stale and operations repeat. Every text and value has the word `system` in it.</summary>
internal sealed class SystemLog(Random random)
{
    private readonly List<Once> _sent = [];
    private ulong _number;

    public ulong Index { get; private set; }
    public TimeSpan Time { get; private set; } = TimeSpan.FromSeconds(1);

    public IEnumerable<(LogIndex Index, TimeSpan Time, IEntry Entry)> Take(int entries, Func<IEntry>? next = null)
    {
        for (var i = 0; i < entries; i++)
        {
            Time += TimeSpan.FromMilliseconds(random.Next(100) == 0 ? 400_000 : random.Next(400));
            yield return (new LogIndex(++Index), Time, next is null ? Next() : next());
        }
    }

    /// <summary>Any entry; half of them happen once, and some of those are sent again.</summary>
    public IEntry Next()
    {
        if (random.Next(2) == 0) return Plain();
        if (_sent.Count > 0 && random.Next(3) == 0) return _sent[random.Next(Math.Max(0, _sent.Count - 20), _sent.Count)];
        var number = ++_number;
        _sent.Add(new Once(new OpId(new Guid(random.Next(2), 0, 0, new byte[8]), number), number - Math.Min(number, (ulong)random.Next(20)), Plain()));
        return _sent[^1];
    }

    public IQuestion Question() => random.Next(10) switch
    {
        0 => new LookAtLeases("system"),
        1 => new ReadJournal(Id(), random.Next(9), random.Next(40), random.Next(50)),
        2 => new ScanIndex("system", Bytes(0), Bytes(random.Next(2)), random.Next(1, 5)),
        3 => new FindSnapshot(Id(), 0, random.Next(10), 0, random.Next(10)),
        4 => new ReadSnapshot(Id(), random.Next(10), 0),
        5 => new ReadConfiguration("", null),
        6 => new ReadPages(Id(), [(ulong)random.Next(4), (ulong)random.Next(4)]),
        8 => new FindLongJournals("system-id", random.Next(2) == 0 ? "" : Id(), random.Next(4)),
        7 => new ListPages(Id(), (ulong)random.Next(4)),
        _ => new UserReads([Request.Of("keys", "*"), Request.Of("clock-get")]),
    };

    private IEntry Plain() => random.Next(15) switch
    {
        0 => random.Next(3) > 0 ? new AcquireLease(Lease(), Holder(), Duration()) : new AcquireRole("system-role", Holder(), Duration(), ""),
        1 => new RenewLease(Lease(), Token(), Duration()),
        2 => new AcquireBound("system-shard", Holder(), Fence()),
        3 => new ReleaseLease(Lease(), Token()),
        4 => new ClaimJournal(Id(), Fence()),
        5 or 6 => new AppendJournal(Id(), Fence(), random.Next(8), [.. Enumerable.Range(0, random.Next(3)).Select(_ => Bytes(9))], [.. Enumerable.Range(0, random.Next(3)).Select(_ => Index1())]),
        7 => new TrimJournal(Id(), Fence(), random.Next(10)),
        8 => new PutSnapshot(Id(), Fence(), random.Next(8), random.Next(3), random.Next(2), 2, Bytes(9)),
        9 => new DropSnapshots(Id(), Fence(), 0, random.Next(8), 0, random.Next(8)),
        10 => new TakeNumbers("system", (ulong)random.Next(3)),
        11 => new SetConfiguration(random.Next(2) == 0 ? null : (ulong)random.Next(5), Settings(), random.Next(2) == 0 ? null : Fence()),
        12 => new PutPages(Id(), Fence(), [new PageRow((ulong)random.Next(4), Bytes(9)), new PageRow((ulong)random.Next(4), Bytes(3))]),
        13 => new DropPages(Id(), Fence(), [(ulong)random.Next(4)]),
        _ => new UserCommands([Request.Of("incr", "u"), Request.Of("vhset", "v", "f", "x"), Request.Of("lease-acquire", "l", "h", "300")]),
    };

    private string Lease() => random.Next(3) == 0 ? "system-shard" : $"system-{random.Next(2)}";
    private string Holder() => $"system-{random.Next(2)}";
    private string Id() => $"system-id-{random.Next(2)}";
    private TimeSpan Duration() => TimeSpan.FromMilliseconds(random.Next(4_000));

    /// <summary>Often that of a recent entry.</summary>
    private ulong Token() => Index - Math.Min(Index, (ulong)random.Next(12));
    private Fence Fence() => new(Lease(), Token());

    private IndexOp Index1() => new("system", Bytes(random.Next(1, 3)), (IndexChange)random.Next(3), Bytes(random.Next(20)), random.Next(-3, 3));

    private ReadOnlyMemory<byte> Bytes(int length) => length == 0 ? default : Encoding.UTF8.GetBytes("system" + new string((char)random.Next(0, 3), length));

    private ImmutableSortedDictionary<string, string?> Settings() =>
        ImmutableSortedDictionary<string, string?>.Empty.Add($"system-{random.Next(3)}", random.Next(3) == 0 ? null : $"system-{random.Next(100)}");
}
