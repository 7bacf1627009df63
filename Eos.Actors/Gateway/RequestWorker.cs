using System.Collections.Immutable;
using Akka.Actor;
using Eos.Instance;
using Eos.Kernel;
using Eos.Kv;
using Eos.Master;
using Eos.Namespace;
using Eos.Views;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>
/// Runs one routine: sends its questions, matches the answers by directory and operation id, repeats ever more slowly what stays unanswered, and answers the client.
/// Lives as long as the request: one is made for each, so it has no table of handlers to build.
/// </summary>
internal sealed class RequestWorker : UntypedActor, IWithTimers
{
    private readonly Routine _routine;
    private readonly IEnumerator<Step> _steps;
    private readonly Dictionary<(DirectoryId, OpId), Question> _open = [];
    private readonly GatewayParts _parts;
    private readonly (OpId Op, string Command, Instant Begun) _request;
    private readonly IClock _clock;
    private readonly GatewaySettings _settings;
    private readonly Func<Errno, AccessRedirect?> _elsewhere;
    private readonly Queue<TreePart> _untaken = new();
    private readonly OpId _run;
    private IActorRef _client;
    private uint _delivered;
    private Wait _wait;
    private MoverProtocol.MoveDirectory? _moving;
    private TimeSpan _pause;
    private int _silent;
    private Func<INodeReply, bool>? _isEnough;
    private bool _hasAsked;
    private bool _answered;

    public RequestWorker(Routine routine, OpId op, string command, IActorRef client, GatewayParts parts, RoutineFacts facts)
    {
        (_routine, _steps, _client, _parts, _clock) = (routine, routine.Steps().GetEnumerator(), client, parts, facts.Clock);
        (_request, _settings, _run, _elsewhere) = ((op, command, facts.Now), facts.Settings, facts.NewOp(), facts.Elsewhere);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A producer, not an expression: one is made for every request.</summary>
    public static Props Props(Routine routine, OpId op, string command, IActorRef client, GatewayParts parts, RoutineFacts facts) =>
        Akka.Actor.Props.CreateBy(new Producer(() => new RequestWorker(routine, op, command, client, parts, facts)));

    protected override void PreStart()
    {
        Timers.StartSingleTimer("repeat", new GatewaySignals.Repeat(), _pause = _settings.RetryInterval);
        StartDeadline();
        Advance();
    }

    protected override void PostStop()
    {
        _steps.Dispose();
        if (!_answered) Finish(new Unknown(_request.Op, "the worker stopped"));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DirectoryProtocol.IReply reply: Take(reply); break;
            case GatewaySignals.NumberTaken taken:
                _routine.Number = taken.Number;
                Advance();
                break;
            case MasterProtocol.IReply answer:
                _routine.MasterAnswer = answer;
                Advance();
                break;
            case GatewaySignals.Told told:
                _routine.GatewayAnswer = told;
                Advance();
                break;
            case IdProtocol.Reserved reserved:
                _routine.NumbersAnswer = reserved;
                Advance();
                break;
            case INodeReply answer: Take(answer); break;
            case InstanceProtocol.IReply answer:
                _routine.InstanceAnswer = answer;
                Advance();
                break;
            case MoverProtocol.IReply answer when _moving is { } order && order.Call.Op == answer.Op:
                _moving = null;
                _routine.MoverAnswer = answer;
                Advance();
                break;
            case GatewaySignals.RowsRead { Rows: { } rows }:
                _routine.Rows = rows;
                Advance();
                break;
            case GatewaySignals.RowsRead or MoverProtocol.IReply: break; // not in time: neither is the request; to an earlier question
            case Acknowledge taken: Taken(taken); break;
            case GatewaySignals.AskedAgain again:
                _client = again.Client;
                if (_untaken.Count > 0) StartDeadline(); // slow, but there
                foreach (var part in _untaken) _client.Tell(part);
                break;
            case GatewaySignals.Repeat: Repeat(); break;
            case GatewaySignals.NodeGone:
                _hasAsked = true;
                Repeat();
                break;
            case GatewaySignals.GoOn:
                _open.Clear();
                _silent = 0;
                Advance();
                break;
            case Abandon: Context.Stop(Self); break;
            case GatewaySignals.GiveUp: Answer(new Unknown(_request.Op, "not answered in time")); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>One of the nodes that were asked has answered.</summary>
    private void Take(INodeReply answer)
    {
        if (_silent <= 0) return;
        _routine.NodeAnswers = _routine.NodeAnswers.Add(answer);
        if (--_silent > 0 && _isEnough?.Invoke(answer) != true) return;
        _silent = 0;
        Timers.Cancel("patience");
        Advance();
    }

    private void Advance()
    {
        _wait = Wait.ForNothing;
        Timers.Cancel("patience");
        while (_steps.MoveNext())
            if (!Fulfil(_steps.Current)) return;
        Answer(_routine.Answer is Refused refused && _elsewhere(refused.Why) is { } to ? new Elsewhere(refused.Op, refused.Text, to.Host, to.Port, 0) : _routine.Answer);
    }

    /// <summary>True if there is nothing to wait for.</summary>
    private bool Fulfil(Step step)
    {
        switch (step)
        {
            case Step.AskAll ask: return Ask(ask);
            case Step.Send send: return Send(send.Questions);
            case Step.AwaitAny: return _open.Count == 0 || WaitFor(Wait.ForOne);
            case Step.Deliver deliver: return Deliver(deliver.Part);
            case Step.ReadRows read: return Read(read);
            case Step.AskMover ask:
                _moving = ask.Request;
                _parts.Mover.Tell(ask.Request);
                return false;
            case Step.AskMaster ask:
                _parts.Master.Tell(ask.Request);
                return false;
            case Step.AskGateway ask:
                Context.Parent.Tell(ask.Wish);
                return false;
            case Step.AskNumbers ask:
                _parts.Numbers.Tell(ask.Message);
                return false;
            case Step.AskNodes ask: return Survey(ask);
            case Step.AskInstance ask:
                _parts.Instance.Tell(ask.Request);
                return false;
            case Step.Order order:
                foreach (var one in order.Orders) _parts.Views.Tell(new ViewProtocol.Deliver(one, Self));
                return true;
            case Step.TakeNumber take:
                Context.Parent.Tell(new GatewaySignals.TakeNumber(take.Counter));
                return false;
            case var other: throw new InvalidOperationException($"no way to fulfil {other.GetType().Name}");
        }
    }

    private bool WaitFor(Wait wait)
    {
        _wait = wait;
        return false;
    }

    private bool Read(Step.ReadRows read)
    {
        if (_parts.Rows is not { } rows) return true;
        var self = Self;
        rows.Look(
            new SystemProtocol.ScanIndex(read.Index, read.Prefix, read.After, read.Most),
            _settings.RequestDeadline,
            answer => self.Tell(new GatewaySignals.RowsRead(answer as SystemProtocol.IndexRows), ActorRefs.NoSender));
        return false;
    }

    /// <summary>The second time after half as long again, and so on: a directory that is only slow must not drown in repetitions.</summary>
    private void Repeat()
    {
        foreach (var question in _open.Values) _parts.Directories.Tell(question.Message);
        if (_moving is { } order) _parts.Mover.Tell(order);
        _pause = _hasAsked ? _settings.RetryInterval : _pause * 1.5;
        _hasAsked = false;
        Timers.StartSingleTimer("repeat", new GatewaySignals.Repeat(), _pause);
    }

    private bool Ask(Step.AskAll ask)
    {
        _open.Clear();
        Send(ask.Questions);
        if (ask.Questions.IsEmpty) return true;
        if (ask.Patience is { } patience) Timers.StartSingleTimer("patience", new GatewaySignals.GoOn(), patience);
        return WaitFor(Wait.ForAll);
    }

    private bool Send(ImmutableArray<Question> questions)
    {
        _hasAsked = true;
        foreach (var question in questions)
        {
            _open.Add((question.Message.Directory, question.Op), question);
            _parts.Directories.Tell(question.Message);
        }
        return true;
    }

    private bool Survey(Step.AskNodes ask)
    {
        var nodes = _parts.Nodes();
        (_silent, _routine.NodeAnswers, _isEnough) = (nodes.Length, [], ask.Enough);
        foreach (var node in nodes) Context.ActorSelection(new RootActorPath(node) / "user" / ask.Actor).Tell(ask.Message);
        if (nodes.IsEmpty) return true;
        Timers.StartSingleTimer("patience", new GatewaySignals.GoOn(), ask.Patience);
        return false;
    }

    /// <summary>Unknown is no answer: the question stays open and is repeated.</summary>
    private void Take(DirectoryProtocol.IReply reply)
    {
        if (reply is DirectoryProtocol.Unknown || !_open.Remove((reply.Directory, reply.Op), out var question)) return;
        _parts.Whereabouts.Saw(reply.Directory, Sender.Path.Address);
        question.Answer = reply;
        if (_wait == Wait.ForOne || (_wait == Wait.ForAll && _open.Count == 0)) Advance();
    }

    /// <summary>The client has taken all parts up to this one. It may speak from another place by now.</summary>
    private void Taken(Acknowledge taken)
    {
        if (taken.Run != _run) return;
        _client = Sender;
        while (_untaken.TryPeek(out var part) && part.Sequence <= taken.Sequence) _untaken.Dequeue();
        StartDeadline();
        if (_wait == Wait.ForClient && _untaken.Count < _settings.WalkWindow) Advance();
    }

    private bool Deliver(TreePart part)
    {
        var numbered = part with { Run = _run, Sequence = ++_delivered };
        _untaken.Enqueue(numbered);
        _client.Tell(numbered);
        return _untaken.Count < _settings.WalkWindow || WaitFor(Wait.ForClient);
    }

    private void StartDeadline() => Timers.StartSingleTimer("deadline", new GatewaySignals.GiveUp(), _settings.RequestDeadline);

    private void Answer(IFinal result)
    {
        Finish(result);
        Context.Stop(Self);
    }

    private void Finish(IFinal result)
    {
        _answered = true;
        _client.Tell(result);
        Context.Parent.Tell(new GatewaySignals.Finished(_request.Op, _request.Command, _clock.Now - _request.Begun, result is not (Refused or Unknown), (result as Refused)?.Why ?? Errno.None));
    }

    /// <summary>What the step in hand waits for.</summary>
    private enum Wait
    {
        ForNothing = 0,
        ForAll = 1,
        ForOne = 2,
        ForClient = 3,
    }

    private sealed class Producer(Func<RequestWorker> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(RequestWorker);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) => GC.KeepAlive(actor);
    }
}
