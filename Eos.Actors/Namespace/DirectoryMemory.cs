using Akka.Actor;
using Akka.Event;
using Settings = Eos.Kernel.Settings;

namespace Eos.Namespace;

/// <summary>Knobs of the memory of a node's directories: `eos.namespace.memory`.</summary>
public sealed record MemorySettings
{
    public MemorySettings(double share, long least, TimeSpan reportInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0.01);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 0.9);
        ArgumentOutOfRangeException.ThrowIfLessThan(least, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(reportInterval, TimeSpan.FromMilliseconds(10));
        (Share, Least, ReportInterval) = (share, least, reportInterval);
    }

    public static MemorySettings From(Settings s) => new(s.Real("share"), s.Bytes("least"), s.Duration("report-interval"));

    /// <summary>Of the node's memory.</summary>
    public double Share { get; }

    /// <summary>However small the node is.</summary>
    public long Least { get; }

    /// <summary>At most so often a directory says what it uses.</summary>
    public TimeSpan ReportInterval { get; }

    /// <summary>Bytes that the directories of a node with so much memory may use.</summary>
    public long BudgetOf(long memory) => Math.Max(Least, (long)(Share * memory));
}

/// <summary>
/// Keeps the directories of one node within their memory: each says now and then what it uses, and when all together use too much, those that were not used for longest are sent to
/// sleep. Nothing that is under way in them is lost.
/// </summary>
public sealed class DirectoryMemory : ReceiveActor
{
    private readonly Dictionary<IActorRef, Share> _shares = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long _total;
    private long _turn;
    private long _asleep;

    public DirectoryMemory(long budget)
    {
        Receive<Uses>(m =>
        {
            if (!_shares.TryGetValue(Sender, out var before)) Context.Watch(Sender);
            _shares[Sender] = new Share(m.Bytes, ++_turn);
            _total += m.Bytes - before.Bytes;
            if (_total > budget) Shrink(budget - budget / 10);
        });
        Receive<Terminated>(m => Forget(m.ActorRef));
        Receive<LookAtMemory>(_ => Sender.Tell(new MemorySeen(budget, _total, _shares.Count, _asleep)));
    }

    private readonly record struct Share(long Bytes, long LastTurn);

    /// <summary>A directory uses about so many bytes, and was used now.</summary>
    public sealed record Uses(long Bytes) : INoSerializationVerificationNeeded;

    /// <summary>To a directory: go to sleep.</summary>
    public sealed record Sleep : INoSerializationVerificationNeeded;

    /// <summary>Answered <see cref="MemorySeen"/>.</summary>
    public sealed record LookAtMemory : INoSerializationVerificationNeeded;

    /// <param name="Slept">Directories sent to sleep since the node started.</param>
    public sealed record MemorySeen(long Budget, long Bytes, int Awake, long Slept) : INoSerializationVerificationNeeded;

    public static Props Props(long budget) => Akka.Actor.Props.Create(() => new DirectoryMemory(budget));

    private void Shrink(long wanted)
    {
        var (before, used) = (_asleep, _total);
        foreach (var (directory, _) in _shares.OrderBy(s => s.Value.LastTurn).ToList())
        {
            if (_total <= wanted) break;
            Forget(directory);
            directory.Tell(new Sleep());
            _asleep++;
        }
        _log.Info("directories use {0} of {1} bytes: {2} go to sleep, {3} stay awake", used, wanted, _asleep - before, _shares.Count);
    }

    private void Forget(IActorRef directory)
    {
        if (_shares.Remove(directory, out var share)) _total -= share.Bytes;
    }
}
