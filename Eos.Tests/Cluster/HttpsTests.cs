using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Eos.Host.Http;
using Eos.Identity;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Tests.Cluster;

/// <summary>The namespace by HTTPS: a certificate proves who comes, if the node trusts who signed it and a rule says who that is.</summary>
public sealed class HttpsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly OwnAuthority _authority = new();
    private ActorSystem _system = null!;
    private EosInProcess _eos = null!;
    private HttpDoors _doors = null!;

    public async Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        _system = ActorSystem.Create("eos", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        _eos = new EosInProcess(_system, SystemClock.Instance, ActorRefs.Nobody);
        File.WriteAllText(_folder.Of("authorities.pem"), _authority.Pem);
        var settings = DataPort.Settings with { Tls = new HttpTlsSettings(0, OwnCertificate.Write(_folder).Pkcs12, OwnCertificate.Word, _folder.Of("authorities.pem")) };
        var anonymous = _eos.Client.As(Claim.Nobody with { App = "http", Door = "http" });
        _doors = await HttpDoors.StartAsync(
            settings, () => anonymous, null, () => new Health("test", [], "up", []), null, CancellationToken.None, () => SignedTicket.KeyOf(_eos.Parts.Keys()));
        await _eos.Client.As(new Claim(1001, 100, "ann", "here", "test")).MakeDirectoryAsync("/eos/dev/ann", mode: 0x1c0);
    }

    public async Task DisposeAsync()
    {
        await _doors.DisposeAsync();
        await _system.Terminate();
        _authority.Dispose();
        _folder.Dispose();
    }

    private async Task<HttpStatusCode> MakeAsync(string name, X509Certificate2? certificate, bool isSecure = true)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (certificate is not null) handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;   // whatever it is good for
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        var server = isSecure ? $"https://127.0.0.1:{_doors.TlsPort}" : $"http://127.0.0.1:{_doors.MgmPort}";
        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod("MKCOL"), $"{server}/eos/dev/ann/{name}"));
        return answer.StatusCode;
    }

    private Task MapAsync(string subject) => _eos.Client.AdministerAsync("vid", "set", ["map", "-https", subject, "vuid:1001", "vgid:100"]);

    [Fact]
    public async Task The_holder_of_a_certificate_is_who_a_rule_says()
    {
        using var ann = _authority.Sign("CN=Ann Lee, DC=example, DC=org");
        Assert.Equal(HttpStatusCode.Forbidden, await MakeAsync("a", ann));   // no rule: nobody
        await MapAsync("/DC=org/DC=example/CN=Ann Lee");
        Assert.Equal(HttpStatusCode.Created, await MakeAsync("a", ann));
        Assert.Equal(1001u, (await _eos.Client.StatAsync("/eos/dev/ann/a")).Attributes.Owner.Uid);

        using var bob = _authority.Sign("CN=Bob, DC=example, DC=org");
        Assert.Equal(HttpStatusCode.Forbidden, await MakeAsync("b", bob));
        Assert.Equal(HttpStatusCode.Forbidden, await MakeAsync("b", null));
        Assert.Equal(HttpStatusCode.Forbidden, await MakeAsync("b", null, isSecure: false));
    }

    [Fact]
    public async Task A_certificate_of_strangers_or_for_servers_or_of_the_past_is_not_believed()
    {
        await MapAsync("/CN=Ann");
        using var others = new OwnAuthority();
        using var strange = others.Sign("CN=Ann");
        using var server = _authority.Sign("CN=Ann", OwnAuthority.ForServers);
        using var old = _authority.Sign("CN=Ann", days: -1);
        foreach (var certificate in new[] { strange, server, old }) await Assert.ThrowsAsync<HttpRequestException>(() => MakeAsync("a", certificate));
        using var good = _authority.Sign("CN=Ann");
        Assert.Equal(HttpStatusCode.Created, await MakeAsync("a", good));
    }
}
