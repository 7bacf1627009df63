using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Akka.Event;
using Eos.Kernel;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Eos.Host.Resp;

/// <summary>The Redis protocol on a port: takes connections and lets them go. What they ask is the group's.</summary>
public sealed class RespServer : IAsyncDisposable
{
    private const int SocketBuffer = 64 * 1024;
    private readonly ConcurrentDictionary<long, Connection> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggingAdapter? _log;
    private readonly IConnectionListener _listener;
    private readonly List<Task> _loops = [];
    private long _ids;
    private readonly ConcurrentQueue<Connection> _waiting = new();
    private long _rejected;
    private int _shaking;
    private readonly RespTls? _tls;

    private RespServer(RespSettings settings, IGroup group, IClock clock, ILoggingAdapter? log, IConnectionListener listener, RespTls? tls)
    {
        (Settings, Group, Clock, _log, _listener, _tls) = (settings, group, clock, log, listener, tls);
        Password = new Password(settings);
        Statistics = new CommandStatistics(clock);
        Reserved = new Pool(Retry);
        Started = clock.Now;
    }

    /// <summary>The port that was bound.</summary>
    public int Port => ((IPEndPoint)_listener.EndPoint).Port;

    /// <summary>Connections now.</summary>
    public int Clients => _connections.Count;

    /// <summary>Memory that all connections hold: requests that wait for their answers, answers that wait to be written, what is set aside for large ones, transactions and channels.</summary>
    public long BacklogBytes => Held.Bytes + Reserved.Bytes + Kept.Bytes;

    internal RespSettings Settings { get; }

    internal IGroup Group { get; }

    internal IClock Clock { get; }

    internal Instant Started { get; }

    internal Password Password { get; }

    internal PubSub Hub { get; } = new();

    internal Monitors Monitors { get; } = new();

    internal PumpQueue Pumps { get; } = new();

    internal CommandStatistics Statistics { get; }

    internal Pool Held { get; } = new();

    internal Pool Reserved { get; }

    internal Pool Kept { get; } = new();

    /// <summary>Clients have to wait until others have taken their answers. The other half of the memory is for large answers.</summary>
    internal bool IsOver => Held.Bytes + Kept.Bytes >= Settings.BacklogTotal / 2;

    internal ICollection<Connection> Connections => _connections.Values;

    internal long Received => Interlocked.Read(ref _ids);

    internal long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Opens the port.</summary>
    /// <param name="group">Given the server when it is asked for, so that what entries publish reaches its subscribers.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="Akka.Configuration.ConfigurationException">The certificate is not to be had.</exception>
    public static async Task<RespServer> StartAsync(RespSettings settings, IGroup group, IClock clock, ILoggingAdapter? log, CancellationToken cancel)
    {
        var tls = settings.Tls is { } wanted ? new RespTls(wanted) : null;
        var options = new SocketTransportOptions
        {
            MaxReadBufferSize = SocketBuffer,
            MaxWriteBufferSize = SocketBuffer,
            UnsafePreferInlineScheduling = true,
            CreateBoundListenSocket = Listen,
        };
        var factory = new SocketTransportFactory(Options.Create(options), NullLoggerFactory.Instance);
        var listener = await factory.BindAsync(new IPEndPoint(IPAddress.Parse(settings.Bind), settings.Port), cancel).ConfigureAwait(false);
        var server = new RespServer(settings, group, clock, log, listener, tls);
        server._loops.Add(server.AcceptAsync());
        server._loops.Add(server.WatchAsync());
        return server;
    }

    /// <summary>Says what an entry had to say to those who listen here.</summary>
    public void Publish(System.Collections.Immutable.ImmutableArray<Kv.Publication> publications) => Hub.Publish(publications);

    /// <summary>Closes the port and every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _listener.UnbindAsync().ConfigureAwait(false);
        foreach (var connection in Connections) connection.Abort();
        await Task.WhenAll(_loops).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>The connection is told when memory for large answers is given back.</summary>
    internal void AwaitReserve(Connection connection) => _waiting.Enqueue(connection);

    private void Retry()
    {
        for (var count = _waiting.Count; count > 0 && _waiting.TryDequeue(out var connection); count--) connection.Retry();
    }

    internal void Report(Exception e, string what) => _log?.Error(e, what);

    /// <summary>A listening socket whose connections notice a dead machine at the other end.</summary>
    private static Socket Listen(EndPoint at)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(at);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        return socket;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false) is { } accepted) _ = ServeAsync(accepted);
        }
        catch (OperationCanceledException)
        {
            // the port is closed
        }
        catch (Exception e)
        {
            Report(e, "the Redis port takes no more connections");
        }
    }

    private async Task ServeAsync(ConnectionContext accepted)
    {
        try
        {
            if (_tls is null) await ServeAsync(accepted, accepted.Transport).ConfigureAwait(false);
            else if (await OpenAsync(_tls, accepted).ConfigureAwait(false) is { } stream)
            {
                await ServeAsync(accepted, stream).ConfigureAwait(false);
                await stream.EndAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or AuthenticationException or TimeoutException)
        {
            // the client is gone, or does not speak TLS
        }
        catch (Exception e)
        {
            Report(e, "a connection failed");
        }
        finally
        {
            await accepted.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The connection in TLS; null when there are too many already.</summary>
    private async Task<RespTlsStream?> OpenAsync(RespTls tls, ConnectionContext accepted)
    {
        try
        {
            return Interlocked.Increment(ref _shaking) + _connections.Count <= Settings.MaxClients ? await tls.OpenAsync(accepted.Transport, _stop.Token).ConfigureAwait(false) : null;
        }
        finally
        {
            Interlocked.Decrement(ref _shaking);
        }
    }

    private async Task ServeAsync(ConnectionContext accepted, IDuplexPipe pipe)
    {
        var connection = new Connection(this, pipe, Interlocked.Increment(ref _ids), accepted.RemoteEndPoint, accepted.LocalEndPoint, () => accepted.Abort());
        try
        {
            if (Refuse(accepted.RemoteEndPoint) is { } refusal)
            {
                Interlocked.Increment(ref _rejected);
                new RespWriter(pipe.Output).Error(refusal);
                await pipe.Output.FlushAsync(_stop.Token).ConfigureAwait(false);
                return;
            }
            _connections[connection.Session.Id] = connection;
            await connection.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _connections.TryRemove(connection.Session.Id, out _);
        }
    }

    private string? Refuse(EndPoint? remote) =>
        _connections.Count >= Settings.MaxClients ? "ERR max number of clients reached"
        : !Password.Serves(remote) ? "DENIED this node has no password (eos.resp.password) and serves clients on its own machine only (eos.resp.open)"
        : null;

    /// <summary>Lets subscribers go when this member leads no more, and clients that have been silent for too long.</summary>
    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Settings.CheckInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                Statistics.Turn();
                if (Group.View is { Leads: false } view)
                    foreach (var subscriber in Hub.Everyone()) subscriber.Dismiss(view.Redirection);
                if (Settings.IdleTimeout == TimeSpan.Zero) continue;
                foreach (var connection in Connections)
                    if (connection.Backlog == 0 && connection.Session is { Subscriptions: 0, IsMonitor: false } && Environment.TickCount64 - connection.LastActive > Settings.IdleTimeout.TotalMilliseconds)
                        connection.Abort();
            }
        }
        catch (OperationCanceledException)
        {
            // the server ends
        }
    }
}
