using Akka.Dispatch.SysMsg;
using Akka.Util;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    /// <summary>Why children are being waited for.</summary>
    private enum Waiting
    {
        Nothing = 0,
        ForCreation = 1,
        ForRestart = 2,
        ForEnd = 3,
    }

    // Top-level actors are made from any thread and look-ups come from any thread: the one lock of a cell.
    private readonly Lock _childrenLock = new();
    private Dictionary<string, ChildStats>? _children;
    private HashSet<IActorRef>? _dying;
    private long _nextName;
    private Waiting _waiting;
    private Exception? _restartCause;

    public IActorRef ActorOf(Props props, string? name = null) => AttachChild(props, name, isSystem: false);

    /// <summary>Makes a child; a system may use names that start with $.</summary>
    public IActorRef AttachChild(Props props, string? name, bool isSystem)
    {
        if (name is not null && !isSystem && !ActorPath.IsValidPathElement(name))
            throw new InvalidActorNameException(name.Length == 0
                ? "Actor name must not be empty."
                : $"Illegal actor name [{name}]. Actor paths MUST: not start with `$`, include only ASCII letters and can only contain these special characters: -_.*$+:@&=,!~';()");
        LocalActorRef child;
        lock (_childrenLock)
        {
            if (_waiting == Waiting.ForEnd || IsTerminated)
                throw new InvalidOperationException("Cannot create child while terminating or terminated");
            _children ??= [];
            name ??= Base64Names.Of(_nextName++);
            var path = new ChildActorPath(_self.Path, name, NewUid());
            child = new LocalActorRef(_system, props, _system.Dispatchers.Lookup(props.Dispatcher), _self, path);
            if (!_children.TryAdd(name, new ChildStats(child))) throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
        child.Start();
        return child;
    }

    /// <summary>A number that tells incarnations apart, within one machine and between restarts of a process.</summary>
    private static long NewUid()
    {
        long uid;
        do
        {
            uid = Random.Shared.NextInt64(1, int.MaxValue);
        } while (uid == 0);
        return uid;
    }

    public IActorRef Child(string name) => TryChild(name) ?? (IActorRef)Nobody.Instance;

    public LocalActorRef? TryChild(string name)
    {
        lock (_childrenLock) return _children is not null && _children.TryGetValue(name, out var stats) ? stats.Child : null;
    }

    public IEnumerable<IActorRef> GetChildren() => ChildRefs();

    private LocalActorRef[] ChildRefs()
    {
        lock (_childrenLock) return _children is null ? [] : _children.Values.Select(c => c.Child).ToArray();
    }

    private ChildStats[] AllChildStats()
    {
        lock (_childrenLock) return _children is null ? [] : _children.Values.ToArray();
    }

    private ChildStats? StatsOf(IActorRef child)
    {
        lock (_childrenLock)
            return _children is not null && _children.TryGetValue(child.Path.Name, out var stats) && stats.Child.Equals(child) ? stats : null;
    }

    public void Stop(IActorRef child)
    {
        if (StatsOf(child) is not null) (_dying ??= []).Add(child);
        ((IInternalActorRef)child).Stop();
    }

    private void ChildTerminated(IActorRef child)
    {
        var empty = false;
        lock (_childrenLock)
        {
            _children!.Remove(child.Path.Name);
            _dying?.Remove(child);
            empty = _dying is null or { Count: 0 };
        }
        if (!empty) return;
        switch (_waiting)
        {
            case Waiting.ForCreation:
                _waiting = Waiting.Nothing;
                FinishCreate();
                break;
            case Waiting.ForRestart:
                _waiting = Waiting.Nothing;
                FinishRecreate(_restartCause!);
                break;
            case Waiting.ForEnd:
                FinishTerminate();
                break;
        }
    }

    private bool WaitForChildren(Waiting why)
    {
        if (_dying is null or { Count: 0 }) return false;
        lock (_childrenLock) _waiting = why;
        return true;
    }

    private void BeginTerminate()
    {
        SetReceiveTimeout(null);
        CancelReceiveTimeout();
        var again = _waiting == Waiting.ForEnd;
        // First of all: a child that another thread makes after the others were stopped would be stopped by nobody.
        lock (_childrenLock) _waiting = Waiting.ForEnd;
        foreach (var child in ChildRefs()) Stop(child);
        if (again) return;
        if (WaitForChildren(Waiting.ForEnd)) _mailbox.Suspend();
        else FinishTerminate();
    }

    private void FinishTerminate()
    {
        lock (_childrenLock) _waiting = Waiting.ForEnd;
        var actor = _actor;
        try
        {
            actor?.AroundPostStop();
        }
        catch (Exception e)
        {
            _system.EventStream.Publish(new Event.Error(e, _self.Path.ToString(), actor!.GetType(), e.Message));
        }
        try
        {
            (actor as IActorStash)?.Stash?.UnstashAll();
        }
        finally
        {
            _mailbox.Close();
            _parent.SendSystemMessage(new DeathWatchNotification(_self, ExistenceConfirmed: true, AddressTerminated: false));
            TellWatchersWeDied();
            UnwatchAll();
            ClearActor();
            _behaviours = null;
            _behaviour = null;
        }
    }
}

/// <summary>What a parent remembers of a child: its recent restarts.</summary>
internal sealed class ChildStats(LocalActorRef child)
{
    private long _windowStartedAt;

    public LocalActorRef Child { get; } = child;

    public int Retries { get; private set; }

    public long Uid => Child.Path.Uid;

    /// <summary>Counts a restart; false when it is one too many within the window (milliseconds; -1 or 0: no window).</summary>
    public bool RequestRestart(int maxRetries, int withinMs)
    {
        if (maxRetries == 0) return false;
        if (maxRetries < 0 && withinMs <= 0) return true;
        if (withinMs <= 0) return ++Retries <= maxRetries;
        var retries = maxRetries < 0 ? 1 : maxRetries;
        var now = Environment.TickCount64;
        if (_windowStartedAt == 0) _windowStartedAt = now;
        if (now - _windowStartedAt <= withinMs) return ++Retries <= retries;
        Retries = 1;
        _windowStartedAt = now;
        return true;
    }
}
