using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

internal sealed partial class ActorCell
{
    private static readonly object PlainTerminated = new();

    private Dictionary<IActorRef, object>? _watching;
    private HashSet<IActorRef>? _watchedBy;
    private Dictionary<IActorRef, object>? _terminatedQueued;
    private int _remoteLinks;   // how many of those that are watched or watch are remote
    private bool _topic;

    public IActorRef Watch(IActorRef subject) => WatchAs(subject, PlainTerminated);

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return WatchAs(subject, message);
    }

    private IActorRef WatchAs(IActorRef subject, object message)
    {
        if (subject.Equals(_self)) return subject;
        _watching ??= [];
        if (_watching.TryGetValue(subject, out var before))
        {
            if (!Equals(before, message))
                throw new InvalidOperationException($"Watch termination message for {subject} was already set; unwatch it first.");
            return subject;
        }
        _watching[subject] = message;
        Link(subject, 1);
        ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, _self));
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (subject.Equals(_self)) return subject;
        if (_watching is not null && _watching.Remove(subject))
        {
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
            Link(subject, -1);
        }
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    /// <summary>The queued Terminated has its turn; an unwatch in between has removed it.</summary>
    private void ReceivedTerminated(Terminated t)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(t.ActorRef, out var custom)) return;
        var message = ReferenceEquals(custom, PlainTerminated) ? t : custom;
        CurrentMessage = message;
        Deliver(message);
    }

    /// <summary>Puts a message before everything queued; a Terminated that had its turn and was put aside gets another.</summary>
    public void PutFirst(Envelope envelope)
    {
        if (envelope.Message is Terminated t) (_terminatedQueued ??= [])[t.ActorRef] = PlainTerminated;
        _mailbox.PostFirst(envelope);
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        object? custom = null;
        if (_watching is not null && _watching.Remove(actor, out custom)) Link(actor, -1);
        if (StatsOf(actor) is not null) ChildTerminated(actor);
        if (custom is not null && _waiting != Waiting.ForEnd)
        {
            (_terminatedQueued ??= [])[actor] = custom;
            _self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
        }
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!watchee.Equals(_self) || watcher.Equals(_self)) return;
        if ((_watchedBy ??= []).Add(watcher)) Link(watcher, 1);
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watchee.Equals(_self) && _watchedBy is not null && _watchedBy.Remove(watcher)) Link(watcher, -1);
    }

    private void TellWatchersWeDied()
    {
        if (_watchedBy is null) return;
        var notification = new DeathWatchNotification(_self, ExistenceConfirmed: true, AddressTerminated: false);
        // Remote watchers first, as a local one may end the system.
        foreach (var watcher in _watchedBy.Cast<IInternalActorRef>().OrderBy(w => w.IsLocal))
            if (!watcher.Equals(_parent)) watcher.SendSystemMessage(notification);
        Unlink(_watchedBy);
        _watchedBy = null;
    }

    private void UnwatchAll()
    {
        if (_watching is not null)
        {
            foreach (var watchee in _watching.Keys.Cast<IInternalActorRef>())
                watchee.SendSystemMessage(new Unwatch(watchee, _self));
            Unlink(_watching.Keys);
        }
        _watching = null;
        _terminatedQueued = null;
    }

    private void AddressHasTerminated(Address address)
    {
        foreach (var watcher in (_watchedBy ?? []).Where(w => w.Path.Address == address).ToList())
        {
            _watchedBy!.Remove(watcher);
            Link(watcher, -1);
        }
        if (_watching is null) return;
        foreach (var watchee in _watching.Keys.Where(w => w.Path.Address == address).ToList())
            WatchedActorTerminated(watchee, existenceConfirmed: StatsOf(watchee) is not null, addressTerminated: true);
    }

    private void Unlink(IEnumerable<IActorRef> others)
    {
        foreach (var other in others) Link(other, -1);
    }

    /// <summary>Listens for dead addresses while anything remote is watched or watching. Counted, because some watch very many.</summary>
    private void Link(IActorRef other, int change)
    {
        if (!IsRemote(other)) return;
        _remoteLinks += change;
        if (_remoteLinks > 0 == _topic) return;
        _topic = _remoteLinks > 0;
        if (_topic) AddressTerminatedTopic.Subscribe(_system, _self);
        else AddressTerminatedTopic.Unsubscribe(_system, _self);
    }

    private static bool IsRemote(IActorRef r) => r is IInternalActorRef { IsLocal: false };
}

/// <summary>Tells every cell that watches, or is watched from, another system that an address is gone.</summary>
internal static class AddressTerminatedTopic
{
    public static void Subscribe(ActorSystemImpl system, IInternalActorRef cell) => system.AddressWatchers.TryAdd(cell, true);

    public static void Unsubscribe(ActorSystemImpl system, IInternalActorRef cell) => system.AddressWatchers.TryRemove(cell, out _);

    public static void Publish(ActorSystemImpl system, Address address)
    {
        var message = new AddressTerminated(address);
        foreach (var cell in system.AddressWatchers.Keys) cell.SendSystemMessage(message);
    }
}
