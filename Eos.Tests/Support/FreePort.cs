using System.Net;
using System.Net.Sockets;

namespace Eos.Tests.Support;

/// <summary>Ports for processes that must know each other's before they start.</summary>
public static class FreePort
{
    /// <summary>That many different loopback ports that nobody listened on just now.</summary>
    public static int[] Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
