using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>Knobs of a node as a whole: `eos.node`.</summary>
/// <param name="Host">The name or address by which others reach this node.</param>
/// <param name="Filesystem">Number of the node's filesystem; 0: the digits at the end of the node's name, else 1.</param>
/// <param name="Space">The space of the filesystem.</param>
/// <param name="Group">The group of the filesystem within its space.</param>
/// <param name="Geotag">Where the node stands.</param>
/// <param name="RestartPause">Wait before an actor system that ended by itself is started anew.</param>
/// <param name="PortPatience">How long to wait at start for the port by which others know this node.</param>
/// <param name="KeysInterval">Between two looks at the capability keys.</param>
public sealed record HostSettings(string Host, int Filesystem, string Space, int Group, string Geotag, TimeSpan RestartPause, TimeSpan PortPatience,
    TimeSpan KeysInterval)
{
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public static HostSettings From(Settings s)
    {
        var settings = new HostSettings(s.Text("host"), s.Int("filesystem"), s.Text("space"), s.Int("group"), s.Text("geotag"), s.Duration("restart-pause"),
            s.Duration("port-patience"), s.Duration("keys-interval"));
        if (settings.Host.Length == 0) throw new ConfigurationException("eos.node.host is empty");
        if (settings.Filesystem is < 0 or > 65534) throw new ConfigurationException($"eos.node.filesystem is {settings.Filesystem}: 0 .. 65534");
        if (settings.Group < 0) throw new ConfigurationException($"eos.node.group is {settings.Group}: 0 ..");
        if (settings.RestartPause < TimeSpan.FromMilliseconds(100)) throw new ConfigurationException("eos.node.restart-pause: 100ms ..");
        if (settings.KeysInterval < TimeSpan.FromMilliseconds(100)) throw new ConfigurationException("eos.node.keys-interval: 100ms ..");
        return settings;
    }

    /// <summary>The number of the filesystem of a node of that name.</summary>
    public uint FilesystemOf(string node)
    {
        if (Filesystem > 0) return (uint)Filesystem;
        var digits = node.AsSpan(node.AsSpan().TrimEnd("0123456789").Length);
        return uint.TryParse(digits, out var number) && number is > 0 and < 65535 ? number : 1;
    }
}
