using Akka.Configuration;
using Eos.Cli;
using Eos.Host;
using Eos.Host.Local;
using Eos.Kernel;
using Eos.Tests.Support;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Architecture;

/// <summary>What is offered for a real instance is read as it is meant.</summary>
public class DeployTests
{
    private static readonly Config Node = ConfigurationFactory.ParseString(File.ReadAllText(RepositoryFile.Path("deploy/node1.conf")));

    [Fact]
    public void The_configuration_of_a_node_is_read()
    {
        var config = Node.SafeWithFallback(Settings.Reference);
        Assert.Equal("host1.example.org", HostSettings.From(new Settings(config, "eos.node")).Host);
        Assert.Equal("prod-2026", new Settings(config, "eos.qdb").Text("cluster"));
        Assert.Equal("prod", new Settings(config, "eos").Text("instance"));
        Assert.Equal(GlobalOptions.UsualSocket, SocketSettings.From(new Settings(config, "eos.socket")).Path);
        Assert.True(config.GetBoolean("akka.remote.dot-netty.tcp.enable-ssl"));
        Assert.Equal("/etc/eos/host1.p12", config.GetString("akka.remote.dot-netty.tcp.ssl.certificate.path"));
    }

    [Fact]
    public void The_unit_starts_a_node_with_options_that_it_has()
    {
        var line = File.ReadAllLines(RepositoryFile.Path("deploy/eos@.service")).Single(l => l.StartsWith("ExecStart=", StringComparison.Ordinal));
        var options = HostOptions.Parse(line.Replace("%i", "node1").Split(' ')[1..]);
        Assert.Equal(("node1", "/var/eos/node1", "/etc/eos/node1.conf", 3), (options.Name, options.Data, options.ConfigFile, options.Members.Count));
    }
}
