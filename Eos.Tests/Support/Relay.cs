using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Eos.Tests.Support;

/// <summary>A TCP relay on loopback that a test can cut, stall, or slip bytes into.</summary>
public sealed class Relay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private TcpClient? _lastUp;
    private volatile TaskCompletionSource _flowing = Done();
    private int _target;
    private long _passed;
    private long _stallAt = long.MaxValue;
    private int _held;

    public Relay()
    {
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were made through it.</summary>
    public int Connections { get; private set; }

    /// <summary>How many ends are open.</summary>
    public int Open => _open.Count;

    public void To(int port) => _target = port;

    /// <summary>Closes every connection; new ones may be made.</summary>
    public void Cut()
    {
        foreach (var client in _open.Keys) Drop(client);
    }

    /// <summary>Nothing passes until <see cref="Resume"/>.</summary>
    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _flowing.TrySetResult();

    /// <summary>Lets so many further pieces through and holds the next, until <see cref="Resume"/>.</summary>
    public void StallAfter(int pieces) => Volatile.Write(ref _stallAt, Interlocked.Read(ref _passed) + pieces);

    /// <summary>Waits until a piece has come that does not pass.</summary>
    public Task Holds() => Eventually.True(() => Volatile.Read(ref _held) > 0, "the relay holds a piece");

    /// <summary>Waits until so many further pieces have gone through, in either direction: heartbeats and their answers, when nobody speaks.</summary>
    public Task Passes(int pieces)
    {
        var goal = Interlocked.Read(ref _passed) + pieces;
        return Eventually.True(() => Interlocked.Read(ref _passed) >= goal, $"{pieces} pieces pass the relay");
    }

    /// <summary>Sends bytes to the target in the name of the connection's opener.</summary>
    public void Inject(byte[] bytes) => _lastUp!.GetStream().Write(bytes);

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var down = await _listener.AcceptTcpClientAsync();
                var up = new TcpClient();
                if (!await Reaches(up))
                {
                    down.Close();
                    continue;
                }
                Connections++;
                _lastUp = up;
                _open[up] = _open[down] = true;
                _ = Copy(down, up);
                _ = Copy(up, down);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>Whether somebody listens behind: a system that is just being started anew does not.</summary>
    private async Task<bool> Reaches(TcpClient up)
    {
        try
        {
            await up.ConnectAsync(IPAddress.Loopback, _target);
            return true;
        }
        catch (SocketException)
        {
            up.Dispose();
            return false;
        }
    }

    private async Task Copy(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (true)
            {
                var n = await from.GetStream().ReadAsync(buffer);
                if (n == 0) break;
                if (Interlocked.Read(ref _passed) >= Interlocked.Read(ref _stallAt))
                {
                    Volatile.Write(ref _stallAt, long.MaxValue);
                    Stall();
                }
                if (!_flowing.Task.IsCompleted) Interlocked.Increment(ref _held);
                await _flowing.Task;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, n));
                Interlocked.Increment(ref _passed);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone: so is the other.
        }
        Drop(from);
        Drop(to);
    }

    private void Drop(TcpClient client)
    {
        _open.TryRemove(client, out _);
        client.Close();
    }

    public void Dispose()
    {
        _listener.Stop();
        Cut();
    }
}
