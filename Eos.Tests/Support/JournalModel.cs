using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support;

/// <summary>What a journal ought to be, with holders that come and go and whose entries arrive late and in any order.</summary>
internal sealed class JournalModel
{
    private readonly List<Fence> _fences = [];
    private readonly Dictionary<string, (ulong Token, TimeSpan Until)> _leases = [];
    private Fence? _claim;
    private byte _next;

    public List<(long, byte)> Events { get; } = [];
    public long Highest { get; private set; }

    public IEntry Next(Random random)
    {
        var fence = _fences.Count == 0 || random.Next(20) == 0 ? new Fence("shard-0", 999_999) : _fences[random.Next(Math.Max(0, _fences.Count - 3), _fences.Count)];
        return random.Next(10) switch
        {
            0 => new AcquireLease("shard-" + random.Next(2), "h" + random.Next(2), TimeSpan.FromMilliseconds(random.Next(200, 3_000))),
            1 or 2 => new ClaimJournal("d", fence),
            3 => new TrimJournal("d", fence, Math.Max(0, Highest - random.Next(-1, 4))),
            _ => new AppendJournal("d", fence, Highest + (random.Next(4) == 0 ? random.Next(-2, 3) : 0), [.. Enumerable.Range(0, random.Next(3)).Select(_ => (ReadOnlyMemory<byte>)new[] { _next++ })], []),
        };
    }

    public void Check(LogIndex index, TimeSpan now, IEntry entry, IAnswer answer)
    {
        switch (entry)
        {
            case AcquireLease x when answer is LeaseGranted granted:
                _leases[x.Name] = (granted.Token, granted.Until);
                _fences.Add(new Fence(x.Name, granted.Token));
                break;
            case ClaimJournal x:
                if (!Holds(x.Fence, now)) Assert.Equal(Errno.Stale, Assert.IsType<Refused>(answer).Why);
                else
                {
                    Assert.Equal(new Claimed(Highest), answer);
                    _claim = x.Fence;
                }
                break;
            case AppendJournal x:
                if (!Holds(x.Fence, now) || _claim != x.Fence || x.ExpectedSequenceNr != Highest)
                {
                    Assert.Equal(Errno.Stale, Assert.IsType<Refused>(answer).Why);
                    break;
                }
                Assert.IsType<Done>(answer);
                foreach (var e in x.Events) Events.Add((++Highest, e.Span[0]));
                break;
            case TrimJournal x:
                if (!Holds(x.Fence, now) || _claim != x.Fence) Assert.Equal(Errno.Stale, Assert.IsType<Refused>(answer).Why);
                else Events.RemoveAll(e => e.Item1 <= x.ToSequenceNr);
                break;
        }
    }

    private bool Holds(Fence fence, TimeSpan now) => _leases.TryGetValue(fence.Lease, out var lease) && lease.Token == fence.Token && lease.Until > now;
}
