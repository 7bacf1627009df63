using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Eos.Tests.Support;

/// <summary>Ports for processes that must know each other's before they start.</summary>
public static class FreePort
{
    /// <summary>
    /// Below the ports that systems give to connections that go out, and those among which nodes choose (RemotingPort): one of those could take a port before its process has it.
    /// </summary>
    private const int First = 10_000, End = 20_000;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>That many different ports that nobody listened on just now; none is given twice, for tests run side by side.</summary>
    public static int[] Take(int count)
    {
        var listeners = new List<TcpListener>();
        while (listeners.Count < count)
        {
            var port = Random.Shared.Next(First, End);
            if (!Given.TryAdd(port, true)) continue;
            var listener = new TcpListener(IPAddress.Any, port);
            try
            {
                listener.Start();
                listeners.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
