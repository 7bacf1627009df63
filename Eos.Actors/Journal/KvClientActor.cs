using System.Collections.Immutable;
using Akka.Actor;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using static Eos.Journal.KvDoorProtocol;
using static Eos.Kv.SystemProtocol;

namespace Eos.Journal;

/// <summary>
/// Sends what a node asks of the group: to the member beside it when that one leads, else through the door of the node that does. Requests that came in together
/// go out together, many batches may be under way, and a request that was refused, lost or whose outcome is unknown is sent again: an entry under the same number.
/// </summary>
internal sealed class KvClientActor : UntypedActor, IWithTimers
{
    private readonly Guid _session = OpSource.Fresh().Next().Client;
    private readonly IClock _clock;
    private readonly KvClientSettings _settings;
    private readonly CallWindow _entries = new();
    private readonly Dictionary<ulong, KvCall> _questions = [];
    private readonly Queue<KvCall> _waiting = new();
    private readonly Action<MemberId?>? _leads;
    private readonly GroupFigures _figures;
    private MemberId? _told;
    private readonly Inlet<(KvCall Call, MemberId By, KvFate Fate)> _fates;
    private LeaderRoute _route = LeaderRoute.None;
    private (MemberId Id, IActorRef Member)? _own;
    private readonly List<KvCall> _fresh = [];
    private ulong _lastQuestion;
    private bool _isFlushing;
    private bool _isDue;

    /// <param name="leads">Told who leads whenever that seems to be another.</param>
    public KvClientActor(KvClientSettings settings, IClock clock, Func<Serve?> served, GroupFigures figures, Action<MemberId?>? leads = null)
    {
        (_settings, _clock, _figures, _leads) = (settings, clock, figures, leads);
        _fates = new(Self, Told.Instance);
        if (served() is { } group) Know(group);
    }

    /// <summary>The members of the group: this node's own, if it runs one, and all.</summary>
    public sealed record Serve(MemberId? Own, IActorRef? Member, ImmutableArray<MemberId> Members);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="served">What it was told last of the group, for one that takes the place of another; null: nothing yet.</param>
    public static Props Props(KvClientSettings settings, IClock clock, Func<Serve?> served, GroupFigures? figures = null, Action<MemberId?>? leads = null) =>
        Akka.Actor.Props.Create(() => new KvClientActor(settings, clock, served, figures ?? new GroupFigures(), leads));

    private TimeSpan Now => _clock.Now - Instant.Epoch;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case KvCall call: Begin(call); break;
            case Flush: Send(); break;
            case Told: Hear(); break;
            case Answers m: Hear(m); break;
            case Tick: Look(); break;
            case Terminated: Lose(); break;
            case RaftNodeProtocol.LeadershipChanged m: Follow(m); break;
            case Serve m: Know(m); break;
            default: Unhandled(message); break;
        }
        if (_route.Leader == _told) return;
        _told = _route.Leader;
        _leads?.Invoke(_told);
    }

    /// <summary>Nobody can find out any more what becomes of those under way.</summary>
    protected override void PostStop()
    {
        foreach (var call in Open().Concat(_waiting))
        {
            call.Answer(new KvClient.Unknown("this node's client of the group has ended"));
            Count(call);
        }
    }

    private void Begin(KvCall call)
    {
        if (call.Entry is { } entry && KvLimits.Refusal(entry) is { } refused)
        {
            call.Answer(refused);
            return;
        }
        var now = Now;
        (call.Due, call.Begun) = (now, now);
        _figures.Began();
        if (call.Within is { } within) call.Deadline = now + within;
        if (call.Question is null) _waiting.Enqueue(call);
        else
        {
            call.Number = ++_lastQuestion;
            _questions.Add(call.Number, call);
            _fresh.Add(call);
        }
        FlushSoon();
    }

    /// <summary>What has come in until the marker comes round goes out together.</summary>
    private void FlushSoon()
    {
        if (_isFlushing) return;
        _isFlushing = true;
        Self.Tell(Flush.Instance);
    }

    private void Send()
    {
        _isFlushing = false;
        while (_entries.HasRoom && _waiting.TryDequeue(out var call))
        {
            _entries.Add(call);
            _fresh.Add(call);
        }
        if (IsBusy && !Timers.IsTimerActive(nameof(Tick))) Timers.StartSingleTimer(nameof(Tick), Tick.Instance, _settings.Tick);
        if (_route.Target is not { } target)
        {
            _fresh.Clear();
            return;
        }
        var now = Now;
        List<KvCall> due = _isDue ? [.. Open().Where(c => c.Due <= now && !c.IsAnswered)] : [.. _fresh];
        _fresh.Clear();
        _isDue = false;
        if (due.Count == 0) return;
        foreach (var call in due) (call.Sendings, call.Asked) = (call.Sendings + 1, target);
        if (_own is { } own && own.Id == target) SendWithin(own.Member, target, due);
        else SendAway(target, due, now);
    }

    private bool IsBusy => !_entries.IsEmpty || _questions.Count > 0 || _waiting.Count > 0;

    private IEnumerable<KvCall> Open() => _entries.Open().Concat(_questions.Values);

    /// <summary>The member beside it answers each, always: nothing has to be repeated in case it is lost.</summary>
    private void SendWithin(IActorRef member, MemberId target, List<KvCall> due)
    {
        foreach (var call in due) call.Due = TimeSpan.MaxValue;
        ImmutableArray<ISubmission> entries =
            [.. due.Where(c => c.Entry is not null).Select(c => new KvSubmission(OnceOf(c), fate => Tell(c, target, fate)))];
        ImmutableArray<IReading> questions = [.. due.Where(c => c.Question is not null).Select(c => new KvReading(c.Question!, fate => Tell(c, target, fate)))];
        if (!entries.IsEmpty) member.Tell(new RaftNodeProtocol.Submit(entries));
        if (!questions.IsEmpty) member.Tell(new RaftNodeProtocol.Ask(questions));
    }

    /// <summary>On a thread of the member's: the caller has its answer at once.</summary>
    private void Tell(KvCall call, MemberId by, KvFate fate)
    {
        if (fate.Kind == KvFateKind.Done) call.Answer(fate.Outcome is KvProtocol.Outcome outcome ? outcome.Answer : (IAnswer)fate.Outcome!);
        _fates.Put((call, by, fate));
    }

    private void SendAway(MemberId target, List<KvCall> due, TimeSpan now)
    {
        var door = Context.ActorSelection(KvDoorActor.PathAt(Context.System, target));
        var (entries, questions, size) = (ImmutableArray.CreateBuilder<Item>(), ImmutableArray.CreateBuilder<Item>(), 0L);
        foreach (var call in due)
        {
            if (call.Bytes.IsEmpty) call.Bytes = call.Question is { } question ? KvWire.Encode(question) : KvWire.Encode(OnceOf(call));
            call.Due = now + _settings.PatienceAt(call.Sendings);
            if (size > 0 && size + call.Bytes.Length > _settings.BatchBytes) Post();
            (call.Question is null ? entries : questions).Add(new Item(call.Number, call.Bytes));
            size += call.Bytes.Length;
        }
        Post();

        void Post()
        {
            door.Tell(new Requests(entries.DrainToImmutable(), questions.DrainToImmutable()));
            size = 0;
        }
    }

    private Once OnceOf(KvCall call) => new(new OpId(_session, call.Number), _entries.Floor, call.Entry!);

    private void Hear()
    {
        foreach (var (call, by, fate) in _fates.Take())
        {
            if (fate.Kind == KvFateKind.Done) End(call);
            else Again(call, by, fate.Kind == KvFateKind.Refused, fate.Leader);
            if (fate.Kind == KvFateKind.Done) _route = _route.Answered(by);
        }
        if (_waiting.Count > 0) FlushSoon();
    }

    private void Hear(Answers answers)
    {
        var by = new MemberId($"{Sender.Path.Address.Host}:{Sender.Path.Address.Port}");
        foreach (var fate in answers.Entries) Hear(_entries.Find(fate.Number), by, fate);
        foreach (var fate in answers.Questions) Hear(_questions.GetValueOrDefault(fate.Number), by, fate);
        if (_waiting.Count > 0) FlushSoon();
    }

    private void Hear(KvCall? call, MemberId by, Fate fate)
    {
        if (call is null) return;
        if (fate.Kind != FateKind.Done)
        {
            Again(call, by, fate.Kind == FateKind.Refused, fate.Leader.Length == 0 ? null : new MemberId(fate.Leader));
            return;
        }
        call.Answer(KvWire.DecodeAnswer(fate.Answer));
        End(call);
        _route = _route.Answered(by);
    }

    /// <summary>Not answered: sent again, at once if it is known where to.</summary>
    private void Again(KvCall call, MemberId by, bool isRefused, MemberId? leader)
    {
        var atOnce = false;
        if (isRefused) (_route, atOnce) = _route.Refused(by, leader);
        call.Asked = null;
        call.Due = atOnce ? TimeSpan.Zero : Now + _settings.Pause;
        if (!atOnce) return;
        _isDue = true;
        FlushSoon();
    }

    /// <summary>Once, however often its answer comes.</summary>
    private void Count(KvCall call)
    {
        if (call.Begun is not { } begun) return;
        call.Begun = null;
        var now = Now;
        _figures.Ended(now - begun, now);
    }

    private void End(KvCall call)
    {
        Count(call);
        if (call.Question is null) _entries.Remove(call.Number);
        else _questions.Remove(call.Number);
    }

    /// <summary>Gives up whose time is up, and sends again what is due: what was sent away and not answered in time makes its member suspect.</summary>
    private void Look()
    {
        var now = Now;
        foreach (var call in Open().Where(c => c.Deadline <= now).ToList())
        {
            call.Answer(new KvClient.Unknown("the group has not answered in time"));
            End(call);
        }
        for (var left = _waiting.Count; left > 0; left--)
        {
            var call = _waiting.Dequeue();
            if (call.Deadline > now) _waiting.Enqueue(call);
            else
            {
                call.Answer(new Refused(Errno.TryAgain, "the group has not answered in time"));
                Count(call);
            }
        }
        if (_route.Target is { } target && target != _own?.Id && Open().Any(c => c.Asked == target && c.Due > TimeSpan.Zero && c.Due <= now))
            _route = _route.Silent(target);
        _isDue = true;
        Send();
    }

    /// <summary>What was sent away to whoever led before, or was guessed to, may be lost with it, so it is sent again: twice does no harm.</summary>
    private void Follow(RaftNodeProtocol.LeadershipChanged change)
    {
        var before = _route.Sure;
        _route = _route.Said(change.Leader);
        if (_route.Sure is { } leader && leader != before) SendAgain(Open().Where(c => c.Due < TimeSpan.MaxValue));
    }

    private void SendAgain(IEnumerable<KvCall> calls)
    {
        foreach (var call in calls) call.Due = TimeSpan.Zero;
        _isDue = true;
        FlushSoon();
    }

    /// <summary>The member beside it has ended, and answers nothing more.</summary>
    private void Lose()
    {
        (_own, _route) = (null, _route with { Own = null });
        SendAgain(Open());
    }

    private void Know(Serve m)
    {
        _own = m is { Own: { } id, Member: { } member } ? (id, member) : null;
        _route = LeaderRoute.None with { Own = _own?.Id, Members = m.Own is { } own ? [own, .. m.Members.Where(other => other != own)] : m.Members };
        if (_own is { } here)
        {
            Context.Watch(here.Member);
            here.Member.Tell(new RaftNodeProtocol.FollowLeadership());
        }
        SendAgain(Open());
    }

    private sealed class Flush
    {
        public static readonly Flush Instance = new();
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Fates have come in.</summary>
    private sealed class Told
    {
        public static readonly Told Instance = new();
    }
}
