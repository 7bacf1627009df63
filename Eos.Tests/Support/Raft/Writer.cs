using System.Buffers.Binary;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.KvProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>A node as far as leases and one journal go: renews its session, takes the shard bound to it, claims the journal and appends, until one of these fails. It
/// also wants a role, whose lease is longer than the session and goes with it.</summary>
internal sealed class Writer
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RoleDuration = 4 * Duration;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(80);

    private sealed record Open(ulong Number, IEntry Entry, Action<IAnswer> Answered);

    private readonly Writers _all;
    private readonly World _world;
    private readonly Forgotten _forgotten;
    private readonly string _name;
    private readonly Guid _client;
    private readonly double _drift;
    private readonly SortedDictionary<ulong, Open> _open = [];
    private ulong _number;
    private TimeSpan _until;
    private bool _paused;

    private ulong _session;
    private TimeSpan _deadline;
    private ulong? _shard;
    private bool _asking;
    private ulong _activation;
    private long _end;
    private bool _contending;
    private TimeSpan _roleUntil;

    public Writer(Writers all, World world, int index, Forgotten forgotten)
    {
        (_all, _world, _forgotten, _name, _client) = (all, world, forgotten, "n" + index, new Guid(index + 1, 0, 0, new byte[8]));
        _drift = (world.Chances.Unit() - 0.5) * 2 * world.Settings.ClockDrift;
    }

    /// <summary>It answers clients from the state of its entity, by its own clock.</summary>
    public bool MayAnswer => _activation != 0 && !_paused && Now < _deadline;

    /// <summary>Of the grant of the role; 0: it never had one under this session.</summary>
    public ulong Role { get; private set; }

    public bool MayAct => Role != 0 && !_paused && Now < _roleUntil && (_forgotten == Forgotten.RoleSession || Now < _deadline);

    public override string ToString() => $"{_name} (activation {_activation})";

    private TimeSpan Now => _world.Agenda.Now * (1 + _drift);

    public void Run(TimeSpan until)
    {
        _until = until;
        Live();
        Renew();
    }

    private void Live()
    {
        if (_world.Chances.Of(0.004))
        {
            _paused = true;
            _world.Agenda.After(_world.Chances.Between(50, 1_500), () => { _paused = false; });
        }
        if (!_paused) Turn();
        _all.CheckExclusive();
        if (_world.Agenda.Now < _until) _world.Agenda.After(_world.Chances.Between(3, 30), Live);
    }

    private void Turn()
    {
        if (!_contending && Now < _deadline && _roleUntil - Now < RoleDuration / 2) TakeRole();
        if (Now >= _deadline) End();
        else if (_activation != 0) Write();
        else if (!_asking && _shard is null) TakeShard();
        else if (!_asking && !_open.Values.Any(o => o.Entry is AppendJournal)) Claim();
    }

    private void Renew()
    {
        var sent = Now;
        if (!_paused)
            Do(new AcquireLease("node/" + _name, _name, Duration), answer =>
            {
                if (answer is not LeaseGranted granted || granted.Token < _session) return;
                if (granted.Token > _session)
                {
                    End();
                    (Role, _roleUntil) = (0, TimeSpan.Zero);
                }
                _session = granted.Token;
                var believed = (_forgotten == Forgotten.SendingTime ? Now : sent) + Believed(Duration);
                if (believed > _deadline) _deadline = believed;
            });
        if (_world.Agenda.Now < _until) _world.Agenda.After(_world.Chances.Between(60, 120), Renew);
    }

    /// <summary>Log time runs at a leader's speed, this clock at its own: between them lies twice the bound.</summary>
    private TimeSpan Believed(TimeSpan duration) => duration * ((1 - _world.Settings.ClockDrift) / (1 + _world.Settings.ClockDrift));

    /// <summary>Takes the role or renews it.</summary>
    private void TakeRole()
    {
        var (session, sent) = (_session, Now);
        _contending = true;
        Do(new AcquireRole("role", _name, RoleDuration, "node/"), answer =>
        {
            _contending = false;
            if (answer is LeaseGranted granted && _session == session) (Role, _roleUntil) = (granted.Token, sent + Believed(RoleDuration));
        });
    }

    private void TakeShard()
    {
        _asking = true;
        var session = _session;
        Do(new AcquireBound("shard/1", _name, new Fence("node/" + _name, session)), answer =>
        {
            _asking = false;
            if (answer is LeaseGranted granted && _session == session) _shard = granted.Token;
        });
    }

    private void Claim()
    {
        _asking = true;
        var (shard, activation) = (_shard!.Value, ++_all.NextActivation);
        var op = Do(new ClaimJournal(Writers.Journal, new Fence("shard/1", shard)), answer =>
        {
            _asking = false;
            if (_shard != shard) return;
            if (answer is not Claimed claimed || Now >= _deadline) End();
            else
            {
                _all.Recovered(claimed.HighestSequenceNr);
                (_activation, _end) = (activation, claimed.HighestSequenceNr);
                _all.CheckExclusive();
            }
        });
        _all.Claims(op, activation);
    }

    /// <summary>Hardly ever an append does not wait for the last one. Now and then the shard goes elsewhere, with one still under way.</summary>
    private void Write()
    {
        if (_world.Chances.Of(0.02))
        {
            // Until it is given back for sure, asking for it may find it still held, under the token that is about to go.
            _asking = true;
            Do(new ReleaseLease("shard/1", _shard!.Value), _ => { _asking = false; });
            End();
            return;
        }
        if (_open.Values.Any(o => o.Entry is AppendJournal) && !_world.Chances.Of(0.01)) return;
        var (activation, from, count) = (_activation, _end, _world.Chances.Below(2) + 1);
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, activation);
        _end += count;
        var events = Enumerable.Repeat((ReadOnlyMemory<byte>)bytes, count);
        Do(new AppendJournal(Writers.Journal, new Fence("shard/1", _shard!.Value), from, [.. events], []), answer =>
        {
            if (answer is Done)
                for (var i = 1; i <= count; i++) _all.Acknowledged(from + i, activation);
            else if (_activation == activation) End();
        });
    }

    /// <summary>What this node had is no longer its own.</summary>
    private void End() => (_activation, _shard) = (0, null);

    private OpId Do(IEntry entry, Action<IAnswer> answered)
    {
        var open = new Open(++_number, entry, answered);
        _open.Add(open.Number, open);
        Send(open);
        return new OpId(_client, open.Number);
    }

    /// <summary>Under the same number until it is answered.</summary>
    private void Send(Open open)
    {
        if (!_open.ContainsKey(open.Number)) return;
        var once = new Once(new OpId(_client, open.Number), _open.Keys.First(), open.Entry);
        _all.Send(once, answer => _world.Agenda.After(_all.Delay(), () => Hear(open, answer)));
        if (_world.Agenda.Now < _until) _world.Agenda.After(Patience, () => Send(open));
    }

    private void Hear(Open open, IAnswer answer)
    {
        if (_paused) _world.Agenda.After(TimeSpan.FromMilliseconds(5), () => Hear(open, answer));
        else if (_open.Remove(open.Number)) open.Answered(answer);
    }
}
