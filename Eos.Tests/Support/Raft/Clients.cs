using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>Clients that write and read registers through whichever member they try, and remember what they were told and when.</summary>
internal sealed class Clients(World world) : ISimClients
{
    private sealed class Op
    {
        public required bool IsWrite;
        public required string Key;
        public long Value;
        public required TimeSpan Called;
        public TimeSpan? Answered;
        public bool Refused;
        public required MemberId At;
    }

    private readonly Dictionary<ulong, Op> _ops = [];
    private ulong _tag;
    private long _value;
    private MemberId? _leader;

    public int Answered => _ops.Values.Count(o => o.Answered is not null && !o.Refused);

    public void Start(TimeSpan until)
    {
        for (var i = 0; i < 3; i++) Next(until);
    }

    private void Next(TimeSpan until)
    {
        if (world.Agenda.Now >= until) return;
        var target = _leader is { } l && world.Chances.Of(0.8) ? world.Member(l) : world.Chances.Pick(world.Members);
        if (target.Up)
        {
            var tag = ++_tag;
            var op = new Op { IsWrite = world.Chances.Of(0.5), Key = "k" + world.Chances.Below(4), Called = world.Agenda.Now, At = target.Id };
            _ops[tag] = op;
            if (op.IsWrite)
            {
                op.Value = ++_value;
                target.Request(now => new Propose(now, tag, 1, SimRegisters.Payload(tag, op.Key, op.Value)));
            }
            else
            {
                target.Request(now => new AskRead(now, tag));
            }
        }
        world.Agenda.After(world.Film.Pace(world.Chances), () => Next(until));
    }

    public ISimState Machine(byte[]? snapshot) => new SimRegisters(snapshot);

    public object Look(ISimState machine, ulong tag) => ((SimRegisters)machine).Values.GetValueOrDefault(_ops.TryGetValue(tag, out var op) ? op.Key : "");

    public void Written(ulong tag, object? outcome)
    {
        if (_ops.TryGetValue(tag, out var op)) op.Answered ??= world.Agenda.Now;
    }

    public void Read(ulong tag, object value)
    {
        if (!_ops.TryGetValue(tag, out var op) || op.Answered is not null) return;
        op.Value = (long)value;
        op.Answered = world.Agenda.Now;
    }

    public void NotTaken(ulong tag, MemberId? leader)
    {
        if (leader is not null) _leader = leader;
        if (_ops.TryGetValue(tag, out var op)) op.Refused = true;
    }

    /// <summary>May have happened, may yet happen.</summary>
    public void Unknown(ulong tag)
    {
    }

    public void MemberDied(MemberId member)
    {
        if (_leader == member) _leader = null;
    }

    /// <summary>Each register's history must be that of one register touched by one at a time.</summary>
    public void Check()
    {
        foreach (var history in _ops.Values.Where(o => !o.Refused && (o.IsWrite || o.Answered is not null)).GroupBy(o => o.Key))
        {
            var calls = history.Select(o => new Call(o.IsWrite, o.Value, o.Called.Ticks, o.Answered?.Ticks ?? long.MaxValue)).ToList();
            if (Linearizability.Fault(calls) is { } fault) throw new Violation($"linearizability of {history.Key}: {fault}");
        }
    }
}
