using Akka.Configuration;
using Eos.Client;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Cli;

public sealed class KeytabTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keys_are_made_once_and_only_their_owner_may_read_them()
    {
        var file = _folder.Of("keytab");
        var first = Keytab.OpenOrCreate(file).GetString("akka.remote.embedded.peer-key");
        Assert.Equal(64, first.Length);
        Assert.Equal(first, Keytab.OpenOrCreate(file).GetString("akka.remote.embedded.peer-key"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_client_takes_the_client_key_alone()
    {
        var file = _folder.Of("keytab");
        var both = Keytab.OpenOrCreate(file);
        var client = Keytab.ReadForClient(file);
        Assert.Equal(both.GetString("akka.remote.embedded.client-key"), client.GetString("akka.remote.embedded.client-key"));
        Assert.False(client.HasPath("akka.remote.embedded.peer-key"));
    }

    [Fact]
    public void A_file_without_a_client_key_is_refused()
    {
        File.WriteAllText(_folder.Of("keytab"), "akka.remote.embedded.peer-key = \"x\"\n");
        Assert.Throws<ConfigurationException>(() => Keytab.Read(_folder.Of("keytab")));
    }
}
