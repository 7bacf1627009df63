using System.Net;
using System.Net.Sockets;
using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Host;

/// <summary>
/// The port by which others know a node. It is part of the name of the node's member in the group, so a node that may choose chooses once, and asks for the same one ever after.
/// </summary>
public static class RemotingPort
{
    private const string Key = "akka.remote.dot-netty.tcp.port";

    /// <summary>Ports to choose from: below those that systems give to connections that go out.</summary>
    private const int First = 20_000, Count = 10_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The configured port, or the kept one, once it is free; or a new one.</summary>
    /// <exception cref="EosException">EBUSY: another process has it.</exception>
    public static async Task<int> TakeAsync(Config config, DataFolder folder, TimeSpan patience)
    {
        var configured = config.GetInt(Key);
        if (configured == 0 && folder.RemotingPort() is null) folder.KeepRemotingPort(Choose());
        var port = configured != 0 ? configured : folder.RemotingPort()!.Value;
        using var timer = new PeriodicTimer(Pause);
        for (var waited = TimeSpan.Zero; !IsFree(port); waited += Pause)
        {
            if (waited >= patience) throw new EosException(Errno.Busy, $"port {port}, by which other nodes know this one, is in use by another process ({Key})");
            await timer.WaitForNextTickAsync();
        }
        return port;
    }

    private static int Choose()
    {
        while (true)
        {
            var port = First + Random.Shared.Next(Count);
            if (IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Any, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
