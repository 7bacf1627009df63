using System.Collections.Immutable;
using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host;

/// <summary>Knobs of a node as a whole: `eos.node`.</summary>
/// <param name="Host">The name or address by which others reach this node.</param>
/// <param name="Filesystem">Number of the node's first filesystem; 0: the digits at the end of the node's name, else 1.</param>
/// <param name="FilesystemStep">From the number of one filesystem to that of the node's next.</param>
/// <param name="Space">The space of the filesystems.</param>
/// <param name="Group">The group of the filesystems within their space.</param>
/// <param name="Geotag">Where the node stands.</param>
/// <param name="RestartPause">Wait before an actor system that ended by itself is started anew.</param>
/// <param name="PortPatience">How long to wait at start for the port by which others know this node.</param>
/// <param name="KeysInterval">Between two looks at the capability keys.</param>
public sealed record HostSettings(string Host, int Filesystem, int FilesystemStep, string Space, int Group, string Geotag, TimeSpan RestartPause, TimeSpan PortPatience,
    TimeSpan KeysInterval)
{
    private const int MostFilesystems = 65534;

    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public static HostSettings From(Settings s)
    {
        var settings = new HostSettings(s.Text("host"), s.Int("filesystem"), s.Int("filesystem-step"), s.Text("space"), s.Int("group"), s.Text("geotag"), s.Duration("restart-pause"),
            s.Duration("port-patience"), s.Duration("keys-interval"));
        if (settings.Host.Length == 0) throw new ConfigurationException("eos.node.host is empty");
        if (settings.Filesystem is < 0 or > MostFilesystems) throw new ConfigurationException($"eos.node.filesystem is {settings.Filesystem}: 0 .. {MostFilesystems}");
        if (settings.FilesystemStep is < 1 or > MostFilesystems) throw new ConfigurationException($"eos.node.filesystem-step is {settings.FilesystemStep}: 1 .. {MostFilesystems}");
        if (settings.Group < 0) throw new ConfigurationException($"eos.node.group is {settings.Group}: 0 ..");
        if (settings.RestartPause < TimeSpan.FromMilliseconds(100)) throw new ConfigurationException("eos.node.restart-pause: 100ms ..");
        if (settings.KeysInterval < TimeSpan.FromMilliseconds(100)) throw new ConfigurationException("eos.node.keys-interval: 100ms ..");
        return settings;
    }

    /// <summary>The numbers of so many filesystems of a node of that name: a step apart, so that the node may get more later.</summary>
    /// <exception cref="ConfigurationException">There are no such numbers, or they could be those of another node.</exception>
    public ImmutableArray<uint> FilesystemsOf(string node, int count)
    {
        var first = FirstOf(node);
        if (count > 1 && first > FilesystemStep) throw new ConfigurationException($"eos.node.filesystem-step is {FilesystemStep}: smaller than the number {first} of the node's first filesystem");
        if (first + (long)FilesystemStep * (count - 1) > MostFilesystems) throw new ConfigurationException($"eos.fst.filesystems is {count}: their numbers go beyond {MostFilesystems}");
        return [.. Enumerable.Range(0, count).Select(n => first + (uint)(n * FilesystemStep))];
    }

    private uint FirstOf(string node)
    {
        if (Filesystem > 0) return (uint)Filesystem;
        var digits = node.AsSpan(node.AsSpan().TrimEnd("0123456789").Length);
        return uint.TryParse(digits, out var number) && number is > 0 and <= MostFilesystems ? number : 1;
    }
}
