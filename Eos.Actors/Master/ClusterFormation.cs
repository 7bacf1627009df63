using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Eos.Journal;
using Eos.Kernel;
using static Eos.Kv.SystemProtocol;

namespace Eos.Master;

/// <summary>
/// Takes a node into the cluster: begins its session, then does what <see cref="FormationRules"/> say. Path: `/user/formation`. One request of its own is under way
/// at a time.
/// </summary>
public sealed class ClusterFormation : ReceiveActor, IWithTimers
{
    public const string Name = "formation";
    private const string SeedLease = "cluster-seed";

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly KvGroup _group = KvGroup.Get(Context.System);
    private readonly Enrolment _self;
    private readonly FormationSettings _settings;
    private readonly Action _formed;
    private readonly ClusterLook _look;
    private FormationState _state = FormationState.Start;
    private Contacts _contacts = Contacts.None;
    private ImmutableArray<string> _awaited = [];

    /// <param name="name">Of the node, for people.</param>
    /// <param name="formed">Called once, when the node is a member that others count.</param>
    public ClusterFormation(string name, FormationSettings settings, Action formed)
    {
        (_settings, _formed, _look) = (settings, formed, new ClusterLook(_group.Client));
        _self = new Enrolment(Incarnation.Of(_cluster.SelfUniqueAddress), 0, string.Join(',', _cluster.SelfRoles.Order(StringComparer.Ordinal)), name);

        Receive<Begun>(_ => LookNow());
        Receive<LookTick>(_ => LookNow());
        Receive<Seen>(seen => Hear(seen.Picture));
        Receive<ActorIdentity>(x => _contacts = _contacts.Hear((string)x.MessageId));
        Receive<FormationInput>(Take);
        Receive<NodeSessionLost>(lost => End(lost.Why));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(string name, FormationSettings settings, Action formed) => Akka.Actor.Props.Create(() => new ClusterFormation(name, settings, formed));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(NodeSessionLost));
        _group.Session.Begun.PipeTo(Self, success: _ => new Begun());
        Farewell(Context.System, _group);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>A node that ends in good order gives its session back when everything else has ended: the next one at its place need not wait.</summary>
    private static void Farewell(ActorSystem system, KvGroup group) => CoordinatedShutdown.Get(system).AddTask(
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "give the node session back", async () =>
        {
            if (group.Session is { Holds: true, Begun.IsCompletedSuccessfully: true } session)
                await group.Client.DoAsync(new ReleaseLease(session.LeaseName, (await session.Begun.ConfigureAwait(false)).Token), TimeSpan.FromSeconds(1)).ConfigureAwait(false);
            return Akka.Done.Instance;
        });

    private TimeSpan Now => BootClock.Instance.Now - Instant.Epoch;

    private void LookNow() => _look.TakeAsync(_settings.Patience).PipeTo(Self, success: picture => new Seen(picture));

    private void Hear(ClusterPicture? picture)
    {
        if (picture is null)
        {
            LookSoon();
            return;
        }
        foreach (var row in picture.Sessions)
            if (Incarnation.Parse(row.Holder) is { } other && FormationRules.IsFormer(other, _self.Node)) _group.Client.Do(new ReleaseLease(row.Name, row.Token), _settings.Patience, _ => { });
        var (members, roll) = (_cluster.State.Members, picture.Roll);
        var living = picture.Living.Except(picture.Living.Where(other => FormationRules.IsFormer(other, _self.Node)));
        Take(new FormationInput.Looked(
            roll,
            living,
            _cluster.SelfMember.Status switch
            {
                MemberStatus.Up => Admission.Up,
                _ when members.Any(m => m.UniqueAddress == _cluster.SelfUniqueAddress) => Admission.Welcomed,
                _ => Admission.None,
            },
            [.. members.Where(m => m.UniqueAddress != _cluster.SelfUniqueAddress).Select(m => Incarnation.Of(m.UniqueAddress))],
            See(roll, living),
            Incarnation.Parse(picture.Role?.Holder ?? "")));
    }

    /// <summary>What the looks up to now have shown; and the question for the next one goes out to all members, and to whoever the engine does not hear.</summary>
    private LinksSeen See(ClusterRoll roll, ImmutableHashSet<Incarnation> living)
    {
        var unreachable = _cluster.State.Unreachable.Select(m => Incarnation.Of(m.UniqueAddress)).Where(living.Contains).ToHashSet();
        var seen = new LinksSeen(
            [.. _contacts.Places.Keys.Where(place => _contacts.Answers(place, _settings.CutLooks))],
            [.. unreachable.Where(node => _contacts.IsSilent(node.Place, _settings.CutLooks))]);
        _contacts = _contacts.Ask(roll.Living(living).Select(m => m.Node).Concat(unreachable).Where(node => node != _self.Node).Select(node => node.Place).Distinct());
        foreach (var place in _contacts.Places.Keys) Context.ActorSelection($"{AddressOf(place)}/user/{Name}").Tell(new Identify(place));
        return seen;
    }

    private Address AddressOf(string place) => Address.Parse($"{_cluster.SelfAddress.Protocol}://{_cluster.SelfAddress.System}@{place}");

    private void Take(FormationInput input)
    {
        var phase = _state.Phase;
        (_state, var effects) = FormationRules.Next(_state, input, _self, Now, _settings);
        if (_state.Phase != phase) Context.GetLogger().Info("formation: {0}, cluster {1}", _state.Phase, _state.Cluster);
        var asks = false;
        foreach (var effect in effects) asks |= Perform(effect);
        if (!asks) LookSoon();
    }

    private void LookSoon()
    {
        if (_state.Phase != FormationPhase.Ended) Timers.StartSingleTimer("look", new LookTick(), _state.Phase == FormationPhase.Member ? _settings.MemberLook : _settings.Look);
    }

    /// <summary>True when an answer follows.</summary>
    private bool Perform(FormationEffect effect)
    {
        switch (effect)
        {
            case FormationEffect.Contend:
                Do(new AcquireLease(SeedLease, _self.Node.ToString(), _settings.SeedLease), answer => answer switch
                {
                    LeaseGranted granted => new FormationInput.Granted(granted.Token),
                    LeaseHeld => new FormationInput.Held(),
                    _ => new FormationInput.Unknown(),
                });
                return true;
            case FormationEffect.Write x:
                Fence? fence = x.Token is { } token ? new Fence(SeedLease, token) : null;
                Do(new SetConfiguration(x.IfVersion, x.Changes, fence), answer => answer switch
                {
                    ConfigurationSet => new FormationInput.Written(),
                    Refused => new FormationInput.NotWritten(),
                    _ => new FormationInput.Unknown(),
                });
                return true;
            case FormationEffect.GiveBack x:
                _group.Client.Do(new ReleaseLease(SeedLease, x.Token), _settings.Patience, _ => { });
                return false;
            case FormationEffect.JoinSelf:
                _cluster.Join(_cluster.SelfAddress);
                return false;
            case FormationEffect.Join x:
                _cluster.JoinSeedNodes(x.Places.Select(AddressOf).ToImmutableList());
                return false;
            case FormationEffect.Await x:
                if (!x.Places.SequenceEqual(_awaited)) Context.GetLogger().Info("formation: waits for an answer of {0}", string.Join(", ", x.Places));
                _awaited = x.Places;
                return false;
            case FormationEffect.Serve:
                _formed();
                return false;
            case FormationEffect.End x:
                End(x.Why);
                return false;
            default:
                throw new InvalidOperationException($"no hand for {effect.GetType().Name}");
        }
    }

    private void Do(Kv.KvProtocol.IEntry entry, Func<IAnswer, FormationInput> read) => _group.Client.DoAsync(entry, _settings.Patience).PipeTo(Self, success: read);

    /// <summary>As a downed node ends, since leaving would take the consent of members that it may not hear: the next incarnation begins anew.</summary>
    private void End(string why)
    {
        _state = _state with { Phase = FormationPhase.Ended };
        Context.GetLogger().Warning("this node leaves the cluster and begins anew: {0}", why);
        _cluster.Down(_cluster.SelfAddress);
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    private sealed record Begun;
    private sealed record LookTick;
    private sealed record Seen(ClusterPicture? Picture);
}
