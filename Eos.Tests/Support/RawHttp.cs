using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Eos.Tests.Support;

/// <summary>A client that says exactly what a test wants it to say, also nonsense.</summary>
public sealed class RawHttp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawHttp> ConnectAsync(int port)
    {
        var raw = new RawHttp();
        await raw._socket.ConnectAsync(IPAddress.Loopback, port);
        return raw;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    /// <summary>Everything until the server closes, or until <paramref name="enough"/> is in it.</summary>
    public async Task<string> ReadAsync(string? enough = null)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (enough is null || !text.ToString().Contains(enough, StringComparison.Ordinal))
        {
            var read = 0;
            try
            {
                read = await _socket.ReceiveAsync(buffer, limit.Token);
            }
            catch (SocketException)
            {
                return text + "<reset>";
            }

            if (read == 0) break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>No more will be sent, politely.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>As if the process had been killed: a reset.</summary>
    public void Die()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
