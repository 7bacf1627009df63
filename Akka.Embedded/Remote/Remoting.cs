using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;
using Akka.Serialization;

namespace Akka.Remote;

/// <summary>
/// Remoting over TCP: one connection per pair of systems, whoever opened it. This part starts, stops and finds; Remoting.Events.cs tells what
/// happens, Inbound.cs reads, Association writes.
/// </summary>
internal sealed partial class Remoting : IRemoting
{
    public static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 64 * 1024, minimumReadSize: 4 * 1024, leaveOpen: true);

    private static readonly TimeSpan UpkeepInterval = TimeSpan.FromMilliseconds(100);
    private const long ClientMemory = 60_000;
    private const int RememberedRefs = 4096;

    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly ConcurrentDictionary<string, RemoteActorRef> _refs = new();
    private readonly ConcurrentDictionary<Connection, bool> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILoggingAdapter _log;
    private readonly ClientGuard _guard;
    private readonly HashSet<Address> _own = [];
    private Socket? _listener;
    private Timer? _upkeep;
    private IActorRef? _watcher;
    private int _handshakes;
    private volatile bool _isStopping;

    public Remoting(ActorSystemImpl system)
    {
        System = system;
        Settings = new RemoteSettings(system.Settings.Config);
        Uid = AddressUidExtension.Uid(system);
        Tls = Settings.Tls is { } tls ? new Tls(tls) : null;
        Metrics = new RemoteMetrics(() => (_connections.Count, _associations.Values.Sum(a => (long)a.QueueDepth)));
        _log = Logging.GetLogger(system, "remoting");
        _guard = new ClientGuard(system.Settings.Config.GetString("akka.cluster.client.receptionist.name", "receptionist"));
        DefaultAddress = Settings.Listen ? Listen() : new Address(Protocol, system.Name, $"unlistening-{Uid:x8}", 0);
        _own.Add(DefaultAddress);
        Transport = new Information(DefaultAddress, system);
    }

    public ActorSystemImpl System { get; }

    public RemoteSettings Settings { get; }

    public int Uid { get; }

    public Tls? Tls { get; }

    public RemoteMetrics Metrics { get; }

    public Address DefaultAddress { get; }

    public Information Transport { get; }

    public CancellationToken Stopping => _stopping.Token;

    public bool IsStopping => _isStopping;

    private string Protocol => Settings.Tls is null ? "akka.tcp" : "akka.ssl.tcp";

    /// <summary>The remoting of a system; null when its provider is local.</summary>
    public static Remoting? Of(ActorSystem system) => ((ActorSystemImpl)system).Provider.Remoting as Remoting;

    public void Start()
    {
        _watcher = System.SystemActorOf(Props.Create(() => new RemoteWatcher(this)), RemoteWatcher.Name);
        _upkeep = new Timer(_ => Upkeep(), null, UpkeepInterval, UpkeepInterval);
        if (_listener is { } listener)
        {
            Metrics.Export(DefaultAddress);
            if (Settings.PeerKey.Length == 0 && !IPAddress.IsLoopback(((IPEndPoint)listener.LocalEndPoint!).Address))
                _log.Warning("akka.remote.embedded.peer-key is not set: whoever reaches {0} is trusted as a node", DefaultAddress);
            _ = Accept(listener);
            Publish(new RemotingListenEvent([DefaultAddress]));
        }
    }

    public bool IsOwn(Address address) => address.HasLocalScope ? address.System == System.Name : _own.Contains(address);

    /// <summary>The association with an address, made if there is none.</summary>
    public Association AssociationFor(Address address) => _associations.GetOrAdd(address, static (a, self) => new Association(self, a), this);

    public Association? KnownAssociation(Address address) => _associations.GetValueOrDefault(address);

    IInternalActorRef IRemoting.RefFor(ActorPath path) => RefFor(path);

    public RemoteActorRef RefFor(ActorPath path)
    {
        var text = path.ToSerializationFormat();
        if (_refs.TryGetValue(text, out var known)) return known;
        if (_refs.Count > RememberedRefs) _refs.Clear();
        return _refs.GetOrAdd(text, static (_, at) => new RemoteActorRef(at.Self, at.Self.AssociationFor(at.Path.Address), at.Path), (Self: this, Path: path));
    }

    public bool IsWatcher(IActorRef reference) => reference.Equals(_watcher);

    public void Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (Settings.Class == PeerClass.Client) _log.Warning("{0} can't watch {1}: a client's connection carries no death watch", watcher, watchee);
        else _watcher?.Tell(new RemoteWatcher.WatchRemote(watchee, watcher), ActorRefs.NoSender);
    }

    public void Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) =>
        _watcher?.Tell(new RemoteWatcher.UnwatchRemote(watchee, watcher), ActorRefs.NoSender);

    /// <summary>Shuts out one start of another system. Without a uid: the start that is connected now.</summary>
    public void Quarantine(Address address, int? uid, string reason) => KnownAssociation(address)?.Quarantine(uid, reason);

    /// <summary>How many system messages of that start of the other system have come so far.</summary>
    public ulong ReceivedFrom(Association association, Introduction peer) => association.ReceivedFrom(peer.Uid);

    public Introduction Introduce(Address? target, ulong systemReceived) => new(
        Handshake.Engine, Settings.WireVersion, Settings.Class, DefaultAddress, Uid, target, Handshake.NewNonce(), systemReceived);

    public void Tune(Socket socket)
    {
        socket.NoDelay = Settings.NoDelay;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, Settings.KeepAlive);
        if (Settings.SendBuffer > 0) socket.SendBufferSize = Settings.SendBuffer;
        if (Settings.ReceiveBuffer > 0) socket.ReceiveBufferSize = Settings.ReceiveBuffer;
    }

    /// <summary>Waits for what is queued, says goodbye, closes.</summary>
    public async Task Shutdown()
    {
        _isStopping = true;
        _listener?.Dispose();
        var deadline = Environment.TickCount64 + (long)Settings.FlushWait.TotalMilliseconds;
        while (Environment.TickCount64 < deadline && _associations.Values.Any(a => a.Connection is not null && !a.IsFlushed))
            await Task.Delay(5).ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys.Select(c => Part(c, Farewell.Shutdown, "the system shuts down"))).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        if (_upkeep is not null) await _upkeep.DisposeAsync().ConfigureAwait(false);
        Metrics.Retire();
        Publish(new RemotingShutdownEvent());
    }

    private Address Listen()
    {
        var any = Settings.Hostname is "" or "0.0.0.0";
        var ip = any ? IPAddress.Any : IPAddress.TryParse(Settings.Hostname, out var literal)
            ? literal
            : Dns.GetHostAddresses(Settings.Hostname).OrderBy(a => a.AddressFamily != AddressFamily.InterNetwork).First();
        var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Not ReuseAddress: .NET makes that SO_REUSEPORT too, and two systems would share the port.
            socket.Bind(new IPEndPoint(ip, Settings.Port));
            socket.Listen(Settings.Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RemoteTransportException($"remoting can't listen at {ip}:{Settings.Port}: {e.Message}", e);
        }
        _listener = socket;
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var host = Settings.Hostname.Length == 0 ? Dns.GetHostName() : Settings.Hostname;
        _own.Add(new Address(Protocol, System.Name, host, port));
        return new Address(Protocol, System.Name, Settings.PublicHostname.Length > 0 ? Settings.PublicHostname : host,
            Settings.PublicPort > 0 ? Settings.PublicPort : port);
    }

    private async Task Accept(Socket listener)
    {
        while (!_isStopping)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_isStopping) return;
                _log.Warning("accepting a connection failed: {0}", e.Message);
                await Task.Delay(UpkeepInterval).ConfigureAwait(false);
                continue;
            }
            if (Interlocked.Increment(ref _handshakes) > Settings.MaximumHandshakes)
            {
                Interlocked.Decrement(ref _handshakes);
                socket.Dispose();
                continue;
            }
            _ = Task.Run(async () =>
            {
                try
                {
                    await Acceptor.Welcome(this, socket).ConfigureAwait(false);
                }
                finally
                {
                    Interlocked.Decrement(ref _handshakes);
                }
            });
        }
    }

    private void Upkeep()
    {
        try
        {
            var now = Environment.TickCount64;
            foreach (var (address, association) in _associations)
            {
                association.Tick(now);
                if (!association.TryRetire(ClientMemory)) continue;
                _associations.TryRemove(new KeyValuePair<Address, Association>(address, association));
                AddressTerminatedTopic.Publish(System, address);
            }
        }
        catch (Exception e)
        {
            // A timer's exception would end the process; the next tick tries again.
            _log.Error(e, "upkeep of connections failed");
        }
    }
}
