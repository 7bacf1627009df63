using System.Text;
using System.Threading.Channels;
using Eos.Raft;
using static Eos.Raft.RaftProtocol;

namespace Eos.Tests.Support.Raft;

/// <summary>What of a <see cref="TestMachine"/> survives its process.</summary>
internal sealed class TestMachineDisk
{
    public (SnapshotInfo Info, byte[] Bytes)? Snapshot;

    public SnapshotInfo Opened => Snapshot?.Info ?? new SnapshotInfo(LogPosition.Start, TimeSpan.Zero, Membership.Of([]), 0);
}

/// <summary>A state of registers in memory: entries are "key=value", an outcome is what the register held before. Works on one thread of its own, as a real one does.</summary>
internal sealed class TestMachine : IStateMachine
{
    private readonly TestMachineDisk _disk;
    private readonly IStateMachineOwner _owner;
    private readonly ulong _keepEvery;
    private readonly ulong _digestEvery;
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>();
    private readonly Thread _thread;
    private readonly List<Action> _waiting = [];
    private readonly Dictionary<LogIndex, string> _digests = [];
    private SortedDictionary<string, string> _registers = [];
    private SnapshotInfo _at;
    private (LogPosition Position, MemoryStream Bytes)? _incoming;
    private ulong _keptAt;

    public TestMachine(TestMachineDisk disk, IStateMachineOwner owner, ulong keepEvery = 1_000_000, ulong digestEvery = 1_000_000)
    {
        (_disk, _owner, _keepEvery, _digestEvery, _at) = (disk, owner, keepEvery, digestEvery, disk.Opened);
        if (disk.Snapshot is { } s) _registers = Decode(s.Bytes);
        _keptAt = _at.Position.Index.Value;
        _thread = new Thread(Run) { IsBackground = true, Name = "test-machine" };
        _thread.Start();
    }

    public SnapshotInfo Opened => _disk.Opened;

    /// <summary>Asked with each answer in hand before the shell is: false makes an answer stale.</summary>
    public Func<bool> Believes { get; set; } = () => true;

    /// <summary>From now on this machine computes something else than the others.</summary>
    public bool Lies { get; set; }

    public string Dump() => string.Join(';', Snapshot().Select(r => $"{r.Key}={r.Value}"));

    public void Apply(LogBatch batch, IReadOnlyList<ISubmission>? own) => Do(() =>
    {
        Assert.Equal(_at.Position.Index.Next, batch.First);
        var (payload, index) = (batch.Payload, batch.First);
        var (position, number) = (batch.First, 0);
        while (batch.Kind == BatchKind.Commands && EntryFrames.TryRead(ref payload, out var entry))
        {
            var outcome = Put(Encoding.UTF8.GetString(entry.Span));
            own?[number].Applied(outcome);
            if (position.Value % _digestEvery == 0) Digest(position);
            (position, number) = (position.Next, number + 1);
        }
        if (batch.Kind == BatchKind.Commands) Assert.Equal(batch.Count, (uint)number);
        _at = new SnapshotInfo(batch.Position, batch.LogTime, batch.Membership ?? _at.Membership, 0);
        _owner.Applied(batch.Last);
        foreach (var waiting in _waiting.ToList()) waiting();
        if (batch.Last.Value - _keptAt >= _keepEvery) Keep();
    });

    public void Read(LogIndex at, TimeSpan logTime, IReadOnlyList<IReading> readings, Func<bool> current, Action<IReadOnlyList<IReading>> stale) => Do(() =>
    {
        Action answer = null!;
        answer = () =>
        {
            if (_at.Position.Index < at) return;
            _waiting.Remove(answer);
            var values = readings.Select(r => _registers.GetValueOrDefault(((TestReading)r).Key, "")).ToList();
            if (!Believes() || !current())
            {
                stale(readings);
                return;
            }
            for (var i = 0; i < values.Count; i++) readings[i].Answered(values[i]);
        };
        _waiting.Add(answer);
        answer();
    });

    public void Export(SnapshotInfo snapshot, ulong offset, int maxBytes, Action<SnapshotPiece> found) => Do(() =>
    {
        if (_disk.Snapshot is not { } kept) return;
        var from = kept.Info.Position == snapshot.Position && kept.Info.Size == snapshot.Size ? (int)offset : 0;
        found(new SnapshotPiece(kept.Info, (ulong)from, kept.Bytes.AsMemory(from, Math.Min(maxBytes, kept.Bytes.Length - from))));
    });

    public void Import(SnapshotChunk piece, Action<ulong, bool> kept) => Do(() =>
    {
        if (_incoming?.Position != piece.Snapshot.Position) _incoming = (piece.Snapshot.Position, new MemoryStream());
        var bytes = _incoming.Value.Bytes;
        if ((ulong)bytes.Length == piece.Offset) bytes.Write(piece.Bytes.Span);
        var complete = (ulong)bytes.Length == piece.Snapshot.Size;
        if (complete)
        {
            _registers = Decode(bytes.ToArray());
            _at = piece.Snapshot;
            _disk.Snapshot = (piece.Snapshot, bytes.ToArray());
            _keptAt = _at.Position.Index.Value;
            _owner.Applied(_at.Position.Index);
        }
        kept((ulong)bytes.Length, complete);
    });

    public string? DigestAt(LogIndex index)
    {
        lock (_digests) return _digests.GetValueOrDefault(index);
    }

    /// <summary>Says that the disk refuses, or works again.</summary>
    public void Disk(Exception? trouble) => _owner.Disk(trouble);

    public void Dispose()
    {
        _work.Writer.TryComplete();
        _thread.Join();
    }

    private void Do(Action work) => _work.Writer.TryWrite(work);

    private void Run()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            while (_work.Reader.TryRead(out var work))
            {
                try
                {
                    work();
                }
                catch (Exception e)
                {
                    _owner.Failed(e);
                }
            }
    }

    private string Put(string entry)
    {
        var (key, value) = (entry[..entry.IndexOf('=')], entry[(entry.IndexOf('=') + 1)..]);
        lock (_registers)
        {
            var before = _registers.GetValueOrDefault(key, "");
            _registers[key] = Lies ? value + "?" : value;
            return before;
        }
    }

    private void Digest(LogIndex at)
    {
        lock (_digests) _digests[at] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encode(_registers)));
    }

    private void Keep()
    {
        var bytes = Encode(_registers);
        _keptAt = _at.Position.Index.Value;
        _disk.Snapshot = (_at with { Size = (ulong)bytes.Length }, bytes);
        _owner.Kept(_disk.Snapshot.Value.Info);
    }

    private SortedDictionary<string, string> Snapshot()
    {
        lock (_registers) return new SortedDictionary<string, string>(_registers);
    }

    private static byte[] Encode(SortedDictionary<string, string> registers) => Encoding.UTF8.GetBytes(string.Concat(registers.Select(r => $"{r.Key}={r.Value};")) + ";");

    private static SortedDictionary<string, string> Decode(byte[] bytes) => new(
        Encoding.UTF8.GetString(bytes).Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(r => r[..r.IndexOf('=')], r => r[(r.IndexOf('=') + 1)..]));
}

/// <summary>What became of a submission.</summary>
internal enum Fate
{
    Applied,
    Refused,
    Unknown,
}

/// <summary>An entry "key=value"; a second answer is an error.</summary>
internal sealed class TestSubmission(string entry) : ISubmission
{
    private readonly TaskCompletionSource<(Fate Fate, string Text, MemberId? Leader)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(Fate Fate, string Text, MemberId? Leader)> Answer => _answer.Task;

    public ReadOnlyMemory<byte> Entry { get; } = Encoding.UTF8.GetBytes(entry);

    public void Applied(object outcome) => _answer.SetResult((Fate.Applied, (string)outcome, null));

    public void Refused(MemberId? leader, string why) => _answer.SetResult((Fate.Refused, why, leader));

    public void Unknown(string why) => _answer.SetResult((Fate.Unknown, why, null));
}

/// <summary>Asks for a register; null when it was refused.</summary>
internal sealed class TestReading(string key) : IReading
{
    private readonly TaskCompletionSource<string?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Key => key;

    public Task<string?> Answer => _answer.Task;

    public void Answered(object answer) => _answer.SetResult((string)answer);

    public void Refused(MemberId? leader, string why) => _answer.SetResult(null);
}
