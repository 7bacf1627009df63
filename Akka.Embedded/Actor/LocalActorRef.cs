using System.Collections.Concurrent;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The reference of an actor in this process.</summary>
internal class LocalActorRef : InternalActorRef, ISystemBound
{
    private readonly ActorCell _cell;
    private readonly ActorPath _path;
    private readonly Mailbox _mailbox;

    public LocalActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, IInternalActorRef parent, ActorPath path)
    {
        _path = path;
        _cell = new ActorCell(system, this, props, dispatcher, parent);
        _mailbox = _cell.Mailbox;
    }

    public ActorCell Cell => _cell;

    public ActorSystemImpl System => _cell.SystemImpl;

    public override ActorPath Path => _path;

    public override IInternalActorRef Parent => _cell.Parent;

    public override bool IsTerminated => _cell.IsTerminated;

    protected override void TellInternal(object message, IActorRef sender) => _mailbox.Post(message, sender);

    public override void SendSystemMessage(ISystemMessage message) => _mailbox.PostSystem(message);

    public override void Start() => _mailbox.PostSystem(Create.Instance);

    public override void Suspend() => _mailbox.PostSystem(Dispatch.SysMsg.Suspend.Instance);

    public override void Resume(Exception? causedByFailure) => _mailbox.PostSystem(new Resume(causedByFailure));

    public override void Restart(Exception cause) => _mailbox.PostSystem(new Recreate(cause));

    public override void Stop() => _mailbox.PostSystem(Terminate.Instance);

    public override IInternalActorRef GetChild(IReadOnlyList<string> names, int from)
    {
        if (from == names.Count) return this;
        var name = names[from];
        if (name == "..") return Parent.GetChild(names, from + 1);
        if (name.Length == 0) return GetChild(names, from + 1);
        var hash = name.IndexOf('#');
        var child = Child(hash < 0 ? name : name[..hash]);
        if (child is null || (hash >= 0 && child.Path.Uid.ToString() != name[(hash + 1)..])) return Nobody.Instance;
        return child.GetChild(names, from + 1);
    }

    /// <summary>A child, or what else hangs below this reference.</summary>
    protected virtual IInternalActorRef? Child(string name) => _cell.TryChild(name);
}

/// <summary>The root of the tree: below it also hang names that are no actors, such as /temp and /deadLetters.</summary>
internal sealed class RootActorRef(ActorSystemImpl system, Props props, MessageDispatcher dispatcher, IInternalActorRef parent, ActorPath path)
    : LocalActorRef(system, props, dispatcher, parent, path)
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _extra = new();

    public void Hang(string name, IInternalActorRef child) => _extra[name] = child;

    protected override IInternalActorRef? Child(string name) => _extra.TryGetValue(name, out var extra) ? extra : base.Child(name);
}

/// <summary>Something that has named references below it but is no actor.</summary>
internal interface INamedContainer
{
}

/// <summary>The parent of the references that answers are sent to.</summary>
internal sealed class TempContainerRef(ActorSystemImpl system, ActorPath path, IInternalActorRef parent) : InternalActorRef, ISystemBound, INamedContainer
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

    public ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override IInternalActorRef Parent => parent;

    public void Add(IInternalActorRef child) => _children[child.Path.Name] = child;

    public void Remove(IInternalActorRef child) => _children.TryRemove(child.Path.Name, out _);

    public override IInternalActorRef GetChild(IReadOnlyList<string> names, int from)
    {
        if (from == names.Count) return this;
        var name = names[from];
        var hash = name.IndexOf('#');
        return _children.TryGetValue(hash < 0 ? name : name[..hash], out var child) ? child.GetChild(names, from + 1) : Nobody.Instance;
    }

    protected override void TellInternal(object message, IActorRef sender) => system.DeadLetters.Tell(message, sender);
}

/// <summary>The reference of an actor that is not there: messages become dead letters, watchers are told at once.</summary>
internal class EmptyActorRef(ActorSystemImpl system, ActorPath path) : InternalActorRef, ISystemBound
{
    public ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override bool IsTerminated => true;

    protected override void TellInternal(object message, IActorRef sender)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case ActorSelectionMessage { Message: Identify identify }:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case AllDeadLetters:
                break;
            case IDeadLetterSuppression suppressed:
                system.EventStream.Publish(new SuppressedDeadLetter(suppressed, sender.Or(system.DeadLetters), this));
                break;
            default:
                system.EventStream.Publish(new DeadLetter(message, sender.Or(system.DeadLetters), this));
                break;
        }
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch w && w.Watchee.Equals(this) && !w.Watcher.Equals(this))
            w.Watcher.SendSystemMessage(new DeathWatchNotification(this, ExistenceConfirmed: false, AddressTerminated: false));
    }
}

/// <summary>/deadLetters: publishes what could not be delivered.</summary>
internal sealed class DeadLetterRef(ActorSystemImpl system, ActorPath path) : InternalActorRef, ISystemBound
{
    public ActorSystemImpl System => system;

    public override ActorPath Path => path;

    public override bool IsTerminated => true;

    protected override void TellInternal(object message, IActorRef sender)
    {
        var from = sender.Or(this);
        switch (message)
        {
            case AllDeadLetters { Message: AllDeadLetters }:
                // a subscriber that has stopped: to publish it again would only bring it back here, for ever
                break;
            case DeadLetter { Message: IDeadLetterSuppression suppressed } letter:
                system.EventStream.Publish(new SuppressedDeadLetter(suppressed, letter.Sender, letter.Recipient));
                break;
            case DeadLetter letter:
                system.EventStream.Publish(letter);
                break;
            case Identify identify:
                from.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            case IDeadLetterSuppression suppressed:
                system.EventStream.Publish(new SuppressedDeadLetter(suppressed, from, this));
                break;
            default:
                system.EventStream.Publish(new DeadLetter(message, from, this));
                break;
        }
    }

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is Watch w && !w.Watcher.Equals(this))
            w.Watcher.SendSystemMessage(new DeathWatchNotification(w.Watchee, ExistenceConfirmed: false, AddressTerminated: false));
    }
}

/// <summary>Drops everything, silently.</summary>
internal sealed class IgnoreRef(ActorPath path) : InternalActorRef
{
    public override ActorPath Path => path;

    public override bool IsTerminated => true;

    protected override void TellInternal(object message, IActorRef sender)
    {
    }
}
