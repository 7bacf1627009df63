using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster;

/// <summary>Turns views into events for the subscribers, and shows the state on <see cref="Cluster"/> before.</summary>
internal sealed class ClusterPublisher : UntypedActor
{
    private readonly Cluster _cluster;
    private readonly Membership _nothing;
    private readonly Dictionary<IActorRef, ImmutableHashSet<Type>> _subscribers = [];
    private Membership _view;

    public ClusterPublisher(Cluster cluster)
    {
        _cluster = cluster;
        _nothing = _view = new Membership(cluster.SelfUniqueAddress);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShowView x:
                Show(x.View);
                break;
            case AddSubscriber x:
                Add(x);
                break;
            case RemoveSubscriber x:
                Remove(x);
                break;
            case SendState x:
                x.Receiver.Tell(ClusterDiff.Snapshot(_view), ActorRefs.NoSender);
                break;
            case Terminated x:
                _subscribers.Remove(x.ActorRef);
                break;
        }
    }

    protected override void PostStop()
    {
        Tell(ClusterEvent.ClusterShuttingDown.Instance);
        Show(_nothing);
    }

    private void Show(Membership view)
    {
        var before = _view;
        _view = view;
        _cluster.Show(ClusterDiff.Snapshot(view));
        foreach (var happened in ClusterDiff.Between(before, view)) Tell(happened);
    }

    private void Tell(ClusterEvent.IClusterDomainEvent happened)
    {
        foreach (var (subscriber, types) in _subscribers)
        {
            if (types.Any(t => t.IsInstanceOfType(happened))) subscriber.Tell(happened, ActorRefs.NoSender);
        }
    }

    private void Add(AddSubscriber x)
    {
        if (x.Mode == ClusterEvent.InitialStateAsSnapshot)
        {
            x.Subscriber.Tell(ClusterDiff.Snapshot(_view), ActorRefs.NoSender);
        }
        else
        {
            foreach (var happened in ClusterDiff.Between(_nothing, _view).Where(e => x.Types.Any(t => t.IsInstanceOfType(e))))
            {
                x.Subscriber.Tell(happened, ActorRefs.NoSender);
            }
        }
        _subscribers[x.Subscriber] = _subscribers.GetValueOrDefault(x.Subscriber, []).Union(x.Types);
        Context.Watch(x.Subscriber);
    }

    private void Remove(RemoveSubscriber x)
    {
        var rest = x.Type is null ? [] : _subscribers.GetValueOrDefault(x.Subscriber, []).Remove(x.Type);
        if (!rest.IsEmpty)
        {
            _subscribers[x.Subscriber] = rest;
        }
        else if (_subscribers.Remove(x.Subscriber))
        {
            Context.Unwatch(x.Subscriber);
        }
    }
}
