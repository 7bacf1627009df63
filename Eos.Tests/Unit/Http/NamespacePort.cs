using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Eos.Client;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Tests.Support;
using Eos.Tests.Unit.Cli;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Unit.Http;

/// <summary>A real namespace port before a gateway in memory, which sends clients to a real data port.</summary>
internal sealed class NamespacePort : IAsyncDisposable
{
    private readonly HttpDoors _doors;
    private readonly EosClient _client;

    private NamespacePort(HttpDoors doors, EosClient client, DataPort data, FakeGateway gateway)
    {
        (_doors, _client, Data, Gateway) = (doors, client, data, gateway);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Url) };
    }

    public DataPort Data { get; }

    public FakeGateway Gateway { get; }

    public HttpClient Client { get; }

    public int Port => _doors.MgmPort;

    public string Url => $"http://127.0.0.1:{_doors.MgmPort}";

    public static async Task<NamespacePort> StartAsync(string folder)
    {
        var data = await DataPort.StartAsync(folder);
        var gateway = new FakeGateway();
        var client = new EosClient(new Link(gateway, data), Claim.Nobody, TimeSpan.FromSeconds(60));
        var health = new Health("node1", ["mgm"], "starting", [new KeyValuePair<string, string>("gateway", "down")]);
        return new NamespacePort(await HttpDoors.StartAsync(DataPort.Settings, () => client, null, () => health, null, CancellationToken.None), client, data, gateway);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _doors.DisposeAsync();
        await _client.DisposeAsync();
        await Data.DisposeAsync();
    }

    private sealed class Link(FakeGateway names, DataPort data) : IGatewayLink
    {
        private readonly ConcurrentDictionary<string, Capability> _opens = new();
        private int _file = 100;

        public TransferSettings Transfer => names.Transfer;

        public async IAsyncEnumerable<IReply> AskAsync(IRequest request, [EnumeratorCancellation] CancellationToken cancel)
        {
            switch (request)
            {
                case OpenWrite { Path: "/eos/dev/denied" }: yield return new Refused(request.Head.Op, Errno.AccessDenied, "no write permission"); yield break;
                case OpenWrite w:
                    var capability = data.ToWrite((ulong)Interlocked.Increment(ref _file), type: w.Checksum ?? ChecksumType.Adler32);
                    _opens[w.Path] = capability;
                    yield return To(request.Head.Op, w.Path, capability);
                    yield break;
                case OpenRead r when _opens.TryGetValue(r.Path, out var written): yield return To(request.Head.Op, r.Path, data.ToRead(written)); yield break;
                case OpenRead r when names.Has(r.Path): yield return new Refused(request.Head.Op, Errno.IsADirectory, $"{r.Path} is a directory"); yield break;
            }

            await foreach (var reply in names.AskAsync(request, cancel)) yield return reply;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Redirect To(OpId op, string path, Capability capability) =>
            new(op, "127.0.0.1", data.Port, path, DataPort.Signed(capability), capability.File, capability.Open, 0);
    }
}
