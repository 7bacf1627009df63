using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Eos.Tests.Support.Chaos;

/// <summary>How a store lies.</summary>
internal enum Lie
{
    None = 0,

    /// <summary>Now and then it acknowledges a write and forgets it.</summary>
    ForgetsWrites = 1,

    /// <summary>Now and then it answers with the value before the present one.</summary>
    ReadsThePast = 2,

    /// <summary>Now and then it counts the same number twice.</summary>
    CountsTwice = 3,

    /// <summary>Now and then it says that the outcome is unknown, and applies the write or does not: no lie, but a trap for the harness.</summary>
    DoesNotKnow = 4,
}

/// <summary>A store in memory behind the Redis protocol that lies, to prove that the harness notices.</summary>
internal sealed class LyingStore : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly Dictionary<string, (string? Value, string? Before)> _values = [];
    private readonly Lock _gate = new();
    private readonly Lie _lie;
    private readonly Random _random = new(7);

    public LyingStore(Lie lie)
    {
        _lie = lie;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _listener.Stop();
        foreach (var socket in _open.Keys) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        _open[socket] = true;
        try
        {
            using var reader = new StreamReader(new NetworkStream(socket, ownsSocket: true), Encoding.Latin1);
            while (await CommandAsync(reader) is { } words) await socket.SendAsync(Encoding.Latin1.GetBytes(Answer(words)));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // the client has left
        }
        _open.TryRemove(socket, out _);
    }

    private static async Task<string[]?> CommandAsync(StreamReader reader)
    {
        if (await reader.ReadLineAsync() is not { } head) return null;
        var words = new string[int.Parse(head.AsSpan(1))];
        for (var i = 0; i < words.Length; i++)
        {
            await reader.ReadLineAsync();
            words[i] = await reader.ReadLineAsync() ?? throw new IOException("half a command");
        }
        return words;
    }

    private string Answer(string[] words)
    {
        lock (_gate)
        {
            var lies = _random.Next(100) == 0;
            var key = words[0] is "HSET" or "HGET" ? $"{words[1]}/{words[2]}" : words[1];
            var (value, before) = _values.GetValueOrDefault(key);
            switch (words[0])
            {
                case "GET" or "HGET":
                    var told = lies && _lie == Lie.ReadsThePast ? before : value;
                    return told is null ? "$-1\r\n" : $"${told.Length}\r\n{told}\r\n";
                case "INCR":
                    var next = (int.Parse(value ?? "0") + (lies && _lie == Lie.CountsTwice ? 0 : 1)).ToString();
                    _values[key] = (next, value);
                    return $":{next}\r\n";
                default:
                    var forgets = lies && (_lie == Lie.ForgetsWrites || _lie == Lie.DoesNotKnow && _random.Next(2) == 0);
                    if (!forgets) _values[key] = (words[^1], value);
                    return lies && _lie == Lie.DoesNotKnow ? "-ERR unavailable\r\n" : words[0] == "SET" ? "+OK\r\n" : ":1\r\n";
            }
        }
    }
}
