using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Akka.Configuration;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>The door with TLS.</summary>
public sealed class RespTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commands_large_values_and_the_goodbye_go_through()
    {
        await using var door = await StartAsync();
        await using var client = await ConnectAsync(door.Server.Port);
        var large = new string('x', 1 << 20);
        await client.WriteAsync((byte[])[.. RespClient.Command("set", "k", large), .. RespClient.Command("get", "k"), .. RespClient.Command("quit")]);
        using var limit = new CancellationTokenSource(Eventually.Patience);
        using var answers = new MemoryStream();
        await client.CopyToAsync(answers, limit.Token);
        Assert.Equal($"+OK\r\n${1 << 20}\r\n{large}\r\n+OK\r\n", Encoding.ASCII.GetString(answers.ToArray()));
        await Eventually.True(() => door.Server.Clients == 0, "the connection is over");
    }

    [Fact]
    public async Task Who_speaks_in_the_clear_or_never_ends_the_handshake_is_let_go()
    {
        await using var door = await StartAsync("ssl.handshake-timeout = 5s");
        using var silent = await RespClient.ConnectAsync(door.Server.Port);
        using var plain = await RespClient.ConnectAsync(door.Server.Port);
        await plain.SendAsync(RespClient.Command("ping"));
        while (await plain.ReadAsync() != "<closed>")
        {
            // an alert of TLS may come first
        }
        Assert.True(await silent.IsClosedAsync());
        await using var healthy = await ConnectAsync(door.Server.Port);
        await healthy.WriteAsync(RespClient.Command("ping"));
        var answer = new byte[7];
        await healthy.ReadExactlyAsync(answer).AsTask().WaitAsync(Eventually.Patience);
        Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task A_certificate_that_is_not_to_be_had_is_named()
    {
        Assert.Contains("needs eos.resp.ssl.certificate.path", (await Assert.ThrowsAsync<ConfigurationException>(() => RespDouble.StartAsync("enable-ssl = on"))).Message);
        var missing = await Assert.ThrowsAsync<ConfigurationException>(() => RespDouble.StartAsync("enable-ssl = on, ssl.certificate.path = \"/nowhere.p12\""));
        Assert.Contains("can't be read from /nowhere.p12", missing.Message);
    }

    private Task<RespDouble> StartAsync(string more = "") => RespDouble.StartAsync(
        $"enable-ssl = on, ssl.certificate {{ path = \"{OwnCertificate.Write(_folder).Pkcs12}\", password = {OwnCertificate.Word} }}\n{more}");

    private static async Task<SslStream> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, _, _, _) => true });
        return stream;
    }
}
