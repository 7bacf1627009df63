using Akka.Configuration;
using Eos.Host;
using Eos.Kernel;

namespace Eos.Tests.Unit;

public class HostSettingsTests
{
    [Theory]
    [InlineData("node3", 1, new uint[] { 3 })]
    [InlineData("node3", 3, new uint[] { 3, 103, 203 })]
    [InlineData("atlas", 2, new uint[] { 1, 101 })]
    [InlineData("fst2026", 1, new uint[] { 2026 })]
    public void Filesystems_of_a_node_are_numbered_in_steps_from_its_own_number(string node, int count, uint[] expected) =>
        Assert.Equal(expected, Of("").FilesystemsOf(node, count));

    [Fact]
    public void Filesystems_whose_numbers_could_be_those_of_other_nodes_are_refused()
    {
        Assert.Contains("filesystem-step", Assert.Throws<ConfigurationException>(() => Of("").FilesystemsOf("fst2026", 2)).Message);
        Assert.Contains("eos.fst.filesystems", Assert.Throws<ConfigurationException>(() => Of("filesystem-step = 40000").FilesystemsOf("node1", 3)).Message);
        Assert.Contains("filesystem-step", Assert.Throws<ConfigurationException>(() => Of("filesystem-step = 0")).Message);
    }

    private static HostSettings Of(string text) =>
        HostSettings.From(new Settings(ConfigurationFactory.ParseString($"eos.node {{ {text} }}").SafeWithFallback(Settings.Reference), "eos.node"));
}
