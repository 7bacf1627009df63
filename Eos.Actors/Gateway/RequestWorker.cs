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
/// Lives as long as the request.
/// </summary>
internal sealed class RequestWorker : ReceiveActor, IWithTimers
{
    private readonly Routine _routine;
    private readonly IEnumerator<Step> _steps;
    private readonly Dictionary<(DirectoryId, OpId), Question> _open = [];
    private readonly GatewayParts _parts;
    private readonly (OpId Op, string Command, Instant Begun) _request;
    private readonly IClock _clock;
    private readonly GatewaySettings _settings;
    private IActorRef _client;
    private TreeProgress? _report;
    private TimeSpan _pause;
    private int _silent;
    private bool _hasAsked;
    private bool _answered;

    public RequestWorker(Routine routine, OpId op, string command, IActorRef client, GatewayParts parts, RoutineFacts facts)
    {
        (_routine, _steps, _client, _parts, _clock) = (routine, routine.Steps().GetEnumerator(), client, parts, facts.Clock);
        (_request, _settings) = ((op, command, facts.Now), facts.Settings);

        Receive<DirectoryProtocol.IReply>(Take);
        Receive<GatewaySignals.NumberTaken>(n =>
        {
            _routine.Number = n.Number;
            Advance();
        });
        Receive<MasterProtocol.IReply>(answer =>
        {
            _routine.MasterAnswer = answer;
            Advance();
        });
        Receive<INodeReply>(answer =>
        {
            if (_silent <= 0) return;
            _routine.NodeAnswers = _routine.NodeAnswers.Add(answer);
            if (--_silent > 0) return;
            Timers.Cancel("patience");
            Advance();
        });
        Receive<InstanceProtocol.IReply>(answer =>
        {
            _routine.InstanceAnswer = answer;
            Advance();
        });
        Receive<GatewaySignals.RowsRead>(read =>
        {
            if (read.Rows is null) return; // not in time: neither is the request
            _routine.Rows = read.Rows;
            Advance();
        });
        Receive<Acknowledge>(a =>
        {
            if (_report is null || a.Sequence != _report.Sequence) return;
            Timers.StartSingleTimer("deadline", new GatewaySignals.GiveUp(), _settings.RequestDeadline);
            Advance();
        });
        Receive<GatewaySignals.AskedAgain>(again =>
        {
            _client = again.Client;
            if (_report is not null) _client.Tell(_report);
        });
        Receive<GatewaySignals.Repeat>(_ => Repeat());
        Receive<GatewaySignals.NodeGone>(_ =>
        {
            _hasAsked = true;
            Repeat();
        });
        Receive<GatewaySignals.GoOn>(_ =>
        {
            _open.Clear();
            _silent = 0;
            Advance();
        });
        Receive<GatewaySignals.GiveUp>(_ => Answer(new Unknown(op, "not answered in time")));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A producer, not an expression: one is made for every request.</summary>
    public static Props Props(Routine routine, OpId op, string command, IActorRef client, GatewayParts parts, RoutineFacts facts) =>
        Akka.Actor.Props.CreateBy(new Producer(() => new RequestWorker(routine, op, command, client, parts, facts)));

    protected override void PreStart()
    {
        Timers.StartSingleTimer("repeat", new GatewaySignals.Repeat(), _pause = _settings.RetryInterval);
        Timers.StartSingleTimer("deadline", new GatewaySignals.GiveUp(), _settings.RequestDeadline);
        Advance();
    }

    protected override void PostStop()
    {
        _steps.Dispose();
        if (!_answered) Finish(new Unknown(_request.Op, "the worker stopped"));
    }

    private void Advance()
    {
        if (!_steps.MoveNext())
        {
            Answer(_routine.Answer);
            return;
        }
        switch (_steps.Current)
        {
            case Step.AskAll ask:
                Send(ask);
                break;
            case Step.ReadRows read:
                Read(read);
                break;
            case Step.AskMaster ask:
                _parts.Master.Tell(ask.Request);
                break;
            case Step.AskNodes ask:
                Survey(ask);
                break;
            case Step.AskInstance ask:
                _parts.Instance.Tell(ask.Request);
                break;
            case Step.Order order:
                foreach (var one in order.Orders) _parts.Views.Tell(new ViewProtocol.Deliver(one, Self));
                Advance();
                break;
            case Step.TakeNumber take:
                Context.Parent.Tell(new GatewaySignals.TakeNumber(take.Counter));
                break;
            case Step.Report report:
                _report = new TreeProgress(_request.Op, (_report?.Sequence ?? 0) + 1, report.Files, report.Directories);
                _client.Tell(_report);
                break;
            case var other:
                throw new InvalidOperationException($"no way to fulfil {other.GetType().Name}");
        }
    }

    private void Read(Step.ReadRows read)
    {
        if (_parts.Rows is not { } rows)
        {
            Advance();
            return;
        }
        var self = Self;
        rows.Look(
            new SystemProtocol.ScanIndex(read.Index, read.Prefix, read.After, read.Most),
            _settings.RequestDeadline,
            answer => self.Tell(new GatewaySignals.RowsRead(answer as SystemProtocol.IndexRows), ActorRefs.NoSender));
    }

    /// <summary>The second time after half as long again, and so on: a directory that is only slow must not drown in repetitions.</summary>
    private void Repeat()
    {
        foreach (var question in _open.Values) _parts.Directories.Tell(question.Message);
        _pause = _hasAsked ? _settings.RetryInterval : _pause * 1.5;
        _hasAsked = false;
        Timers.StartSingleTimer("repeat", new GatewaySignals.Repeat(), _pause);
    }

    private void Send(Step.AskAll ask)
    {
        _hasAsked = true;
        _open.Clear();
        foreach (var question in ask.Questions)
        {
            _open.Add((question.Message.Directory, question.Op), question);
            _parts.Directories.Tell(question.Message);
        }
        if (ask.Questions.IsEmpty) Advance();
        else if (ask.Patience is { } patience) Timers.StartSingleTimer("patience", new GatewaySignals.GoOn(), patience);
    }

    private void Survey(Step.AskNodes ask)
    {
        var nodes = _parts.Nodes();
        (_silent, _routine.NodeAnswers) = (nodes.Length, []);
        foreach (var node in nodes) Context.ActorSelection(new RootActorPath(node) / "user" / ask.Actor).Tell(ask.Message);
        if (nodes.IsEmpty) Advance();
        else Timers.StartSingleTimer("patience", new GatewaySignals.GoOn(), ask.Patience);
    }

    /// <summary>Unknown is no answer: the question stays open and is repeated.</summary>
    private void Take(DirectoryProtocol.IReply reply)
    {
        if (reply is DirectoryProtocol.Unknown || !_open.Remove((reply.Directory, reply.Op), out var question)) return;
        question.Answer = reply;
        if (_open.Count > 0) return;
        Timers.Cancel("patience");
        Advance();
    }

    private void Answer(IFinal result)
    {
        Finish(result);
        Context.Stop(Self);
    }

    private void Finish(IFinal result)
    {
        _answered = true;
        _client.Tell(result);
        Context.Parent.Tell(new GatewaySignals.Finished(_request.Op, _request.Command, _clock.Now - _request.Begun, result is not (Refused or Unknown)));
    }

    private sealed class Producer(Func<RequestWorker> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(RequestWorker);
        public ActorBase Produce() => make();
        public void Release(ActorBase actor) => GC.KeepAlive(actor);
    }
}
