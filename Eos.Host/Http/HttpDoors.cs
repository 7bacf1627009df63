using System.Net;
using Eos.Client;
using Eos.Fst;
using Eos.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Eos.Host.Http;

/// <summary>The HTTP ports of a node: the namespace (mgm) and the data (fst), each where the node has the role.</summary>
public sealed class HttpDoors : IAsyncDisposable
{
    private const int BlocksKept = 256;
    private const long PipeBlocks = 4;
    private const int LeastThreads = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly HttpMeter _meter = new();
    private readonly PrometheusExporter _exporter = new();
    private readonly List<WebApplication> _servers = [];
    private PeerPort? _peers;

    private HttpDoors()
    {
    }

    /// <summary>The namespace port that was bound; 0 without the role.</summary>
    public int MgmPort { get; private set; }

    /// <summary>The namespace port with TLS that was bound; 0: none.</summary>
    public int TlsPort { get; private set; }

    /// <summary>The data port that was bound; 0 without the role.</summary>
    public int FstPort { get; private set; }

    /// <summary>Opens the ports. Throws <see cref="IOException"/> when one is taken.</summary>
    /// <param name="client">How the namespace port reaches the gateway, asked for each request, and refusing while the node starts; null: no namespace port.</param>
    /// <param name="data">The filesystems of this node; null: no data port.</param>
    /// <param name="ticketKey">What tickets for holders of certificates are signed by; null: certificates are not looked at.</param>
    public static async Task<HttpDoors> StartAsync(
        HttpSettings settings, Func<EosClient>? client, DataParts? data, Func<Health> health, ILoggerProvider? log, CancellationToken cancel, Func<byte[]>? ticketKey = null)
    {
        // transfers block threads of the pool in disk calls; the pool must not wait to grow before it serves others
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), ports);
        var doors = new HttpDoors();
        try
        {
            if (client is not null) doors.MgmPort = await doors.StartNamespaceAsync(settings, client, new CallerProof(ticketKey, settings.GatewayTimeout, SystemClock.Instance), health, log, cancel);
            if (data is not null) doors.FstPort = await doors.StartDataAsync(settings, data, health, log, cancel);
            return doors;
        }
        catch
        {
            await doors.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes the ports; transfers that run get a few seconds to end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await Task.WhenAll(_servers.Select(server => server.StopAsync(patience.Token)));
        foreach (var server in _servers) await server.DisposeAsync();
        _peers?.Dispose();
        _exporter.Dispose();
        _meter.Dispose();
    }

    private async Task<int> StartNamespaceAsync(
        HttpSettings settings, Func<EosClient> client, CallerProof proof, Func<Health> health, ILoggerProvider? log, CancellationToken cancel)
    {
        var server = Build(settings, settings.MgmPort, log, _ => { }, settings.Tls);
        var door = new NamespaceDoor(client, proof, _meter, server.Logger);
        server.Run(http => http.Request.Path.Value switch
        {
            "/health" => HealthPage.AnswerAsync(http, health()),
            "/metrics" => MetricsAsync(http),
            "/eos" => door.RunAsync(http),
            { } path when path.StartsWith("/eos/", StringComparison.Ordinal) => door.RunAsync(http),
            _ => HttpFailure.AnswerForPeopleAsync(http, Kernel.Errno.NoEntry, "the namespace is below /eos/; see also /health and /metrics"),
        });
        return await StartAsync(server, cancel);
    }

    private async Task<int> StartDataAsync(HttpSettings settings, DataParts data, Func<Health> health, ILoggerProvider? log, CancellationToken cancel)
    {
        var pool = new BlockPool(settings.BlockSize, BlocksKept);
        var server = Build(settings, settings.FstPort, log, services => services.AddSingleton<IMemoryPoolFactory<byte>>(new BlockPoolFactory(pool)));
        var door = new DataDoor(data, _peers = new PeerPort(settings.PeerTimeout), settings, _meter, server.Logger);
        server.Run(http => http.Request.Path.Value switch
        {
            "/health" => HealthPage.AnswerAsync(http, health()),
            "/metrics" => MetricsAsync(http),
            _ => door.RunAsync(http),
        });
        return await StartAsync(server, cancel);
    }

    private Task MetricsAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return http.Response.WriteAsync(_exporter.Write(), http.RequestAborted);
    }

    private static WebApplication Build(HttpSettings settings, int port, ILoggerProvider? log, Action<IServiceCollection> more, HttpTlsSettings? tls = null)
    {
        var secure = tls is null ? null : HttpTls.Of(tls);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (log is not null) builder.Logging.AddProvider(log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(1 << 20, PipeBlocks * settings.BlockSize);
            kestrel.Limits.MaxResponseBufferSize = Math.Max(1 << 20, PipeBlocks * settings.BlockSize);
            var rate = settings.MinRate > 0 ? new MinDataRate(settings.MinRate, TimeSpan.FromSeconds(5)) : null;
            kestrel.Limits.MinRequestBodyDataRate = rate;
            kestrel.Limits.MinResponseDataRate = rate;
            kestrel.Listen(IPAddress.Parse(settings.Bind), port, listen => listen.Protocols = HttpProtocols.Http1);
            if (secure is not null)
            {
                kestrel.Listen(IPAddress.Parse(settings.Bind), tls!.Port, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.UseHttps(secure);
                });
            }
        });
        more(builder.Services);
        return builder.Build();
    }

    private async Task<int> StartAsync(WebApplication server, CancellationToken cancel)
    {
        _servers.Add(server);
        await server.StartAsync(cancel);
        var ports = server.Urls.Select(url => new Uri(url)).ToLookup(url => url.Scheme, url => url.Port);
        TlsPort = ports[Uri.UriSchemeHttps].FirstOrDefault(TlsPort);
        return ports[Uri.UriSchemeHttp].First();
    }
}
