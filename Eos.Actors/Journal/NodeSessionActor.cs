using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// Takes the node's session and renews it. What is granted counts from the moment at which the request was sent, by a clock that no suspend stops, less
/// what a leader's clock may be faster; so others never think it over before this node does.
/// </summary>
internal sealed class NodeSessionActor : UntypedActor, IWithTimers
{
    private readonly NodeSession _session;
    private readonly KvClient _client;
    private readonly SessionSettings _settings;
    private readonly IClock _clock;
    private ulong _token;
    private bool _isLost;

    public NodeSessionActor(NodeSession session, KvClient client, SessionSettings settings, IClock clock) =>
        (_session, _client, _settings, _clock) = (session, client, settings, clock);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeSession session, KvClient client, SessionSettings settings, IClock clock) =>
        Akka.Actor.Props.Create(() => new NodeSessionActor(session, client, settings, clock));

    protected override void PreStart()
    {
        Acquire();
        Timers.StartPeriodicTimer(nameof(Renew), Renew.Instance, _settings.Renewal);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Renew when _token != 0 && !_isLost: Ask(new RenewLease(_session.LeaseName, _token, _settings.Duration), _settings.Duration); break;
            case Renew: break;
            case Answered m: Hear(m); break;
            default: Unhandled(message); break;
        }
    }

    private void Acquire() => Ask(new AcquireLease(_session.LeaseName, _session.Holder, _settings.Duration), null);

    private void Ask(Kv.KvProtocol.IEntry entry, TimeSpan? within)
    {
        var (self, sent) = (Self, _clock.Now);
        _client.Do(entry, within, answer => self.Tell(new Answered(sent, answer), ActorRefs.NoSender));
    }

    private void Hear(Answered m)
    {
        if (_isLost) return;
        switch (m.Answer)
        {
            case LeaseGranted when _token == 0 && _clock.Now - m.SentAt >= _settings.Believed:
                // It may be over before it has begun, where the member that granted it had much to apply first. Nothing rests on it yet.
                Acquire();
                break;
            case LeaseGranted granted:
                var isFirst = _token == 0;
                _token = granted.Token;
                _session.Hold(m.SentAt + _settings.Believed);
                if (!isFirst) break;
                Context.GetLogger().Info("session of {0} begun with token {1}", _session.Holder, _token);
                _session.Begin(_token);
                break;
            case Refused refused:
                Lose(refused.Text);
                break;
            case LeaseHeld held:
                Lose($"{held.Holder} has it");
                break;
            case KvClient.Unknown:
                // no leader for a while: the session may outlast that, and the next renewal tells
                break;
            default:
                throw new InvalidOperationException($"a lease was answered by {m.Answer.GetType().Name}");
        }
    }

    private void Lose(string why)
    {
        _isLost = true;
        _session.Lose();
        Context.GetLogger().Warning("session of {0} is lost: {1}", _session.Holder, why);
        Context.System.EventStream.Publish(new NodeSessionLost(_session.Holder, why));
    }

    private sealed record Answered(Instant SentAt, IAnswer Answer) : INoSerializationVerificationNeeded;

    private sealed class Renew
    {
        public static readonly Renew Instance = new();
    }
}
