using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Eos.Kernel;
using static Eos.Instance.InstanceProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Instance;

/// <summary>
/// Follows the configuration and changes it, one change at a time: reads the newest, asks the rule, writes if nobody was faster, else again. Path: `/user/instance`.
/// </summary>
public sealed class InstanceActor : ReceiveActor, IWithTimers
{
    private readonly IInstanceBook _book;
    private readonly InstanceSettings _settings;
    private readonly IClock _clock;
    private readonly IActorRef _mediator;
    private readonly HashSet<IActorRef> _readers = [];
    private readonly Queue<(Change Change, IActorRef Asker)> _waiting = new();
    private (Change Change, IActorRef Asker)? _current;
    private InstanceState? _state;
    private bool _isLooking;
    private bool _isWoken;

    /// <param name="mediator">Of publish/subscribe; nobody: there are no other nodes.</param>
    public InstanceActor(IInstanceBook book, InstanceSettings settings, IClock clock, IActorRef mediator)
    {
        (_book, _settings, _clock, _mediator) = (book, settings, clock, mediator);
        Receive<InstanceProtocol.Subscribe>(_ =>
        {
            if (_readers.Add(Sender)) Context.Watch(Sender);
            if (_state is not null) Sender.Tell(new Published(_state));
        });
        Receive<Terminated>(gone => _readers.Remove(gone.ActorRef));
        Receive<Poll>(_ => Look());
        Receive<Wake>(wake =>
        {
            if (_state is null || wake.Version > _state.Version) Look();
        });
        Receive<Looked>(x =>
        {
            _isLooking = false;
            Learn(x.Answer);
            if (!_isWoken) return;
            _isWoken = false;
            Look();
        });
        Receive<Change>(change =>
        {
            _waiting.Enqueue((change, Sender));
            Begin();
        });
        Receive<Read>(x => Judge(x.Answer));
        Receive<Written>(x => Hear(x.Answer));
        Receive<ReadRows>(x => _book.ReadAsync(new ReadConfiguration(x.Prefix, null), _settings.ChangeTimeout)
            .PipeTo(Sender, success: answer => answer is ConfigurationRead { Values: { } rows } ? (IReply)new Rows(rows) : new NotKnown("the group does not answer")));
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IInstanceBook book, InstanceSettings settings, IClock clock, IActorRef mediator) =>
        Akka.Actor.Props.Create(() => new InstanceActor(book, settings, clock, mediator));

    protected override void PreStart()
    {
        _mediator.Tell(new Akka.Cluster.Tools.PublishSubscribe.Subscribe(Topic, Self));
        Timers.StartPeriodicTimer("poll", new Poll(), _settings.PollInterval);
        Look();
    }

    private void Look()
    {
        if (_isLooking)
        {
            _isWoken = true;
            return;
        }
        _isLooking = true;
        Ask(answer => new Looked(answer));
    }

    /// <summary>The newest, or that it has not changed.</summary>
    private void Ask(Func<IAnswer, object> wrap) =>
        _book.ReadAsync(new ReadConfiguration(InstanceRows.Live, _state?.Version), _settings.ChangeTimeout).PipeTo(Self, success: wrap);

    /// <summary>An answer that was overtaken by a newer one says nothing any more.</summary>
    private void Learn(IAnswer answer)
    {
        if (answer is not ConfigurationRead { Values: { } rows } read || read.Version <= (_state?.Version ?? 0) && _state is not null) return;
        var next = InstanceRows.Read(read.Version, rows);
        var isNew = _state is null || next.Changes != _state.Changes;
        _state = next;
        if (!isNew) return;
        foreach (var reader in _readers) reader.Tell(new Published(next));
    }

    private void Begin()
    {
        if (_current is not null || !_waiting.TryDequeue(out var next)) return;
        _current = next;
        Ask(answer => new Read(answer));
    }

    private void Judge(IAnswer answer)
    {
        Learn(answer);
        if (answer is not ConfigurationRead || _state is null)
        {
            End(new NotKnown("the group does not answer"));
            return;
        }
        var change = _current!.Value.Change;
        if (_state.Recent.Contains(change.Op.ToString()))
        {
            End(new Changed(_state));
            return;
        }
        var revision = change.Revise(_state);
        if (revision.Refusal is { } refusal) End(new NotChanged(refusal));
        else if (InstanceRows.Effective(_state, revision) is { } effective)
            _book.WriteAsync(
                new SetConfiguration(_state.Version, InstanceRows.Write(_state, effective, change.Op, _clock.Now, (ulong)_settings.LogSize), null), _settings.ChangeTimeout)
                .PipeTo(Self, success: outcome => new Written(outcome));
        else End(new Changed(_state));
    }

    /// <summary>Written: read it once more, which finds the operation among the recent ones. Somebody was faster: the rule is asked again.</summary>
    private void Hear(IAnswer answer)
    {
        switch (answer)
        {
            case ConfigurationSet set:
                _mediator.Tell(new Publish(Topic, new Wake(set.Version)));
                Ask(a => new Read(a));
                break;
            case Refused { Why: Errno.Stale }:
                Ask(a => new Read(a));
                break;
            case Refused refused:
                End(new NotChanged(new Refusal(refused.Why, refused.Text)));
                break;
            default:
                Context.GetLogger().Warning("a change of the configuration was not answered: {0}", answer);
                End(new NotKnown("the group does not answer"));
                break;
        }
    }

    private void End(IReply reply)
    {
        _current!.Value.Asker.Tell(reply);
        _current = null;
        Begin();
    }

    private sealed record Poll;
    private sealed record Looked(IAnswer Answer);
    private sealed record Read(IAnswer Answer);
    private sealed record Written(IAnswer Answer);
}
