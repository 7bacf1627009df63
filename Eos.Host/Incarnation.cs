using System.Collections.Frozen;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Identity;
using Eos.Host.Http;
using Eos.Host.Local;
using Eos.Host.Resp;
using Eos.Journal;
using Eos.Kernel;
using Eos.Master;
using Eos.Raft;
using Eos.Views;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>Ports of a node; 0: not bound, or no such role.</summary>
public sealed record NodePorts(int Remoting, int Mgm, int Fst, int Redis);

/// <summary>
/// One life of a node's actor system, in the order in which it comes up: doors, which refuse; the member of the group; the session and the cluster; keys, directories and
/// gateway; the filesystems. It ends with the actor system.
/// </summary>
internal sealed class Incarnation(ActorSystem system, HostOptions options, HostSettings settings, DataFolder folder, Action changed)
{
    private const string Down = "down", Trouble = "trouble", WaitingForGroup = "waiting-for-group";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), Watch = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(5);
    private readonly Cluster _cluster = Cluster.Get(system);
    private readonly KvGroup _group = KvGroup.Get(system);
    private readonly ImmutableHashSet<string> _roles = [.. options.Roles];
    private readonly CancellationTokenSource _ended = new();
    private readonly object _becoming = new();
    private RespDoor? _redis;
    private HttpDoors? _doors;
    private volatile SocketDoor? _socket;
    private volatile FrozenDictionary<FsId, EosFilesystem> _filesystems = FrozenDictionary<FsId, EosFilesystem>.Empty;
    private volatile EosClient? _client;
    private volatile CapabilityKeys? _keys;
    private volatile RaftNodeProtocol.MemberStatus? _member;
    private string _step = "starting";
    private volatile bool _isServing;
    private volatile Func<bool>? _isMaster;

    public NodePorts Ports { get; private set; } = new(0, 0, 0, 0);

    /// <summary>`up` while it serves; else what it waits for.</summary>
    public string State { get; private set; } = "starting";

    /// <summary>Returns when the node serves; closes the doors when the actor system has ended.</summary>
    public async Task BringUpAsync()
    {
        _ = system.WhenTerminated.ContinueWith(_ => _ended.CancelAsync(), TaskScheduler.Default).Unwrap();
        try
        {
            await OpenDoorsAsync();
            var group = await StartMemberAsync();
            _ = WatchAsync(group.Member);
            await FormAsync();
            await KeysAsync();
            var eos = EosNode.Start(system, _roles, () => Keys.Current, null, group, options.Name);
            if (eos.Gateway is { } gateway)
            {
                _isMaster = eos.IsMaster;
                _client = EosNode.Connect(system, eos, GatewayProtocol.Claim.Nobody with { App = "http", Door = "http" }, Http.GatewayTimeout);
                _socket = SocketDoor.Open(system, gateway, SocketSettings.From(new Settings(system.Settings.Config, "eos.socket")), folder.Socket, () => SignedTicket.KeyOf(Keys.Current), SystemClock.Instance);
            }
            if (_roles.Contains(EosNode.Fst)) _filesystems = StartFilesystems(eos);
            await ServingAsync(eos);
            _isServing = true;
            Become(Standing);
            _ = KeepKeysAsync();
        }
        catch (Exception e) when (_ended.IsCancellationRequested || CoordinatedShutdown.Get(system).ShutdownReason is not null)
        {
            system.Log.Info("this incarnation ends while it comes up: {0}", e.Message);
        }
    }

    public async Task CloseAsync()
    {
        Become(Down);
        if (_socket is not null) await _socket.DisposeAsync();
        if (_doors is not null) await _doors.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    public Health Health()
    {
        List<KeyValuePair<string, string>> parts = [new("cluster", _cluster.SelfMember.Status.ToString().ToLowerInvariant()), new("session", _group.Session.Holds ? "holds" : "does not hold")];
        if (_member is { } member)
        {
            var (leader, health) = (member.Leadership.Leader, member.Health);
            parts.Add(new("qdb", health.Stopped.Length > 0 ? $"stopped: {health.Stopped}" : health.Trouble.Length > 0 ? health.Trouble : member.Membership.Voters.IsEmpty ? "waits to be added" : leader is null ? "no leader" : $"{member.Leadership.Role}, leader {leader}".ToLowerInvariant()));
        }
        if (_isMaster is { } isMaster) parts.Add(new("master", isMaster() ? "here" : "elsewhere"));
        parts.AddRange(_filesystems.Keys.Order().Select(id => KeyValuePair.Create($"filesystem {id}", _isServing ? "booted" : "booting")));
        return new Health(options.Name, options.Roles, State, parts);
    }

    private HttpSettings Http => HttpSettings.From(new Settings(system.Settings.Config, "eos.http"));

    private CapabilityKeys Keys => _keys ?? throw new EosException(Errno.TryAgain, "the node is starting");

    private EosClient Client => _client ?? throw new EosException(Errno.TryAgain, "the node is starting");

    private async Task OpenDoorsAsync()
    {
        if (_roles.Contains(EosNode.Qdb)) _redis = await RespDoor.OpenAsync(system);
        var data = _roles.Contains(EosNode.Fst)
            ? new DataParts(id => _filesystems.GetValueOrDefault(id)?.Gate, () => Keys, SystemClock.Instance)
            : null;
        _doors = await HttpDoors.StartAsync(Http, _roles.Contains(EosNode.Mgm) ? () => Client : null, data, Health, null, CancellationToken.None, () => SignedTicket.KeyOf(Keys.Current));
        if (_doors.TlsPort != 0) system.Log.Info("the namespace is served by HTTPS at port {0}", _doors.TlsPort);
        Ports = new NodePorts(_cluster.SelfAddress.Port ?? 0, _doors.MgmPort, _doors.FstPort, _redis?.Port ?? 0);
        Reach(WaitingForGroup);
    }

    private async Task<EosGroup> StartMemberAsync()
    {
        var members = QdbSettings.From(new Settings(system.Settings.Config, "eos.qdb")).Members;
        if (!_roles.Contains(EosNode.Qdb))
        {
            _group.Serve(null, members);
            return new EosGroup(ActorRefs.Nobody, [.. members.Select(m => m.Value)]);
        }
        var card = new RaftNodeProtocol.PeerCard(new RaftNodeProtocol.MemberEndpoints(Place(Ports.Redis), Place(Ports.Mgm)), NodeVersion.Server);
        var started = await QdbMember.StartAsync(system, folder.Qdb, card, why => system.Log.Error(why, "the member of the group has stopped itself"));
        _redis!.Serve(started.Member, started.Machine, started.Folder);
        return new EosGroup(started.Member, started.Members) { Compact = started.Compact };

        string Place(int port) => port == 0 ? "" : $"{settings.Host}:{port}";
    }

    private async Task FormAsync()
    {
        var formed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(ClusterFormation.Props(options.Name, FormationSettings.From(new Settings(system.Settings.Config, "eos.formation")), () => formed.TrySetResult()), ClusterFormation.Name);
        await formed.Task.WaitAsync(_ended.Token);
        Reach("starting");
    }

    private async Task KeysAsync()
    {
        while (_keys is null)
        {
            _ended.Token.ThrowIfCancellationRequested();
            _keys = await new CapabilityKeyBook(_group.Client).LoadAsync(Patience);
        }
    }

    private async Task KeepKeysAsync()
    {
        using var timer = new PeriodicTimer(settings.KeysInterval);
        while (!_ended.IsCancellationRequested && await timer.WaitForNextTickAsync())
            if (await new CapabilityKeyBook(_group.Client).LoadAsync(Patience) is { } keys) _keys = keys;
    }

    private FrozenDictionary<FsId, EosFilesystem> StartFilesystems(EosHandles eos)
    {
        var count = FilesystemSettings.From(new Settings(system.Settings.Config, "eos.fst")).Filesystems;
        return settings.FilesystemsOf(options.Name, count).ToFrozenDictionary(id => new FsId(id), id => StartFilesystem(eos, id));
    }

    private EosFilesystem StartFilesystem(EosHandles eos, uint id)
    {
        var path = folder.Filesystem(id);
        Directory.CreateDirectory(path);
        var disk = new FolderDisk(path);
        var identity = new FstProtocol.FsIdentity(
            new FsId(id), disk.ReadLabel().Uuid ?? Guid.NewGuid().ToString("d"), settings.Host, Ports.Fst, path, settings.Space, $"{settings.Space}.{settings.Group}", settings.Geotag);
        return EosNode.StartFilesystem(system, eos, identity, FstProtocol.ConfigStatus.ReadWrite, disk);
    }

    /// <summary>The namespace answers through this node, its filesystems are known, and its view has heard of as many of each other member, or waited long enough for them.</summary>
    private async Task ServingAsync(EosHandles eos)
    {
        if (eos.Gateway is null) return;
        using var timer = new PeriodicTimer(Look);
        await using var root = EosNode.Connect(system, eos, new GatewayProtocol.Claim(0, 0, "root", "localhost", "host"));
        await root.StatAsync($"/eos/{system.Settings.Config.GetString("eos.instance")}", _ended.Token);
        var (begun, reports) = (SystemClock.Instance.Now, FilesystemSettings.From(new Settings(system.Settings.Config, "eos.fst")).ReportInterval);
        while (_filesystems.Count > 0)
        {
            var rows = (await root.FilesystemsAsync(_ended.Token)).Rows;
            var own = rows.Where(r => _filesystems.ContainsKey(r.Report.Identity.Id)).ToList();
            var others = _cluster.State.Members.Count(m => m.Status == MemberStatus.Up && m.HasRole(EosNode.Fst) && m.UniqueAddress != _cluster.SelfUniqueAddress);
            var isHeard = rows.Length >= (others + 1) * _filesystems.Count || SystemClock.Instance.Now - begun > 2 * reports;
            if (isHeard && own.Count == _filesystems.Count && own.All(r => r.Active == Activity.Online || r.Report.Health.Boot is FstProtocol.BootStatus.BootFailure)) return;
            await timer.WaitForNextTickAsync(_ended.Token);
        }
    }

    /// <summary>Looks at session and member, also while the node comes up: without space it may never be up.</summary>
    private async Task WatchAsync(IActorRef member)
    {
        using var timer = new PeriodicTimer(Watch);
        do
        {
            try
            {
                if (_redis is not null) _member = await member.Ask<RaftNodeProtocol.MemberStatus>(new RaftNodeProtocol.DescribeMember(), Patience);
            }
            catch (AskTimeoutException)
            {
                // it is busy, or ending
            }
            if (_ended.IsCancellationRequested) return;
            if (_isServing || HasTrouble || State == Trouble) Become(Standing);
        }
        while (await timer.WaitForNextTickAsync());
    }

    private bool HasTrouble => _member?.Health is { } health && health.Trouble.Length + health.Stopped.Length > 0;

    /// <summary>A node whose session does not hold answers for no directory; one whose member's disk refuses, or that has stopped, needs help, which is more to say.</summary>
    private string Standing => HasTrouble ? Trouble : !_isServing ? _step : _group.Session.Holds ? "up" : WaitingForGroup;

    private void Reach(string step)
    {
        _step = step;
        Become(Standing);
    }

    /// <summary>Whoever ends it and whoever watches it say so on different threads; after the end nothing else is said.</summary>
    private void Become(string state)
    {
        lock (_becoming)
        {
            if (state == State || State == Down) return;
            State = state;
            changed();
        }
    }
}
