using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Remote;
using Eos.Tests.Support;

namespace Eos.Tests.Engine.Embedded;

public sealed class TlsTests : IAsyncLifetime
{
    private readonly Peers _peers = new();
    private readonly TemporaryFolder _folder = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _peers.DisposeAsync();
        _folder.Dispose();
    }

    private string Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        using var certificate = request.CreateSelfSigned(from, from.AddDays(30));
        var path = Path.Combine(_folder.Path, name + ".p12");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, "word"));
        return path;
    }

    private ActorSystem Start(string name, string certificate, string more = "") => _peers.Start(name, $$"""
        akka.remote.dot-netty.tcp {
          enable-ssl = true
          ssl {
            certificate {
              path = "{{certificate}}"
              password = word
            }
            {{more}}
          }
        }
        """);

    [Fact]
    public async Task Systems_with_the_same_certificate_talk_over_TLS()
    {
        var certificate = Certificate("cluster");
        var a = Start("a", certificate);
        var b = Start("b", certificate);
        Assert.StartsWith("akka.ssl.tcp://", Peers.AddressOf(b).ToString());
        var echo = Peers.Seen(a, b, b.ActorOf(Props.Create(() => new Echo())));
        Assert.Equal("secret", await echo.Ask<string>("secret", Hearing.Patience));
        var large = new byte[100_000];
        Assert.Equal(large, await echo.Ask<byte[]>(large, Hearing.Patience));
    }

    [Fact]
    public async Task A_foreign_certificate_is_refused()
    {
        var b = Start("b", Certificate("cluster"));
        var stranger = Start("stranger", Certificate("stranger"), "suppress-validation = true");
        var errors = Peers.Events<AssociationErrorEvent>(stranger);
        var echo = Peers.Seen(stranger, b, b.ActorOf(Props.Create(() => new Echo())));
        echo.Tell("x", ActorRefs.NoSender);
        await errors.Next<AssociationErrorEvent>("refusal");
    }

    [Fact]
    public async Task A_system_without_TLS_does_not_get_in()
    {
        var b = Start("b", Certificate("cluster"));
        var plain = _peers.Start("plain");
        var errors = Peers.Events<AssociationErrorEvent>(plain);
        var address = Peers.AddressOf(b).WithProtocol("akka.tcp");
        ((ExtendedActorSystem)plain).Provider.ResolveActorRef(address + "/user/x").Tell("x", ActorRefs.NoSender);
        await errors.Next<AssociationErrorEvent>("refusal");
    }
}
