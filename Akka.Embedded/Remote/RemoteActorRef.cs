using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.Remote;

/// <summary>The reference of an actor on another system.</summary>
internal sealed class RemoteActorRef(Remoting remoting, Association association, ActorPath path) : InternalActorRef, ISystemBound
{
    private Association _association = association;

    public ActorSystemImpl System => remoting.System;

    public override ActorPath Path => path;

    public override bool IsLocal => false;

    public override IInternalActorRef Parent => path.Depth == 0 ? this : remoting.RefFor(path.Parent);

    /// <summary>The way there; a client that has come back has a new one.</summary>
    public Association Association => _association.IsRetired ? _association = remoting.AssociationFor(path.Address) : _association;

    protected override void TellInternal(object message, IActorRef sender) => Association.Send(this, message, sender);

    public override void SendSystemMessage(ISystemMessage message)
    {
        switch (message)
        {
            case Watch { Watcher: var watcher } watch when !remoting.IsWatcher(watcher):
                remoting.Watch(watch.Watchee, watcher);
                break;
            case Unwatch { Watcher: var watcher } unwatch when !remoting.IsWatcher(watcher):
                remoting.Unwatch(unwatch.Watchee, watcher);
                break;
            case Watch or Unwatch or DeathWatchNotification or Terminate:
                Association.SendSystem(this, message);
                break;
        }
    }

    public override void Stop() => SendSystemMessage(Terminate.Instance);

    public override IInternalActorRef GetChild(IReadOnlyList<string> names, int from)
    {
        var at = path;
        for (var i = from; i < names.Count; i++)
            if (names[i] == "..") at = at.Parent;
            else if (names[i].Length > 0) at /= names[i];
        return remoting.RefFor(at);
    }
}
