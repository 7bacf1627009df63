using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Kv;

/// <summary>What entries and questions of Eos itself see: the system's key space, by concern.</summary>
internal sealed class SystemSpace
{
    private readonly Sessions _sessions;
    private readonly SystemLeases _leases;
    private readonly Journals _journals;
    private readonly Indexes _indexes;
    private readonly PersistedSnapshots _snapshots;
    private readonly SnapshotPages _pages;
    private readonly Counters _counters;
    private readonly SystemConfiguration _configuration;

    public SystemSpace(KeySpace rows)
    {
        _sessions = new Sessions(rows);
        _leases = new SystemLeases(rows);
        _indexes = new Indexes(rows);
        _journals = new Journals(rows, _leases, _indexes);
        _snapshots = new PersistedSnapshots(rows, _journals);
        _pages = new SnapshotPages(rows, _journals);
        _counters = new Counters(rows);
        _configuration = new SystemConfiguration(rows, _leases);
    }

    public Outcome Once(Once entry, Moment at, Func<IEntry, Outcome> run) => _sessions.Run(entry, at, run);

    public IAnswer Apply(IEntry entry, Moment at) => KvLimits.Refusal(entry) as IAnswer ?? entry switch
    {
        AcquireLease x => _leases.Acquire(x, at),
        AcquireRole x => _leases.AcquireRole(x, at),
        RenewLease x => _leases.Renew(x, at),
        AcquireBound x => _leases.Bind(x, at),
        ReleaseLease x => _leases.Release(x),
        ClaimJournal x => _journals.Claim(x, at),
        AppendJournal x => _journals.Append(x, at),
        TrimJournal x => _journals.Trim(x, at),
        PutSnapshot x => _snapshots.Put(x, at),
        DropSnapshots x => _snapshots.Drop(x, at),
        PutPages x => _pages.Put(x, at),
        DropPages x => _pages.Drop(x, at),
        TakeNumbers x => _counters.Take(x),
        SetConfiguration x => _configuration.Set(x, at),
        _ => throw new InvalidOperationException($"no rule for {entry.GetType().Name}"),
    };

    public IAnswer Answer(IQuestion question, TimeSpan now) => question switch
    {
        LookAtLeases x => _leases.Look(x, now),
        ReadJournal x => _journals.Read(x),
        ScanIndex x => _indexes.Scan(x),
        FindSnapshot x => _snapshots.Find(x),
        ReadSnapshot x => _snapshots.Read(x),
        FindLongJournals x => _snapshots.FindLong(x),
        ReadPages x => _pages.Read(x),
        ListPages x => _pages.List(x),
        ReadConfiguration x => _configuration.Read(x),
        _ => throw new InvalidOperationException($"no rule for {question.GetType().Name}"),
    };
}
