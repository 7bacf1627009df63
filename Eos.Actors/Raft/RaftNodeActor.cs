using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using static Eos.Raft.RaftNodeProtocol;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>
/// The shell of a member, at `/user/qdb/&lt;group&gt;`. Everything that waits in its mailbox becomes one round of its rules: the first message sends a marker
/// behind all others, and what is gathered when that arrives is one batch of the log, one question and one message for each peer. A fault, of
/// the rules, of the files or of the state, ends the member for good: it then says why, and refuses everything.
/// </summary>
internal sealed class RaftNodeActor : ReceiveActor, IWithTimers
{
    private sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    private sealed record Beat;

    private sealed record Greet;

    /// <summary>The phase of an orderly shutdown in which members end; everything that asks them has ended by then.</summary>
    private const string EndPhase = "qdb-member-end";

    private readonly RaftNodeParts _parts;
    private readonly RaftNodeFiles _files;
    private readonly EffectRunner _runner;
    private readonly PeerTable _peers;
    private readonly MemberTraces _traces;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<IActorRef> _followers = [];
    private readonly Action<Exception> _stopped;
    private List<Func<Instant, IInput>> _came = [];
    private List<Func<Instant, IInput>> _next = [];
    private LeadershipChanged _leadership;
    private (RoleKind, Term, MemberId?) _role;
    private Instant _changed;
    private DigestWatch _digests = DigestWatch.Empty;
    private LogIndex _digestTold;
    private bool _flushing;
    private bool _closed;

    /// <param name="stopped">Told why, when the member has stopped itself.</param>
    public RaftNodeActor(RaftNodeParts parts, RaftNodeFiles files, Action<Exception> stopped)
    {
        (_parts, _files, _stopped) = (parts, files, stopped);
        _runner = new EffectRunner(files, Qdb.Limits, parts.Clock, Self, text => _log.Info("{0}: {1}", parts.Self, text));
        _traces = new MemberTraces(files.Log.Contents.Traces, files.Log.Trace);
        _peers = new PeerTable(Context, Mine, Against, Heard, text => _log.Warning("{0}: {1}", parts.Self, text));
        _leadership = Leadership();
        _changed = _runner.Now;
        _digestTold = files.Start.AppliedUpTo;
        Running();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private QdbSettings Qdb => _parts.Settings.Qdb;

    private RaftState State => _runner.State;

    public static Props Props(RaftNodeParts parts, RaftNodeFiles files, Action<Exception> stopped) =>
        Akka.Actor.Props.Create(() => new RaftNodeActor(parts, files, stopped));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("beat", new Beat(), TimeSpan.Zero, State.Settings.Heartbeat / 10);
        Timers.StartPeriodicTimer("greet", new Greet(), TimeSpan.Zero, Qdb.HandshakeInterval);
        _files.Upcalls.Attach(Self);
        _log.Info("{0}: {1}", _parts.Self, _files.Report.Opened);
        Farewell();
    }

    /// <summary>A node that ends in good order first hands the leadership over; its member serves the rest of the node until that has ended too.</summary>
    private void Farewell()
    {
        var (self, patience, shutdown) = (Self, Qdb.HandOverTimeout, CoordinatedShutdown.Get(Context.System));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, $"{Qdb.Group}: another leads", () => Ask(new RaftNodeProtocol.Retire()));
        shutdown.AddTask(EndPhase, $"{Qdb.Group}: the member ends", () => Ask(new End()));

        async Task<Akka.Done> Ask(object message)
        {
            try
            {
                if (await self.Ask<object>(message, patience).ConfigureAwait(false) is NotDone no) _log.Debug("{0}: {1}", _parts.Self, no.Why);
            }
            catch (AskTimeoutException)
            {
                // it ends as if it were killed
            }
            return Akka.Done.Instance;
        }
    }

    protected override void PostStop()
    {
        if (_closed) return;
        _runner.Close("the member is shut down");
        _files.Dispose();
    }

    private void Running()
    {
        Receive<Submit>(m =>
        {
            foreach (var s in m.Submissions) _runner.Proposals.Add(s);
            FlushSoon();
        });
        Receive<RaftNodeProtocol.Ask>(m =>
        {
            _runner.Read(m.Readings);
            FlushSoon();
        });
        Receive<IPeerMessage>(m =>
        {
            if (_peers.Sender(Sender, _runner.Now) is { } from) Gather(now => new Received(now, from, m));
        });
        Receive<Beat>(_ => Gather(now => new Tick(now)));
        Receive<Upcalls.Wake>(_ => Round());
        Receive<Flush>(_ => Round());
        Receive<Greet>(_ => GreetAll());
        Receive<Hello>(m =>
        {
            if (_peers.Hear(m, Sender, _runner.Now)) FlushSoon();
        });
        Receive<DigestTold>(m =>
        {
            if (_peers.Sender(Sender, _runner.Now) is { } from) HearDigest(from, m);
        });
        Receive<ChangeMember>(m => Request(tag => now => new ChangeMembership(now, tag, m.Change, m.Member), MemberRequests.Until.Committed));
        Receive<HandOver>(m => Request(tag => now => new Transfer(now, tag, m.To), MemberRequests.Until.Taken));
        Receive<Coup>(_ => Request(tag => now => new AttemptCoup(now, tag), MemberRequests.Until.Taken));
        Receive<RaftNodeProtocol.Retire>(_ => Request(tag => now => new RaftProtocol.Retire(now, tag), MemberRequests.Until.Succeeded));
        Receive<End>(_ => Close("the member is shut down").PipeTo(Sender, Self));
        Receive<FetchEntries>(m =>
        {
            var (asker, self) = (Sender, Self);
            _files.Log.Read(m.From, m.MaxBytes, slice => asker.Tell(new Entries(slice.Previous, slice.Batches), self));
        });
        Always("");
    }

    private void Always(string stopped)
    {
        Receive<DescribeMember>(_ => Sender.Tell(Describe(stopped)));
        Receive<FollowLeadership>(_ =>
        {
            if (_followers.Add(Sender)) Context.Watch(Sender);
            Sender.Tell(_leadership);
        });
        Receive<Terminated>(t => _followers.Remove(t.ActorRef));
    }

    /// <summary>The member has stopped itself.</summary>
    private void Stopped(string why)
    {
        Receive<Submit>(m =>
        {
            foreach (var s in m.Submissions) s.Refused(null, why);
        });
        Receive<RaftNodeProtocol.Ask>(m =>
        {
            foreach (var r in m.Readings) r.Refused(null, why);
        });
        Receive<ChangeMember>(_ => No());
        Receive<HandOver>(_ => No());
        Receive<Coup>(_ => No());
        Receive<RaftNodeProtocol.Retire>(_ => No());
        Receive<End>(_ => Sender.Tell(new Done()));
        Receive<FetchEntries>(_ => Sender.Tell(new Entries(LogPosition.Start, [])));
        Always(why);
        ReceiveAny(_ => { });

        void No() => Sender.Tell(new NotDone(null, why, Unknown: false));
    }

    private void Request(Func<ulong, Func<Instant, IInput>> input, MemberRequests.Until until)
    {
        var tag = _runner.NextTag();
        _runner.Requests.Asked(tag, Sender, until);
        Gather(input(tag));
    }

    private void Gather(Func<Instant, IInput> input)
    {
        _came.Add(input);
        FlushSoon();
    }

    private void FlushSoon()
    {
        if (_flushing) return;
        _flushing = true;
        Self.Tell(Flush.Instance);
    }

    private void Round()
    {
        _flushing = false;
        (_came, _next) = (_next, _came);
        try
        {
            _runner.Round(_next);
            CompareDigests();
            if (_files.Report.Applied(State.AppliedUpTo, _runner.Now) is { } line) _log.Info("{0}: {1}", _parts.Self, line);
            if (State.Memberships[^1] is { } newest && newest.At <= State.Committed && newest.At > LogIndex.None) _traces.Keep(newest.Membership);
        }
        catch (Exception e)
        {
            Stop(e);
            return;
        }
        finally
        {
            _next.Clear();
        }
        if (_closed) return;
        _runner.Requests.Look(State);
        _runner.Outbox.Post(Post);
        TellLeadership();
    }

    /// <summary>Whoever has been silent for long is asked for signs of life only: nothing large piles up on the way to the dead.</summary>
    private void Post(MemberId to, IPeerMessage message)
    {
        if (_peers.ActorOf(to) is not { } actor) return;
        var silent = _peers.Heard(to) is { } heard && _runner.Now - heard > State.Settings.ElectionMax * 2;
        if (silent && message is Append { Batches.IsEmpty: false } or SnapshotChunk) return;
        actor.Tell(message, Self);
    }

    private void GreetAll()
    {
        foreach (var member in State.Membership.All.Concat(Qdb.Members).Distinct())
            if (member != _parts.Self) _peers.Greet(member);
    }

    private Hello Mine(MemberId to)
    {
        var trace = new MemberTrace(_files.Log.Contents.Folder, State.Membership.Epoch, _runner.OnDisk.Term, _runner.OnDisk.Last);
        var founders = State.Memberships[^1] is { At.Value: 0, Membership: { Voters.Count: > 0 } membership } ? string.Join(',', membership.Voters) : "";
        return new Hello(
            _parts.Self, Qdb.Group, Qdb.Cluster, State.Settings.Fingerprint, PeerTable.WireVersion, founders, _parts.Card, trace, TraceOf(to), Answer: true);
    }

    /// <summary>What a member of the group must have; a leader also knows what it acknowledged since it said hello.</summary>
    private MemberTrace? TraceOf(MemberId member)
    {
        if (!State.Membership.Knows(member) || _traces.Of(member) is not { } trace) return null;
        if (State.Lead?.Peers.GetValueOrDefault(member) is not { } p || State.Log.TermAt(p.Match) is not { } term) return trace;
        var stored = new LogPosition(term, p.Match);
        return stored.CompareTo(trace.Last) > 0 ? trace with { Last = stored } : trace;
    }

    /// <summary>What an actor that was met before says may have been under way for longer than its acknowledgements.</summary>
    private string? Against(Hello hello, bool met)
    {
        if (!State.Membership.Knows(hello.Member)) return null;
        return (met ? _traces.Of(hello.Member) : TraceOf(hello.Member)) is { } before ? hello.Trace.Against(before) : null;
    }

    /// <summary>Who has no vote may have come with a new folder: it has promised nothing yet.</summary>
    private void Heard(Hello hello)
    {
        var own = Mine(hello.Member).Trace;
        if (hello.Known is { } known && own.Against(known) is { } why && (own.Folder == known.Folder || State.IsVoter))
        {
            Stop(new InvalidOperationException($"{_parts.Folder} is not what {hello.Member} knows of this member: {why}"));
            return;
        }
        if (State.Membership.Knows(hello.Member)) _traces.Learn(hello.Member, hello.Trace, State.Membership.Epoch);
    }

    private void CompareDigests()
    {
        var at = new LogIndex(State.AppliedUpTo.Value / Qdb.DigestInterval * Qdb.DigestInterval);
        if (at <= _digestTold || at == LogIndex.None) return;
        _digestTold = at;
        if (_files.Machine.DigestAt(at) is not { } digest) return;
        foreach (var member in _peers.Met) _peers.ActorOf(member)!.Tell(new DigestTold(at, digest), Self);
        HearDigest(_parts.Self, new DigestTold(at, digest));
    }

    private void HearDigest(MemberId from, DigestTold told)
    {
        if (from != _parts.Self && !State.Membership.Knows(from)) return;
        _digests = _digests.Hear(from, told.Index, told.Digest);
        switch (_digests.Judge(_parts.Self, told.Index, State.Membership.Quorum))
        {
            case DigestWatch.Verdict.Alone:
                Stop(new InvalidOperationException(
                    $"after entry {told.Index} this member's state differs from that of a majority: stop it, move its data away, remove it from the group and add it anew"));
                break;
            case DigestWatch.Verdict.Differ:
                _log.Error("{0}: after entry {1} the members' states differ, and no majority says which are right", _parts.Self, told.Index);
                break;
        }
    }

    private void Stop(Exception why)
    {
        if (_closed) return;
        _log.Error(why, "{0}: the member stops: {1}", _parts.Self, why.Message);
        _ = Close($"the member has stopped: {why.Message}");
        _stopped(why);
    }

    /// <summary>Answers all that waits and refuses what comes; the files are closed when this ends.</summary>
    private Task<Done> Close(string why)
    {
        _closed = true;
        Timers.CancelAll();
        _runner.Close(why);
        Become(() => Stopped(why));
        TellLeadership();
        return Task.Factory.StartNew(
            () =>
            {
                _files.Dispose();
                return new Done();
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private MemberStatus Describe(string stopped)
    {
        var (s, now) = (State, _parts.Clock.Now);
        return new MemberStatus(
            new MemberIdentity(_parts.Self, Qdb.Group, Qdb.Cluster, _parts.Card.Endpoints, _parts.Card.Version, _parts.Settings.Timeouts),
            new LeadershipStatus(s.Role, s.Term, _leadership.Leader, _leadership.Endpoints, _leadership.Serves, now - _changed),
            MemberStatuses.Log(s, now), s.Membership,
            new MemberHealth(_runner.Trouble, stopped, (ulong)_runner.Proposals.Count, _peers.Strangers),
            MemberStatuses.Replicas(s, now, _peers.CardOf));
    }

    private LeadershipChanged Leadership()
    {
        if (_closed) return new LeadershipChanged(State.Term, null, MemberEndpoints.None, Serves: false);
        var endpoints = State.Leader is not { } leader ? null : leader == _parts.Self ? _parts.Card.Endpoints : _peers.CardOf(leader)?.Endpoints;
        return new LeadershipChanged(State.Term, State.Leader, endpoints ?? MemberEndpoints.None, MemberStatuses.Serves(State));
    }

    private void TellLeadership()
    {
        if ((State.Role, State.Term, State.Leader) is var role && role != _role)
        {
            (_role, _changed) = (role, _runner.Now);
            _log.Info("{0}: {1} in term {2}, leader {3}", _parts.Self, State.Role, State.Term, State.Leader?.Value ?? "unknown");
        }
        var now = Leadership();
        if (now == _leadership) return;
        if (now.Serves) _log.Info("{0}: serves as leader of term {1}", _parts.Self, State.Term);
        _leadership = now;
        foreach (var follower in _followers) follower.Tell(now);
    }
}
