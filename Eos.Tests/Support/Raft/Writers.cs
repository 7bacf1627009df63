using System.Buffers.Binary;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>A rule of writers or machine that a test switches off, to see that the films notice.</summary>
internal enum Forgotten
{
    Nothing = 0,

    /// <summary>An append is taken from whoever sends it, at the end of the journal.</summary>
    Fence = 1,

    /// <summary>A node believes in its lease from the moment of the answer.</summary>
    SendingTime = 2,

    /// <summary>An operation that comes twice happens twice.</summary>
    Once = 3,

    /// <summary>Who has the role acts until its lease is over, whatever has become of its session.</summary>
    RoleSession = 4,
}

/// <summary>
/// Nodes that hold one shard one after the other, each with its own clock, and write the journal of its entity: the traffic between them and the group is late, lost and
/// repeated. Each activation (a claim and what follows) has a number, which its events carry.
/// </summary>
internal sealed class Writers : ISimClients
{
    public const string Journal = "dir/1";

    private readonly World _world;
    private readonly Forgotten _forgotten;
    private readonly List<Writer> _nodes;
    private readonly Dictionary<ulong, Action<IAnswer>> _open = [];

    // what the group did, as the first member to apply it shows
    private readonly Dictionary<OpId, IAnswer> _happened = [];
    private readonly Dictionary<OpId, ulong> _claims = [];
    private readonly Dictionary<LogIndex, IEntry> _seenAs = [];
    private LogIndex _seen;
    private Fence _owner;
    private long _end;
    private ulong _claimed;

    private readonly Dictionary<long, ulong> _acknowledged = [];
    private readonly HashSet<ulong> _writing = [];
    private MemberId? _leader;
    private ulong _tag;

    public Writers(World world, Forgotten forgotten)
    {
        (_world, _forgotten) = (world, forgotten);
        _nodes = [.. Enumerable.Range(0, 3).Select(i => new Writer(this, world, i, forgotten))];
    }

    /// <summary>Acknowledged appends.</summary>
    public int Answered => _acknowledged.Count;

    /// <summary>Activations of which an event is in the journal.</summary>
    public int Activations => _writing.Count;

    /// <summary>Appends that were refused: their writers had lost the shard.</summary>
    public int Fenced { get; private set; }

    public ulong NextActivation { get; set; }

    /// <summary>Tokens under which somebody had the role.</summary>
    public HashSet<ulong> Roles { get; } = [];

    public ISimState Machine(byte[]? snapshot) => new SimKv(snapshot, Seen, Applied);

    public void Start(TimeSpan until)
    {
        foreach (var node in _nodes) node.Run(until);
    }

    /// <summary>Sends to a member, sometimes late, sometimes twice.</summary>
    public void Send(IEntry entry, Action<IAnswer> answered)
    {
        var copies = _world.Chances.Of(0.05) ? 2 : 1;
        for (var copy = 0; copy < copies; copy++)
        {
            if (_world.Chances.Of(0.03)) continue;
            _world.Agenda.After(Delay(), () => Arrive(entry, answered));
        }
    }

    /// <summary>Of a message between a node and the group: now and then it outlives a lease.</summary>
    public TimeSpan Delay() => _world.Chances.Of(0.05) ? _world.Chances.Between(20, 2_000) : _world.Chances.Between(0.3, 6);

    /// <summary>The state of a node that may answer its clients is nobody else's.</summary>
    public void CheckExclusive()
    {
        var believing = _nodes.Where(n => n.MayAnswer).ToList();
        if (believing.Count > 1) throw new Violation($"lease exclusivity: {string.Join(" and ", believing)} may both answer");
        var acting = _nodes.Where(n => n.MayAct).ToList();
        if (acting.Count > 1) throw new Violation($"lease exclusivity: {string.Join(" and ", acting)} both have the role");
        Roles.UnionWith(acting.Select(n => n.Role));
    }

    public void Claims(OpId op, ulong activation) => _claims[op] = activation;

    public void Acknowledged(long number, ulong activation) => _acknowledged[number] = activation;

    /// <summary>What a recovery is told must have everything that was acknowledged before.</summary>
    public void Recovered(long highest)
    {
        if (_acknowledged.Count > 0 && _acknowledged.Keys.Max() > highest)
            throw new Violation($"recovery ends at {highest}, but {_acknowledged.Keys.Max()} was acknowledged");
    }

    public void Written(ulong tag, object? outcome)
    {
        if (_open.Remove(tag, out var answered)) answered((IAnswer)outcome!);
    }

    public void NotTaken(ulong tag, MemberId? leader)
    {
        if (leader is not null) _leader = leader;
        Unknown(tag);
    }

    public void Unknown(ulong tag) => _open.Remove(tag);

    public void MemberDied(MemberId member)
    {
        if (_leader == member) _leader = null;
    }

    public object Look(ISimState machine, ulong tag) => 0L;

    public void Read(ulong tag, object value)
    {
    }

    /// <summary>Whatever was acknowledged is in the journal, and the members that are through agree.</summary>
    public void Check()
    {
        var members = _world.Members.Where(m => m.Applied == _seen).Select(m => ((SimKv)m.Machine).Machine).ToList();
        if (members.Select(m => m.Mark).Distinct().Count() > 1) throw new Violation("members with the same log have different states");
        if (members.Count == 0) return;
        var events = ((JournalEvents)members[0].Answer(new ReadJournal(Journal, 1, long.MaxValue, int.MaxValue), default)).Events.ToDictionary(e => e.SequenceNr, e => ActivationOf(e.Bytes));
        foreach (var (number, activation) in _acknowledged)
            if (!events.TryGetValue(number, out var by) || by != activation) throw new Violation($"event {number} of activation {activation} was acknowledged and is not in the journal");
    }

    private void Arrive(IEntry entry, Action<IAnswer> answered)
    {
        var target = _leader is { } leader && _world.Chances.Of(0.9) ? _world.Member(leader) : _world.Chances.Pick(_world.Members);
        if (!target.Up) return;
        var tag = ++_tag;
        _open[tag] = answered;
        target.Request(now => new Propose(now, tag, 1, SimKv.Payload(tag, entry)));
    }

    /// <summary>The same for every member. Without fences an append is as if the writer that has the journal had sent it, at the journal's end.</summary>
    private IEntry Seen(LogBatch batch, IEntry entry)
    {
        if (_forgotten == Forgotten.Nothing || entry is not Once once) return entry;
        if (_seenAs.TryGetValue(batch.First, out var before)) return before;
        return _seenAs[batch.First] = (_forgotten, once.Entry) switch
        {
            (Forgotten.Once, _) => once with { Op = once.Op with { Number = batch.First.Value }, AnsweredBelow = batch.First.Value },
            (Forgotten.Fence, AppendJournal append) => once with { Entry = append with { Fence = _owner, ExpectedSequenceNr = _end } },
            _ => entry,
        };
    }

    /// <summary>Each member applies the same; who is first shows what happens.</summary>
    private void Applied(LogBatch batch, IEntry entry, IAnswer answer)
    {
        if (entry is not Once once || batch.First <= _seen) return;
        _seen = batch.First;
        if (_happened.TryGetValue(once.Op, out var first))
        {
            if (answer is not NotKept && !Samples.Same(first, answer)) throw new Violation($"operation {once.Op} had two outcomes: {first} and {answer}");
            return;
        }
        _happened[once.Op] = answer;
        switch (once.Entry, answer)
        {
            case (ClaimJournal x, Claimed claimed):
                (_claimed, _owner, _end) = (_claims[once.Op], x.Fence, claimed.HighestSequenceNr);
                break;
            case (AppendJournal x, Done):
                _end += x.Events.Length;
                var by = ActivationOf(x.Events[0]);
                _writing.Add(by);
                if (by != _claimed) throw new Violation($"fencing: an append of activation {by} was accepted after activation {_claimed} had claimed the journal");
                break;
            case (AppendJournal, Refused):
                Fenced++;
                break;
        }
    }

    private static ulong ActivationOf(ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
}
