using System.Net;
using System.Security.Cryptography;
using System.Text;
using Akka.Configuration;
using Eos.Host.Resp;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

public class AuthenticationTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Asked = $"password = \"{Secret}\", require-password-for-localhost = on";

    [Fact]
    public async Task Nothing_is_done_for_a_stranger()
    {
        await using var door = await RespDouble.StartAsync(Asked);
        await RespServerTests.PlayAsync(door, $"""
            get a => -NOAUTH Authentication required.
            nonsense => -NOAUTH Authentication required.
            multi => -NOAUTH Authentication required.
            auth wrong => -ERR invalid password
            auth somebody {Secret} => -ERR invalid password
            get a => -NOAUTH Authentication required.
            auth {Secret} => +OK
            get a => nil
            auth default {Secret} => +OK
            reset => +RESET
            get a => -NOAUTH Authentication required.
            hello 3 auth default wrong => -ERR invalid password
            """);
        using var client = await door.ConnectAsync();
        Assert.StartsWith("-NOAUTH HELLO must be called", await client.AskAsync("hello 3"));
        Assert.StartsWith("{$server", await client.AskAsync($"hello 3 auth default {Secret} setname me"));
        Assert.Equal("$me", await client.AskAsync("client getname"));
    }

    [Fact]
    public async Task Localhost_is_believed_unless_it_is_asked_too()
    {
        await using var door = await RespDouble.StartAsync($"password = \"{Secret}\"");
        await RespServerTests.PlayAsync(door, "get a => nil");
        await using var open = await RespDouble.StartAsync();
        await RespServerTests.PlayAsync(open, """
            auth x => -ERR Client sent AUTH, but no password is set
            hmac-auth-generate-challenge x => -ERR Client sent AUTH, but no password is set
            """);
    }

    [Fact]
    public async Task A_stranger_can_send_no_more_than_it_takes_to_authenticate()
    {
        await using var door = await RespDouble.StartAsync(Asked);
        using var many = await door.ConnectAsync();
        await many.SendAsync("*11\r\n");
        Assert.Equal("-ERR Protocol error: invalid multibulk length", await many.ReadAsync());
        Assert.True(await many.IsClosedAsync());
        using var large = await door.ConnectAsync();
        await large.SendAsync("*2\r\n$3\r\nGET\r\n$20000\r\n");
        Assert.Equal("-ERR Protocol error: invalid bulk length", await large.ReadAsync());
        Assert.True(await large.IsClosedAsync());
        using var honest = await door.ConnectAsync();
        await honest.SendAsync((byte[])[.. RespClient.Command("auth", Secret), .. RespClient.Command("set", "a", new string('x', 20_000)), .. RespClient.Command("strlen", "a")]);
        Assert.Equal(["+OK", "+OK", ":20000"], await RespServerTests.ReadAsync(honest, 3));
    }

    [Fact]
    public async Task The_challenge()
    {
        await using var door = await RespDouble.StartAsync(Asked);
        using var client = await door.ConnectAsync();
        var nonce = new string('n', 64);
        Assert.Equal("-ERR no challenge is in progress", await client.AskAsync("hmac-auth-validate-challenge x"));
        Assert.Equal("-ERR exactly 64 random bytes are needed, and 1 were given", await client.AskAsync("hmac-auth-generate-challenge x"));
        var challenge = await GenerateAsync();
        Assert.StartsWith(nonce + "---", challenge);
        Assert.Equal(64, challenge.Split("---", 3)[2].Length);
        Assert.NotEqual(challenge.Split("---", 3)[2], (await GenerateAsync()).Split("---", 3)[2]);
        Assert.Equal("-ERR invalid signature", await client.AskAsync("hmac-auth-validate-challenge x"));
        Assert.Equal("-ERR no challenge is in progress", await client.AskAsync("hmac-auth-validate-challenge x"));

        var late = Sign(await GenerateAsync());
        door.Clock.By = TimeSpan.FromSeconds(61);
        await client.SendAsync(late);
        Assert.Equal("-ERR deadline passed", await client.ReadAsync());
        await client.SendAsync(Sign(await GenerateAsync()));
        Assert.Equal("+OK", await client.ReadAsync());
        Assert.Equal("+PONG", await client.AskAsync("ping"));

        async Task<string> GenerateAsync() => (await client.AskAsync($"hmac-auth-generate-challenge {nonce}"))[1..];
        static byte[] Sign(string text) =>
            RespClient.Command("HMAC_AUTH_VALIDATE_CHALLENGE"u8.ToArray(), HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.Latin1.GetBytes(text)));
    }

    [Theory]
    [InlineData("", "127.0.0.1", true)]
    [InlineData("", "::ffff:127.0.0.1", true)]
    [InlineData("", "192.0.2.7", false)]
    [InlineData("open = on", "192.0.2.7", true)]
    [InlineData($"password = \"{Secret}\"", "192.0.2.7", true)]
    public void Without_a_password_only_the_own_machine_is_served_unless_the_door_is_said_to_be_open(string settings, string from, bool isServed) =>
        Assert.Equal(isServed, new Password(RespDouble.SettingsOf(settings)).Serves(new IPEndPoint(IPAddress.Parse(from), 1)));

    [Fact]
    public async Task A_password_is_long_and_its_file_is_private()
    {
        await Assert.ThrowsAsync<ConfigurationException>(() => RespDouble.StartAsync("password = short"));
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, Secret + "\n");
        await Assert.ThrowsAsync<ConfigurationException>(() => RespDouble.StartAsync($"password-file = \"{file}\""));
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        await using var door = await RespDouble.StartAsync($"password-file = \"{file}\", require-password-for-localhost = on");
        await RespServerTests.PlayAsync(door, $"""
            get a => -NOAUTH Authentication required.
            auth {Secret} => +OK
            """);
    }
}
