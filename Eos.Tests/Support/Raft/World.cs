using System.Buffers.Binary;
using System.Text;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>The rules under test, or a double of them with one rule switched off.</summary>
internal class Rules
{
    public virtual Step Next(RaftState state, IInput input) => RaftStep.Next(state, input);

    public virtual RaftState Boot(RaftState state) => state;

    public virtual bool Holds(RaftState state, Kernel.Instant now) => Lease.Holds(state, now);

    /// <summary>Whether effects run before what they wait for is on disk.</summary>
    public virtual bool IgnoresBarriers => false;

    /// <summary>How a message looks when it arrives.</summary>
    public virtual IPeerMessage Deliver(IPeerMessage message, Kernel.Instant now) => message;
}

/// <summary>A Raft group in one thread: virtual time, network, disks and clocks. A seed is a film.</summary>
internal sealed class World
{
    public World(ulong seed, int members, Rules? rules = null, double drops = 0.05)
    {
        Chances = new Chances(seed);
        Rules = rules ?? new Rules();
        Settings = new RaftSettings(
            TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(40), 0.02,
            Window: 8, MessageBytes: 512, KeepEntries: 10, TailEntries: 12, TailBytes: 1 << 20, PromoteWithin: 20);
        Safety = new Safety(this);
        Clients = new Clients(this);
        Net = new Net(this, drops);
        var ids = Enumerable.Range(1, members).Select(i => new MemberId("m" + i)).ToList();
        var initial = Membership.Of(ids.Take(Math.Max(1, members - 1)));
        Members = [.. ids.Select(id => new SimMember(this, id, initial, (Chances.Unit() - 0.5) * 2 * Settings.ClockDrift))];
    }

    public Chances Chances { get; }
    public Rules Rules { get; }
    public RaftSettings Settings { get; }
    public Agenda Agenda { get; } = new();
    public Safety Safety { get; }
    public Clients Clients { get; }
    public Net Net { get; }
    public List<SimMember> Members { get; }

    public SimMember Member(MemberId id) => Members.First(m => m.Id == id);

    /// <summary>Lets the film run with faults, then heals everything and lets it settle; checks the history at the end.</summary>
    public void Run(TimeSpan faults, TimeSpan calm)
    {
        Clients.Start(faults);
        Nemesis(faults);
        while (Agenda.Now < faults && Agenda.Step()) { }
        Net.Heal();
        foreach (var member in Members)
        {
            if (!member.Up) member.Boot();
            member.Resume();
        }
        while (Agenda.Now < faults + calm && Agenda.Step()) { }
        Clients.CheckLinearizable();
    }

    private void Nemesis(TimeSpan until)
    {
        if (Agenda.Now >= until) return;
        var victim = Chances.Pick(Members);
        switch (Chances.Below(10))
        {
            case 0 or 1 when victim.Up:
                victim.Crash();
                Agenda.After(Chances.Of(0.4) ? Chances.Between(1, 20) : Chances.Between(20, 1500), () => { if (!victim.Up) victim.Boot(); });
                break;
            case 2 or 3 when victim.Up:
                victim.Pause();
                Agenda.After(Chances.Between(20, 1500), victim.Resume);
                break;
            case 4:
                Net.Split(Members.Where(_ => Chances.Of(0.5)).Select(m => m.Id).ToHashSet(), oneWay: Chances.Of(0.4));
                Agenda.After(Chances.Between(50, 1500), Net.Heal);
                break;
            case 5 when victim is { Up: true, Paused: false }:
                victim.Input(new ChangeMembership(victim.Now, Clients.NoTag, (Change)Chances.Below(4), Chances.Pick(Members).Id));
                break;
            case 6 when victim is { Up: true, Paused: false }:
                victim.Input(new Transfer(victim.Now, Clients.NoTag, Chances.Pick(Members).Id));
                break;
            case 7 when Members.FirstOrDefault(m => m is { Up: true, State.Role: RoleKind.Leader }) is { } leader:
                leader.Pause();
                Agenda.After(Chances.Between(100, 1500), leader.Resume);
                break;
            case 9 when Members.FirstOrDefault(m => m is { Up: true, State.Role: RoleKind.Leader }) is { } leader:
                // One follower stops hearing a leader that the others hear well.
                Net.Cut(leader.Id, Chances.Pick(Members).Id);
                Agenda.After(Chances.Between(300, 1500), Net.Heal);
                break;
            case 8 when Members.FirstOrDefault(m => m is { Up: true, State.Role: RoleKind.Leader }) is { } leader:
                leader.Crash();
                Agenda.After(Chances.Between(20, 800), () => { if (!leader.Up) leader.Boot(); });
                break;
        }
        Agenda.After(Chances.Between(50, 500), () => Nemesis(until));
    }

    public static ReadOnlyMemory<byte> Payload(ulong tag, string key, long value)
    {
        var bytes = new byte[16 + key.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, tag);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), value);
        Encoding.ASCII.GetBytes(key, bytes.AsSpan(16));
        return bytes;
    }

    public static IEnumerable<(ulong Tag, string Key, long Value)> Commands(ReadOnlyMemory<byte> payload)
    {
        yield return (BinaryPrimitives.ReadUInt64LittleEndian(payload.Span), Encoding.ASCII.GetString(payload.Span[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload.Span[8..]));
    }
}

/// <summary>Links that delay, drop, repeat and reorder, and can be cut, also one way.</summary>
internal sealed class Net(World world, double drops)
{
    private readonly HashSet<(MemberId, MemberId)> _cut = [];

    public void Split(HashSet<MemberId> side, bool oneWay)
    {
        foreach (var a in world.Members.Select(m => m.Id))
            foreach (var b in world.Members.Select(m => m.Id))
                if (side.Contains(a) && !side.Contains(b))
                {
                    _cut.Add((a, b));
                    if (!oneWay) _cut.Add((b, a));
                }
    }

    public void Cut(MemberId from, MemberId to) => _cut.Add((from, to));

    public void Heal() => _cut.Clear();

    public void Send(MemberId from, MemberId to, IPeerMessage message)
    {
        var copies = world.Chances.Of(0.02) ? 2 : 1;
        for (var i = 0; i < copies; i++)
        {
            if (world.Chances.Of(drops)) continue;
            var delay = world.Chances.Of(0.03) ? world.Chances.Between(5, 600) : world.Chances.Between(0.3, 8);
            world.Agenda.After(delay, () => Arrive(from, to, message));
        }
    }

    private void Arrive(MemberId from, MemberId to, IPeerMessage message)
    {
        if (_cut.Contains((from, to))) return;
        var target = world.Member(to);
        if (!target.Up) return;
        if (target.Paused) world.Agenda.After(TimeSpan.FromMilliseconds(7), () => Arrive(from, to, message));
        else target.Input(new Received(target.Now, from, world.Rules.Deliver(message, world.Member(to).Now)));
    }
}
