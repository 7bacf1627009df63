using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kernel;
using Eos.Namespace;

namespace Eos.Services;

/// <summary>Some of the directories that have many events since their last snapshot, and where to look for more; empty: that was all.</summary>
public sealed record LongJournals(ImmutableArray<DirectoryId> Directories, string Next);

/// <summary>
/// Tells every directory that has many events since its last snapshot, awake or asleep, to store its state, a few at a time. Stopping it breaks the walk off. Ends with <see cref="Walked"/> to its parent.
/// </summary>
internal sealed class CondenseWalk : ReceiveActor, IWithTimers
{
    private readonly Func<string, Task<LongJournals?>> _find;
    private readonly IActorRef _directories;
    private readonly UpkeepSettings _settings;
    private readonly OpSource _ops = OpSource.Fresh();
    private readonly Queue<DirectoryId> _waiting = new();
    private readonly HashSet<OpId> _asked = [];
    private string _next = "";
    private ulong _told;
    private ulong _lost;

    public CondenseWalk(Func<string, Task<LongJournals?>> find, IActorRef directories, UpkeepSettings settings)
    {
        (_find, _directories, _settings) = (find, directories, settings);
        Receive<Found>(Hear);
        Receive<DirectoryProtocol.IReply>(reply =>
        {
            if (_asked.Remove(reply.Op)) GoOn();
        });
        Receive<NotInTime>(_ =>
        {
            _lost += (ulong)_asked.Count;
            _asked.Clear();
            GoOn();
        });
    }

    /// <param name="Told">Directories that were told.</param>
    /// <param name="Lost">Those of them that have not answered in time.</param>
    /// <param name="Trouble">Empty: all were found.</param>
    internal sealed record Walked(ulong Told, ulong Lost, string Trouble);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Func<string, Task<LongJournals?>> find, IActorRef directories, UpkeepSettings settings) =>
        Akka.Actor.Props.Create(() => new CondenseWalk(find, directories, settings));

    protected override void PreStart() => Look();

    private void Look() => _find(_next).PipeTo(Self, ActorRefs.NoSender, page => new Found(page), _ => new Found(null));

    private void Hear(Found found)
    {
        if (found.Page is not { } page)
        {
            End("the journals can't be read");
            return;
        }
        _next = page.Next;
        foreach (var directory in page.Directories) _waiting.Enqueue(directory);
        GoOn();
    }

    private void GoOn()
    {
        while (_asked.Count < _settings.MostAtOnce && _waiting.TryDequeue(out var directory))
        {
            var op = _ops.Next();
            _asked.Add(op);
            _told++;
            _directories.Tell(new DirectoryProtocol.Condense(directory, op));
        }
        if (_asked.Count > 0) Timers.StartSingleTimer("patience", new NotInTime(), _settings.Patience);
        else if (_next.Length > 0) Look();
        else End("");
    }

    private void End(string trouble)
    {
        Context.Parent.Tell(new Walked(_told, _lost, trouble));
        Context.Stop(Self);
    }

    private sealed record Found(LongJournals? Page);
    private sealed record NotInTime;
}
