using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// /system/remote-watcher: watches remote actors for all local watchers, and the systems they are on by heartbeats. A system that falls
/// silent is quarantined, and everything there counts as terminated. A system that starts anew is asked about its actors again.
/// </summary>
internal sealed class RemoteWatcher : UntypedActor
{
    public const string Name = "remote-watcher";

    internal sealed record WatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher) : INoSerializationVerificationNeeded;

    internal sealed record UnwatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher) : INoSerializationVerificationNeeded;

    private sealed record ExpectedFirstHeartbeat(Address From) : INoSerializationVerificationNeeded;

    private sealed record HeartbeatTick : INoSerializationVerificationNeeded
    {
        public static readonly HeartbeatTick Instance = new();
    }

    private sealed record ReapTick : INoSerializationVerificationNeeded
    {
        public static readonly ReapTick Instance = new();
    }

    private readonly Remoting _remoting;
    private readonly IFailureDetectorRegistry<Address> _detectors;
    private readonly TimeSpan _expectedResponse;
    private readonly RemoteHeartbeatRsp _response;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<IInternalActorRef, HashSet<IInternalActorRef>> _watching = [];
    private readonly Dictionary<Address, HashSet<IInternalActorRef>> _byAddress = [];
    private readonly Dictionary<Address, int> _uids = [];
    private readonly HashSet<Address> _unreachable = [];
    private readonly ICancelable _heartbeats;
    private readonly ICancelable _reaper;

    public RemoteWatcher(Remoting remoting)
    {
        _remoting = remoting;
        var config = remoting.Settings.WatchDetector;
        var system = Context.System;
        var detector = config.GetString("implementation-class");
        _detectors = new DefaultFailureDetectorRegistry<Address>(() => FailureDetectorLoader.Load(detector, config, system));
        _expectedResponse = config.GetTimeSpan("expected-response-after");
        _response = new RemoteHeartbeatRsp(remoting.Uid);
        var heartbeat = config.GetTimeSpan("heartbeat-interval");
        var reap = config.GetTimeSpan("unreachable-nodes-reaper-interval");
        _heartbeats = system.Scheduler.ScheduleTellRepeatedlyCancelable(heartbeat, heartbeat, Self, HeartbeatTick.Instance, Self);
        _reaper = system.Scheduler.ScheduleTellRepeatedlyCancelable(reap, reap, Self, ReapTick.Instance, Self);
    }

    protected override void PostStop()
    {
        _heartbeats.Cancel();
        _reaper.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case HeartbeatTick:
                SendHeartbeats();
                break;
            case RemoteHeartbeat:
                Sender?.Tell(_response);
                break;
            case RemoteHeartbeatRsp rsp when Sender is not null:
                Heard(Sender.Path.Address, rsp.AddressUid);
                break;
            case ReapTick:
                Reap();
                break;
            case ExpectedFirstHeartbeat expected:
                if (_byAddress.ContainsKey(expected.From) && !_detectors.IsMonitoring(expected.From)) _detectors.Heartbeat(expected.From);
                break;
            case WatchRemote watch:
                Add(watch.Watchee, watch.Watcher);
                break;
            case UnwatchRemote unwatch:
                Remove(unwatch.Watchee, unwatch.Watcher);
                break;
            case Terminated terminated:
                Ended(terminated);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Add(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!_watching.TryGetValue(watchee, out var watchers)) _watching[watchee] = watchers = [];
        watchers.Add(watcher);
        var address = watchee.Path.Address;
        if (!_byAddress.TryGetValue(address, out var watchees)) _byAddress[address] = watchees = [];
        watchees.Add(watchee);
        if (_unreachable.Remove(address)) _detectors.Remove(address);
        Context.Watch(watchee);
    }

    private void Remove(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (!_watching.TryGetValue(watchee, out var watchers)) return;
        watchers.Remove(watcher);
        if (watchers.Count > 0) return;
        Context.Unwatch(watchee);
        Forget(watchee);
    }

    /// <summary>Where the whole address has gone, only those know it already who watched when it went: a cell that has heard of an end does not hear of it again.</summary>
    private void Ended(Terminated terminated)
    {
        var watchee = (IInternalActorRef)terminated.ActorRef;
        if (_watching.TryGetValue(watchee, out var watchers))
            foreach (var watcher in watchers)
                watcher.SendSystemMessage(new DeathWatchNotification(watchee, terminated.ExistenceConfirmed, AddressTerminated: false));
        Forget(watchee);
    }

    private void Forget(IInternalActorRef watchee)
    {
        _watching.Remove(watchee);
        var address = watchee.Path.Address;
        if (!_byAddress.TryGetValue(address, out var watchees)) return;
        watchees.Remove(watchee);
        if (watchees.Count > 0) return;
        _byAddress.Remove(address);
        _uids.Remove(address);
        _unreachable.Remove(address);
        _detectors.Remove(address);
    }

    private void SendHeartbeats()
    {
        foreach (var address in _byAddress.Keys)
        {
            if (_unreachable.Contains(address)) continue;
            if (!_detectors.IsMonitoring(address))
                Context.System.Scheduler.ScheduleTellOnce(_expectedResponse, Self, new ExpectedFirstHeartbeat(address), Self);
            _remoting.RefFor(new RootActorPath(address) / "system" / Name).Tell(RemoteHeartbeat.Instance, Self);
        }
    }

    private void Heard(Address from, int uid)
    {
        if (!_byAddress.TryGetValue(from, out var watchees) || _unreachable.Contains(from)) return;
        if (!_uids.TryGetValue(from, out var known) || known != uid)
        {
            _uids[from] = uid;
            foreach (var watchee in watchees) watchee.SendSystemMessage(new Watch(watchee, (IInternalActorRef)Self));
        }
        _detectors.Heartbeat(from);
    }

    private void Reap()
    {
        foreach (var address in _byAddress.Keys.Where(a => !_unreachable.Contains(a) && !_detectors.IsAvailable(a)).ToList())
        {
            _log.Warning("Detected unreachable: [{0}]", address);
            _unreachable.Add(address);
            _remoting.Quarantine(address, _uids.TryGetValue(address, out var uid) ? uid : null, "its actors are watched and it is silent");
            AddressTerminatedTopic.Publish(_remoting.System, address);
        }
    }
}
