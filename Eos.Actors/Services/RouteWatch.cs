using System.Collections.Immutable;
using Akka.Actor;
using Eos.Instance;

namespace Eos.Services;

/// <summary>
/// Looks after the endpoints of routes: asks each of them again and again, a few at a time, and tells what it knows on the event stream of its node (<see cref="EndpointStandings"/>). An
/// endpoint that is slow holds up no other. Path: `/user/route-watch`.
/// </summary>
public sealed class RouteWatch : ReceiveActor, IWithTimers
{
    public const string Name = "route-watch";

    private readonly IActorRef _instance;
    private readonly RouteSettings _settings;
    private readonly EndpointProbe _probe;
    private readonly Queue<Endpoint> _waiting = new();
    private readonly HashSet<Endpoint> _asked = [];
    private ImmutableHashSet<Endpoint> _routed = [];
    private EndpointStandings _standings = EndpointStandings.None;

    public RouteWatch(IActorRef instance, RouteSettings settings)
    {
        (_instance, _settings, _probe) = (instance, settings, new EndpointProbe(settings.ProbeTimeout));
        Receive<InstanceProtocol.Published>(p => Follow([.. p.State.Section(Endpoint.Section).Values.SelectMany(text => Endpoint.Parse(text))]));
        Receive<Poll>(_ =>
        {
            Tell();   // a gateway that began anew has heard nothing yet
            if (_waiting.Count == 0) Ask(_routed.Where(e => !_asked.Contains(e)));
        });
        Receive<Asked>(Hear);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef instance, RouteSettings settings) => Akka.Actor.Props.Create(() => new RouteWatch(instance, settings));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("poll", new Poll(), _settings.PollInterval);
        _instance.Tell(new InstanceProtocol.Subscribe());
    }

    protected override void PostStop() => _probe.Dispose();

    private void Follow(ImmutableHashSet<Endpoint> routed)
    {
        var fresh = routed.Except(_routed);
        if (fresh.IsEmpty && routed.Count == _routed.Count) return;
        _routed = routed;
        _standings = new EndpointStandings(_standings.Known.RemoveRange(_standings.Known.Keys.Where(e => !routed.Contains(e))));
        Tell();
        Ask(fresh.Where(e => !_asked.Contains(e)));
    }

    private void Ask(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints) _waiting.Enqueue(endpoint);
        while (_asked.Count < _settings.MostProbes && _waiting.TryDequeue(out var next))
        {
            if (!_routed.Contains(next) || !_asked.Add(next)) continue;
            _probe.AskAsync(next).PipeTo(Self, ActorRefs.NoSender, standing => new Asked(next, standing), _ => new Asked(next, EndpointStanding.Offline));
        }
    }

    private void Hear(Asked answer)
    {
        _asked.Remove(answer.Endpoint);
        if (_routed.Contains(answer.Endpoint) && _standings[answer.Endpoint] != answer.Standing)
        {
            _standings = new EndpointStandings(_standings.Known.SetItem(answer.Endpoint, answer.Standing));
            Tell();
        }
        Ask([]);
    }

    private void Tell() => Context.System.EventStream.Publish(_standings);

    private sealed record Poll;
    private sealed record Asked(Endpoint Endpoint, EndpointStanding Standing);
}
