using System.Collections.Immutable;
using Akka.Actor;
using Akka.Remote;
using Eos.Kernel;
using Eos.Raft;
using static Eos.Kv.SystemProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Journal;

/// <summary>What a node has of the replicated group: the way to it, and the session that it holds there. Journal, snapshots and leases find both here.</summary>
public sealed class KvGroup : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly IActorRef _actor;
    private readonly KvClientSettings _clientSettings;
    private readonly Lazy<NodeSession> _session;
    private ImmutableList<Func<string, string?>> _fences = [];
    private volatile KvClientActor.Serve? _served;
    private volatile string _leader = "";
    private readonly GroupFigures _figures = new();
    private readonly IClock _clock;

    public KvGroup(ExtendedActorSystem system)
    {
        _system = system;
        IClock clock = BootClock.Instance;
        _clock = clock;
        _clientSettings = KvClientSettings.From(new Settings(system.Settings.Config, "eos.journal.client"));
        _actor = system.SystemActorOf(KvClientActor.Props(_clientSettings, clock, () => _served, _figures, leader => _leader = leader?.Value ?? ""), "kv-client");
        Client = new KvClient(_actor);
        _session = new Lazy<NodeSession>(() => StartSession(clock));
    }

    public static KvGroup Get(ActorSystem system) => new KvGroupProvider().Apply(system);

    public KvClient Client { get; }

    /// <summary>The member that answered this node last, or was named to it, "host:port"; empty: not known now. For people: it may have changed.</summary>
    public string Leader => _leader;

    /// <summary>How this node's requests to the group fare.</summary>
    public GroupFigures.Reading Figures => _figures.Read(_clock.Now - Instant.Epoch);

    /// <summary>This node's session; begun with the first question for it.</summary>
    public NodeSession Session => _session.Value;

    /// <summary>Says where the group is. Until then requests wait.</summary>
    /// <param name="own">The member on this node, and its actor; null for none.</param>
    /// <param name="members">All that may be members.</param>
    public void Serve((MemberId Id, IActorRef Actor)? own, IEnumerable<MemberId> members)
    {
        if (own is { } member) _system.ActorOf(KvDoorActor.Props(member.Actor, _clientSettings), KvDoorActor.Name);
        _served = new KvClientActor.Serve(own?.Id, own?.Actor, [.. members]);
        _actor.Tell(_served, ActorRefs.NoSender);
    }

    /// <summary>Says by which lease some persistence ids are fenced; the rule gives null for all others. What no rule knows is fenced by the node's session.</summary>
    public void FenceBy(Func<string, string?> leaseOf) => ImmutableInterlocked.Update(ref _fences, (all, rule) => all.Add(rule), leaseOf);

    /// <summary>By what this node may write that id now.</summary>
    /// <param name="patience">How long to wait for the node's session to begin.</param>
    /// <exception cref="StaleWriterException">This node has not got, or has lost, the lease that fences the id.</exception>
    /// <exception cref="TimeoutException">The session has not begun in that time.</exception>
    internal async ValueTask<Fence> FenceOfAsync(string persistenceId, TimeSpan patience)
    {
        var session = await Session.Begun.WaitAsync(patience).ConfigureAwait(false);
        foreach (var rule in _fences)
            if (rule(persistenceId) is { } lease)
                return Session.FenceOf(lease) ?? throw new StaleWriterException($"{persistenceId}: this node does not hold {lease}");
        return session;
    }

    private NodeSession StartSession(IClock clock)
    {
        var config = _system.Settings.Config;
        var settings = SessionSettings.From(new Settings(config, "eos.journal.session"), new Settings(config, "eos.raft").Real("clock-drift"));
        var address = _system.Provider.DefaultAddress;
        var session = new NodeSession(address.HasGlobalScope ? $"{address.Host}:{address.Port}" : _system.Name, AddressUidExtension.Uid(_system), clock);
        _system.SystemActorOf(NodeSessionActor.Props(session, Client, settings, clock), "node-session");
        return session;
    }
}

/// <summary>Makes the <see cref="KvGroup"/> of a system.</summary>
public sealed class KvGroupProvider : ExtensionIdProvider<KvGroup>
{
    public override KvGroup CreateExtension(ExtendedActorSystem system) => new(system);
}
