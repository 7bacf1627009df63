using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Eos.Tests.Support;

/// <summary>A Redis client that says what a test wants, at the pace it wants, and reads answers one by one.</summary>
internal sealed class RespClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private byte[] _rest = [];

    public static async Task<RespClient> ConnectAsync(int port)
    {
        var client = new RespClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>The bytes of a command.</summary>
    public static byte[] Command(params string[] words) => Command(words.Select(Encoding.UTF8.GetBytes).ToArray());

    public static byte[] Command(params byte[][] words)
    {
        var bytes = new MemoryStream();
        bytes.Write(Encoding.ASCII.GetBytes($"*{words.Length}\r\n"));
        foreach (var word in words)
        {
            bytes.Write(Encoding.ASCII.GetBytes($"${word.Length}\r\n"));
            bytes.Write(word);
            bytes.Write("\r\n"u8);
        }
        return bytes.ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Says a line of words and reads the answer, in the notation of <see cref="Show"/>.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(Command(line.Split(' ').Select(w => w == "''" ? "" : w).ToArray()));
        return await ReadAsync();
    }

    /// <summary>The next answer as text.</summary>
    public async Task<string> ReadAsync()
    {
        while (true)
        {
            var at = 0;
            if (TryShow(_rest, ref at, out var text))
            {
                _rest = _rest[at..];
                return text;
            }
            if (!await FillAsync()) return "<closed>";
        }
    }

    /// <summary>Whether nothing but the end comes any more.</summary>
    public async Task<bool> IsClosedAsync()
    {
        while (_rest.Length == 0)
            if (!await FillAsync()) return true;
        return false;
    }

    /// <summary>The client says no more.</summary>
    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => _socket.Dispose();

    private async Task<bool> FillAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        int read;
        try
        {
            read = await _socket.ReceiveAsync(_buffer, limit.Token);
        }
        catch (SocketException)
        {
            return false;
        }
        if (read == 0) return false;
        var came = new MemoryStream();
        came.Write(_rest);
        came.Write(_buffer, 0, read);
        for (var i = 0; i < 64 && _socket.Available > 0; i++) came.Write(_buffer, 0, _socket.Receive(_buffer));
        _rest = came.ToArray();
        return true;
    }

    /// <summary>Answers as the machine's tests write them: +OK -ERR… :1 $text nil [a b], and {a b} for a map, ~(a b) for a set, >(a b) for a push, =text for text.</summary>
    private static bool TryShow(ReadOnlySpan<byte> bytes, ref int at, out string text)
    {
        text = "";
        var length = bytes[at..].IndexOf("\r\n"u8);
        if (length < 0) return false;
        var (kind, line) = ((char)bytes[at], Encoding.Latin1.GetString(bytes.Slice(at + 1, length - 1)));
        var next = at + length + 2;
        switch (kind)
        {
            case '$' or '=' when line != "-1":
                var size = int.Parse(line);
                if (bytes.Length < next + size + 2) return false;
                text = kind + Encoding.Latin1.GetString(bytes.Slice(next, size));
                next += size + 2;
                break;
            case '*' or '%' or '~' or '>' when line != "-1":
                var items = new List<string>();
                for (var left = int.Parse(line) * (kind == '%' ? 2 : 1); left > 0; left--)
                {
                    if (!TryShow(bytes, ref next, out var item)) return false;
                    items.Add(item);
                }
                var all = string.Join(' ', items);
                text = kind switch { '*' => $"[{all}]", '%' => $"{{{all}}}", '~' => $"~({all})", _ => $">({all})" };
                break;
            default:
                text = kind == '_' || line == "-1" && kind is '$' or '*' ? "nil" : kind + line;
                break;
        }
        at = next;
        return true;
    }
}
