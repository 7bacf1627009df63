using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Journal;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.SystemProtocol;
using static Eos.Master.MasterProtocol;
using Done = Eos.Master.MasterProtocol.Done;

namespace Eos.Master;

/// <summary>What a master actor is given by its node.</summary>
/// <param name="Role">Members with this role of the cluster may have the master's.</param>
/// <param name="Member">The member of the group on this node; nobody if there is none.</param>
/// <param name="Members">The members of the group that are known at first, "host:port" each.</param>
public sealed record MasterParts(
    string Role, KvGroup Group, Incarnation Self, MasterSettings Settings, IReadOnlyList<Service> Services, IActorRef Member, ImmutableArray<string> Members, IClock Date);

/// <summary>Has the master role, waits for it, or gives it up, as <see cref="MasterRules"/> say; carries out what administrators want of it. Path: `/user/master`.</summary>
public sealed class MasterActor : ReceiveActor, IWithTimers
{
    private readonly MasterParts _parts;
    private readonly ClusterLook _look;
    private readonly HashSet<IActorRef> _followers = [];
    private readonly List<(string Place, bool WasThere, IActorRef Asker, TimeSpan Until)> _moves = [];
    private MasterState _state = MasterState.Start;
    private ClusterPicture? _picture;
    private Standing _standing = Standing.Unknown;
    private string _qdbLeader = "";
    private ImmutableArray<string> _qdbMembers;
    private IActorRef? _services;
    private readonly List<IActorRef> _leaving = [];
    private bool _isLooking;
    private bool _isGivingBack;

    public MasterActor(MasterParts parts)
    {
        (_parts, _look, _qdbMembers) = (parts, new ClusterLook(parts.Group.Client), parts.Members);
        Receive<Tick>(_ => OnTick());
        Receive<Seen>(seen => Hear(seen.Picture));
        Receive<MasterInput>(Take);
        Receive<NodeSessionLost>(_ => Take(new MasterInput.SessionLost()));
        Receive<Terminated>(t => t.ActorRef.Equals(_services), _ =>
        {
            _services = null;
            Take(new MasterInput.ServicesStopped());
        });
        Receive<Terminated>(t => _followers.Remove(t.ActorRef));
        Receive<RaftNodeProtocol.LeadershipChanged>(x =>
        {
            _qdbLeader = x.Leader?.Value ?? "";
            Tell();
        });
        Receive<RaftNodeProtocol.MemberStatus>(x => _qdbMembers = [.. x.Membership.All.Select(m => m.Value)]);
        Receive<Follow>(_ =>
        {
            if (_followers.Add(Sender)) Context.Watch(Sender);
            Sender.Tell(_standing);
        });
        Receive<Move>(MoveTo);
        Receive<Leave>(_ =>
        {
            _leaving.Add(Sender);
            Take(new MasterInput.Leave());
        });
        Receive<GivenBack>(_ =>
        {
            _isGivingBack = false;
            EndLeaving();
        });
        Receive<SetFailover>(x => Write(MasterBook.LetFailover(x.On), Sender));
        Receive<ClearLog>(_ => Write(MasterBook.ClearLog(Values), Sender));
        Receive<ReadLog>(_ => _parts.Group.Client.LookAsync(new ReadConfiguration("master.", null), _parts.Settings.MoveTimeout)
            .PipeTo(Sender, success: answer => answer is ConfigurationRead { Values: { } values } ? (IReply)new Log(MasterBook.Log(values)) : NoAnswer));
    }

    private static NotDone NoAnswer => new(Errno.TryAgain, "the group does not answer");

    public ITimerScheduler Timers { get; set; } = null!;

    private ImmutableSortedDictionary<string, string> Values => _picture?.Values ?? ImmutableSortedDictionary<string, string>.Empty;

    private TimeSpan Now => BootClock.Instance.Now - Instant.Epoch;

    public static Props Props(MasterParts parts) => Akka.Actor.Props.Create(() => new MasterActor(parts));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer("tick", new Tick(), _parts.Settings.Retry);
        _parts.Member.Tell(new RaftNodeProtocol.FollowLeadership());
        Context.System.EventStream.Subscribe(Self, typeof(NodeSessionLost));
        OnTick();
        Farewell();
    }

    /// <summary>A node that ends in good order gives the role up first: the next master need not wait until the lease is over.</summary>
    private void Farewell()
    {
        var (self, patience) = (Self, _parts.Settings.LeaveTimeout);
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "give the master role back", async () =>
        {
            try
            {
                await self.Ask<Done>(new Leave(), patience).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                // the lease ends by itself
            }
            return Akka.Done.Instance;
        });
    }

    private void EndLeaving()
    {
        if (_state.Phase != MasterPhase.Standby || _isGivingBack) return;
        _leaving.ForEach(asker => asker.Tell(new Done()));
        _leaving.Clear();
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void OnTick()
    {
        Take(new MasterInput.Tick());
        if (_isLooking) return;
        _isLooking = true;
        _parts.Member.Tell(new RaftNodeProtocol.DescribeMember());
        _look.TakeAsync(_parts.Settings.Lease).PipeTo(Self, success: picture => new Seen(picture));
    }

    private void Hear(ClusterPicture? picture)
    {
        _isLooking = false;
        if (picture is null) return;
        if (_picture is null) Write(MasterBook.Entry(picture.Values, _parts.Self.Place, _parts.Date.Now, "boots", _parts.Settings.LogLines), null);
        _picture = picture;
        if (picture.Role is { } role && Incarnation.Parse(role.Holder) is { } holder && FormationRules.IsFormer(holder, _parts.Self))
            _parts.Group.Client.Do(new ReleaseLease(LeaseName, role.Token), _parts.Settings.Lease, _ => { });
        Tell();
        Take(new MasterInput.Looked(_standing.Master, MasterBook.Wishes(picture.Values), Candidates.Keys.ToImmutableSortedSet()));
        EndMoves();
    }

    /// <summary>Places of the living members that may have the role, and their names.</summary>
    private ImmutableSortedDictionary<string, string> Candidates => _picture is null
        ? ImmutableSortedDictionary<string, string>.Empty
        : _picture.Roll.Living(_picture.Living).Where(m => m.Has(_parts.Role)).ToImmutableSortedDictionary(m => m.Node.Place, m => m.Name);

    private void Take(MasterInput input)
    {
        (_state, var effects) = MasterRules.Next(_state, input, _parts.Self.Place, Now, _parts.Settings);
        foreach (var effect in effects) Perform(effect);
        EndLeaving();
    }

    private void Perform(MasterEffect effect)
    {
        var log = Context.GetLogger();
        switch (effect)
        {
            case MasterEffect.Acquire: Ask(new AcquireRole(LeaseName, _parts.Self.ToString(), _parts.Settings.Lease, NodeSession.Prefix)); break;
            case MasterEffect.Renew x: Ask(new RenewLease(LeaseName, x.Token, _parts.Settings.Lease)); break;
            case MasterEffect.GiveBack x: GiveBack(x.Token); break;
            case MasterEffect.StartServices x:
                _services = Context.Watch(Context.ActorOf(MasterServices.Props(_parts.Services, x.Token), $"services-{x.Token}"));
                break;
            case MasterEffect.StopServices: Context.Stop(_services!); break;
            case MasterEffect.Record x:
                log.Info("master: this node {0}", x.Text);
                Write(MasterBook.Entry(Values, _parts.Self.Place, _parts.Date.Now, x.Text, _parts.Settings.LogLines), null);
                break;
            case MasterEffect.Settle:
                _parts.Group.Client.Do(new SetConfiguration(_picture!.Version, MasterBook.Settle(_parts.Self.Place), new Fence(LeaseName, _state.Token)), _parts.Settings.Lease, _ => { });
                break;
            default: throw new InvalidOperationException($"no hand for {effect.GetType().Name}");
        }
    }

    private void GiveBack(ulong token)
    {
        var self = Self;
        _isGivingBack = true;
        _parts.Group.Client.Do(new ReleaseLease(LeaseName, token), _parts.Settings.Lease, _ => self.Tell(new GivenBack()));
    }

    private void Ask(Kv.KvProtocol.IEntry entry)
    {
        var sent = Now;
        _parts.Group.Client.DoAsync(entry, _parts.Settings.Lease).PipeTo(Self, success: answer => answer switch
        {
            LeaseGranted granted => new MasterInput.Granted(granted.Token, sent),
            KvClient.Unknown => new MasterInput.Tick(),
            _ => (MasterInput)new MasterInput.NotGranted(),
        });
    }

    private void MoveTo(Move x)
    {
        var found = Candidates.Where(c => c.Key == x.Node || c.Value == x.Node).Select(c => c.Key).ToList();
        if (found.Count != 1)
        {
            Sender.Tell(new NotDone(Errno.Invalid, $"{x.Node} is none of the nodes that can be master: {string.Join(", ", Candidates.Select(c => $"{c.Value} ({c.Key})"))}"));
            return;
        }
        var (asker, place, self) = (Sender, found[0], Self);
        _moves.Add((place, _standing.Master == place, asker, Now + _parts.Settings.MoveTimeout));
        _parts.Group.Client.Do(new SetConfiguration(null, MasterBook.Want(place), null), _parts.Settings.MoveTimeout, _ => self.Tell(new Tick()));
    }

    /// <summary>Whoever waits for a node to have the role is told when it has it, or when the time is up.</summary>
    private void EndMoves()
    {
        foreach (var move in _moves.Where(m => m.Place == _standing.Master || m.Until <= Now).ToList())
        {
            _moves.Remove(move);
            move.Asker.Tell(move.Place == _standing.Master
                ? (IReply)new Moved(move.WasThere)
                : new NotDone(Errno.TimedOut, $"{move.Place} has not taken the role in time; it is still wanted there"));
        }
    }

    /// <summary>Changes the configuration, and tells who asked, if anybody did.</summary>
    private void Write(ImmutableSortedDictionary<string, string?> changes, IActorRef? asker)
    {
        var done = _parts.Group.Client.DoAsync(new SetConfiguration(null, changes, null), _parts.Settings.MoveTimeout);
        if (asker is not null) done.PipeTo(asker, success: answer => answer is ConfigurationSet ? (IReply)new Done() : NoAnswer);
    }

    private void Tell()
    {
        var master = _picture?.Role is { } role && Incarnation.Parse(role.Holder) is { } holder ? holder.Place : "";
        var leader = _qdbLeader.Length > 0 ? _qdbLeader : _parts.Group.Leader;   // a member that waits to be asked into the group hears from nobody
        var next = new Standing(
            _parts.Self.Place, master, _picture?.Role?.Token ?? 0, [.. Candidates.Keys.Where(place => place != master)],
            leader, [.. _qdbMembers.Where(m => m != leader)]);
        _standing = next;
        foreach (var follower in _followers) follower.Tell(next);
    }

    private sealed record Tick;
    private sealed record GivenBack;
    private sealed record Seen(ClusterPicture? Picture);
}
