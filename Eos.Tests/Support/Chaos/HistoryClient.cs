using System.Globalization;
using System.Net.Sockets;

namespace Eos.Tests.Support.Chaos;

/// <summary>
/// A client over the Redis protocol that asks one thing after the other of whichever node leads, and keeps what it was told. A node that answers -MOVED did nothing; of
/// anything else that is no answer (an error, silence, a lost connection) it does not know whether it happened.
/// </summary>
internal sealed class HistoryClient(History history, IReadOnlyList<int> ports, HistoryClient.Work work) : IDisposable
{
    /// <summary>How it works: keys of each kind, the pause between two operations, and how long it waits for an answer.</summary>
    public sealed record Work(int Keys, TimeSpan Pause, TimeSpan Patience, double Writes = 0.5);

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(5);
    private readonly Random _random = new();
    private RespClient? _connection;
    private int _port = ports[Random.Shared.Next(ports.Count)];

    public async Task RunAsync(CancellationToken end)
    {
        using var pace = new PeriodicTimer(work.Pause > TimeSpan.Zero ? work.Pause : TimeSpan.FromMilliseconds(1));
        while (!end.IsCancellationRequested)
        {
            await OneAsync();
            if (work.Pause > TimeSpan.Zero && !end.IsCancellationRequested) await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>One operation on some key.</summary>
    private Task OneAsync()
    {
        var key = _random.Next(work.Keys);
        var writes = _random.NextDouble() < work.Writes;
        return _random.Next(5) switch
        {
            0 => CountAsync($"chaos:c{key}"),
            1 or 2 when writes => WriteAsync($"chaos:h{key}/f", v => $"HSET chaos:h{key} f {v}"),
            1 or 2 => ReadAsync($"chaos:h{key}/f", $"HGET chaos:h{key} f"),
            _ when writes => WriteAsync($"chaos:r{key}", v => $"SET chaos:r{key} {v}"),
            _ => ReadAsync($"chaos:r{key}", $"GET chaos:r{key}"),
        };
    }

    private async Task WriteAsync(string key, Func<long, string> command)
    {
        var value = history.NextValue();
        var start = History.Now;
        switch (await AskAsync(command(value)))
        {
            case Told.Nothing:
                break;
            case Told.Answer { Text: "+OK" or ":1" or ":0" }:
                history.Wrote(key, value, start);
                break;
            default:
                history.MayHaveWritten(key, value, start);
                break;
        }
    }

    private async Task ReadAsync(string key, string command)
    {
        var start = History.Now;
        if (await AskAsync(command) is Told.Answer { Text: var text } && (text == "nil" || text[0] == '$'))
            history.Read(key, text == "nil" ? 0 : long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture), start);
    }

    private async Task CountAsync(string key)
    {
        var start = History.Now;
        switch (await AskAsync($"INCR {key}"))
        {
            case Told.Nothing:
                break;
            case Told.Answer { Text: [':', .. var number] }:
                history.Counted(key, long.Parse(number, CultureInfo.InvariantCulture), start);
                break;
            default:
                history.MayHaveCounted(key, start);
                break;
        }
    }

    /// <summary>Reads every key once from the node at hand, which must lead; false if it does not answer all of them.</summary>
    public async Task<bool> ReadAllAsync()
    {
        for (var key = 0; key < work.Keys; key++)
        {
            var before = history.Acknowledged;
            await ReadAsync($"chaos:h{key}/f", $"HGET chaos:h{key} f");
            await ReadAsync($"chaos:r{key}", $"GET chaos:r{key}");
            if (history.Acknowledged < before + 2) return false;
        }
        return true;
    }

    private abstract record Told
    {
        /// <summary>It did not happen and will not.</summary>
        public sealed record Nothing : Told;

        public sealed record Unknown : Told;

        public sealed record Answer(string Text) : Told;
    }

    private async Task<Told> AskAsync(string command)
    {
        try
        {
            _connection ??= await RespClient.ConnectAsync(_port).WaitAsync(work.Patience);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            await ElsewhereAsync(ports[_random.Next(ports.Count)]);
            return new Told.Nothing();
        }
        try
        {
            var answer = await _connection.AskAsync(command).WaitAsync(work.Patience);
            if (answer.StartsWith("-MOVED", StringComparison.Ordinal))
            {
                await ElsewhereAsync(int.Parse(answer.AsSpan(answer.LastIndexOf(':') + 1), CultureInfo.InvariantCulture));
                return new Told.Nothing();
            }
            if (answer[0] is not ('-' or '<')) return new Told.Answer(answer);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // the connection is lost, or nobody answers on it
        }
        await ElsewhereAsync(ports[_random.Next(ports.Count)]);
        return new Told.Unknown();
    }

    private async Task ElsewhereAsync(int port)
    {
        _connection?.Dispose();
        _connection = null;
        _port = port;
        using var pause = new PeriodicTimer(Retry);
        await pause.WaitForNextTickAsync();
    }

    public void Dispose() => _connection?.Dispose();
}
