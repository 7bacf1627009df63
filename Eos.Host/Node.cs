using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Event;
using Eos.Client;
using Eos.Fst;
using Eos.Gateway;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Views;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>One node: starts incarnations of its actor system with the HTTP ports around them, and says how it is.</summary>
public sealed class Node(HostOptions options, DataFolder folder)
{
    private readonly Config _config = NodeConfig.Of(options, folder);
    private readonly HostSettings _settings = HostSettings.From(new Settings(NodeConfig.Of(options, folder), "eos.node"));
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _closing = Task.CompletedTask;
    private volatile Incarnation? _current;
    private (int Remoting, int Mgm, int Fst) _ports;

    /// <summary>What runs within one incarnation; ports are 0 until they are bound.</summary>
    private sealed record Incarnation(ActorSystem System, string State, int Remoting, int Mgm, int Fst, EosFilesystem? Filesystem);

    /// <summary>Fails when the first incarnation could not come up.</summary>
    public Task Failed => _failed.Task;

    public TimeSpan RestartPause => _settings.RestartPause;

    /// <summary>Starts the next incarnation; it goes on coming up after this returns.</summary>
    public ActorSystem Start()
    {
        var system = ActorSystem.Create("eos", Pinned().WithFallback(_config));
        _current = new Incarnation(system, "starting", 0, 0, 0, null);
        _ = BringUpAsync(system);
        return system;
    }

    /// <summary>The ports of the incarnation before: others know this node by them.</summary>
    private Config Pinned() => _ports.Remoting == 0 ? Config.Empty : ConfigurationFactory.ParseString(
        $$"""
        akka.remote.dot-netty.tcp.port = {{_ports.Remoting}}
        eos.http.mgm-port = {{_ports.Mgm}}
        eos.http.fst-port = {{_ports.Fst}}
        """);

    private async Task BringUpAsync(ActorSystem system)
    {
        try
        {
            await _closing;
            var cluster = Cluster.Get(system);
            Join(cluster);
            var doors = await OpenAsync(system, cluster);
            _closing = CloseAsync(system, doors);
        }
        catch (Exception e)
        {
            system.Log.Error(e, "the node did not come up");
            _failed.TrySetException(e);
            await system.Terminate();
        }
    }

    private async Task<HttpDoors> OpenAsync(ActorSystem system, Cluster cluster)
    {
        var roles = options.Roles.ToImmutableHashSet();
        var keys = CapabilityKeyFile.LoadOrCreate(folder.CapabilityKeys(_settings));
        var eos = EosNode.Start(system, roles, () => keys.Current);
        EosFilesystem? filesystem = null;
        var http = HttpSettings.From(new Settings(system.Settings.Config, "eos.http"));
        var client = eos.Gateway is null ? null : EosNode.Connect(system, eos, GatewayProtocol.Claim.Nobody with { App = "http" }, http.GatewayTimeout);
        var data = roles.Contains(EosNode.Fst)
            ? new DataParts(id => filesystem?.Gate is { } gate && gate.Id == id ? gate : null, () => keys, SystemClock.Instance)
            : null;
        var doors = await HttpDoors.StartAsync(http, client, data, () => Health(cluster), null, CancellationToken.None);
        _ports = (cluster.SelfAddress.Port ?? 0, doors.MgmPort, doors.FstPort);
        if (data is not null) filesystem = StartFilesystem(system, eos, doors.FstPort);
        Become(new Incarnation(system, "starting", _ports.Remoting, doors.MgmPort, doors.FstPort, filesystem));
        await ServingAsync(system, cluster, eos, filesystem);
        Become(_current! with { State = "up" });
        return doors;
    }

    private EosFilesystem StartFilesystem(ActorSystem system, EosHandles eos, int port)
    {
        var id = _settings.FilesystemOf(options.Name);
        var path = folder.Filesystem(id);
        Directory.CreateDirectory(path);
        var disk = new FolderDisk(path);
        var identity = new FstProtocol.FsIdentity(
            new FsId(id), disk.ReadLabel().Uuid ?? Guid.NewGuid().ToString("d"), _settings.Host, port, path, _settings.Space, $"{_settings.Space}.{_settings.Group}", _settings.Geotag);
        return EosNode.StartFilesystem(system, eos, identity, FstProtocol.ConfigStatus.ReadWrite, disk);
    }

    /// <summary>Joins the nodes that were asked for or seen last; the first of them in order founds the cluster if none answers.</summary>
    private void Join(Cluster cluster)
    {
        cluster.RegisterOnMemberUp(() => cluster.System.ActorOf(Props.Create(() => new MembersKeeper(folder)), "members"));
        var self = cluster.SelfAddress;
        var known = options.Seeds.Count > 0 ? options.Seeds : folder.Members();
        var others = known.Select(k => Address.Parse($"{self.Protocol}://{self.System}@{k}")).Where(a => a != self).ToList();
        if (others.Count == 0) cluster.Join(self);
        else cluster.JoinSeedNodes(options.Seeds.Count > 0 ? others : others.Append(self).Order(Address.Comparer));
    }

    private async Task ServingAsync(ActorSystem system, Cluster cluster, EosHandles eos, EosFilesystem? filesystem)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (cluster.SelfMember.Status != MemberStatus.Up && !system.WhenTerminated.IsCompleted) await timer.WaitForNextTickAsync();
        if (eos.Gateway is null) return;
        await using var root = EosNode.Connect(system, eos, new GatewayProtocol.Claim(0, 0, "root", "localhost", "host"));
        await root.StatAsync($"/eos/{system.Settings.Config.GetString("eos.instance")}");
        while (filesystem is not null && !system.WhenTerminated.IsCompleted)
        {
            var row = (await root.FilesystemsAsync()).Rows.FirstOrDefault(r => r.Report.Identity.Id == filesystem.Gate.Id);
            if (row is { Active: Activity.Online } || row?.Report.Health.Boot is FstProtocol.BootStatus.BootFailure) return;
            await timer.WaitForNextTickAsync();
        }
    }

    private async Task CloseAsync(ActorSystem system, HttpDoors doors)
    {
        await system.WhenTerminated;
        Become(_current! with { State = "down" });
        await doors.DisposeAsync();
    }

    private void Become(Incarnation next)
    {
        _current = next;
        var host = _settings.Host;
        folder.WriteStatus(
            $"{options.Name} roles={string.Join(',', options.Roles)} state={next.State} remoting={host}:{next.Remoting} " +
            $"http={Place(next.Mgm)} fst={Place(next.Fst)} redis=-");

        string Place(int port) => port == 0 ? "-" : $"{host}:{port}";
    }

    private Health Health(Cluster cluster)
    {
        var now = _current!;
        List<KeyValuePair<string, string>> parts = [new("cluster", cluster.SelfMember.Status.ToString().ToLowerInvariant())];
        if (now.Filesystem is { } filesystem) parts.Add(new($"filesystem {filesystem.Gate.Id}", now.State == "up" ? "booted" : "booting"));
        return new Health(options.Name, options.Roles, now.State, parts);
    }
}

/// <summary>Keeps the other members of the cluster in the data folder, so that a node that comes back knows whom to join. Not the node itself: its port may be another then.</summary>
internal sealed class MembersKeeper : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    public MembersKeeper(DataFolder folder) => Receive<ClusterEvent.IMemberEvent>(_ =>
        folder.WriteMembers(_cluster.State.Members.Where(m => m.Address != _cluster.SelfAddress).Select(m => $"{m.Address.Host}:{m.Address.Port}").Order(StringComparer.Ordinal)));

    protected override void PreStart() =>
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent));

    protected override void PostStop() => _cluster.Unsubscribe(Self);
}
