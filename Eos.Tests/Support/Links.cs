using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Eos.Tests.Support;

/// <summary>
/// The network between nodes on one machine: each has a place on a loopback address of its own, which is what the others know, and binds another port behind it. Who
/// opens a connection says its own address first, so each direction between any two nodes is a <see cref="Link"/> that can be slow or cut.
/// </summary>
internal sealed class Links : IDisposable
{
    private sealed record Place(string Host, TcpListener Listener, int Behind)
    {
        public int Port => ((IPEndPoint)Listener.LocalEndpoint).Port;
    }

    private const int Pieces = 256;
    private readonly List<Place> _places = [];
    private readonly ConcurrentDictionary<(int From, int To), Link> _links = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>How many nodes have a place.</summary>
    public int Count => _places.Count;

    /// <summary>Gives the next node its place, before the port that it will bind.</summary>
    public int Join(int behind)
    {
        // all hosts have the same length, so that none is the beginning of another
        var place = new Place($"127.0.0.{11 + _places.Count}", new TcpListener(IPAddress.Parse($"127.0.0.{11 + _places.Count}"), 0), behind);
        place.Listener.Start();
        _places.Add(place);
        var node = _places.Count - 1;
        _ = AcceptAsync(node);
        return node;
    }

    /// <summary>The address by which others know that node, "host:port".</summary>
    public string AddressOf(int node) => $"{_places[node].Host}:{_places[node].Port}";

    /// <summary>What that node's remoting must be told.</summary>
    public IReadOnlyList<(string Key, string Value)> SettingsOf(int node) =>
    [
        ("akka.remote.dot-netty.tcp.hostname", "127.0.0.1"), ("akka.remote.dot-netty.tcp.port", $"{_places[node].Behind}"),
        ("akka.remote.dot-netty.tcp.public-hostname", _places[node].Host), ("akka.remote.dot-netty.tcp.public-port", $"{_places[node].Port}"),
    ];

    public Link this[int from, int to] => _links.GetOrAdd((from, to), _ => new Link());

    public IEnumerable<Link> All => from a in Enumerable.Range(0, Count) from b in Enumerable.Range(0, Count) where a != b select this[a, b];

    /// <summary>Cuts these nodes off from all others; <paramref name="oneWay"/>: they still hear them.</summary>
    public void Split(IReadOnlyCollection<int> side, bool oneWay = false)
    {
        foreach (var a in side)
            foreach (var b in Enumerable.Range(0, Count).Except(side))
            {
                this[a, b].Cut();
                if (!oneWay) this[b, a].Cut();
            }
    }

    public void Heal()
    {
        foreach (var link in All) link.Heal();
    }

    public void Dispose()
    {
        _end.Cancel();
        foreach (var place in _places) place.Listener.Stop();
        foreach (var socket in _open.Keys) socket.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync(int node)
    {
        try
        {
            while (true) _ = ServeAsync(node, await _places[node].Listener.AcceptSocketAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the network is gone
        }
    }

    private async Task ServeAsync(int node, Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        _open[near] = _open[far] = true;
        try
        {
            var hello = await HelloAsync(near);
            var opener = OpenerOf(hello);
            var (to, back) = opener < 0 ? (new Link(), new Link()) : (this[opener, node], this[node, opener]);
            await to.OpenAsync(_end.Token);
            await back.OpenAsync(_end.Token);
            await far.ConnectAsync(IPAddress.Loopback, _places[node].Behind, _end.Token);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            Task[] ways = [PumpAsync(near, far, to, hello, both.Token), PumpAsync(far, near, back, [], both.Token)];
            await Task.WhenAny(ways);
            await both.CancelAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or EndOfStreamException)
        {
            // one side is gone, or nobody listens behind: so is the other
        }
        finally
        {
            _open.TryRemove(near, out _);
            _open.TryRemove(far, out _);
            near.Dispose();
        }
    }

    /// <summary>The node whose host stands first in it, since the opener's own address comes before that of whom it calls; -1: none of ours.</summary>
    private int OpenerOf(byte[] hello)
    {
        var found = Enumerable.Range(0, Count).Select(node => (Node: node, At: hello.AsSpan().IndexOf(Encoding.ASCII.GetBytes(_places[node].Host)))).Where(f => f.At >= 0).ToList();
        return found.Count == 0 ? -1 : found.MinBy(f => f.At).Node;
    }

    /// <summary>The first frame: four bytes of length and the rest.</summary>
    private async Task<byte[]> HelloAsync(Socket from)
    {
        var head = new byte[4];
        await FillAsync(from, head);
        var length = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(head), BinaryPrimitives.ReadUInt32BigEndian(head));
        if (length > 64 * 1024) throw new EndOfStreamException();
        var rest = new byte[length];
        await FillAsync(from, rest);
        return [.. head, .. rest];
    }

    private async Task FillAsync(Socket from, Memory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var n = await from.ReceiveAsync(bytes, _end.Token);
            if (n == 0) throw new EndOfStreamException();
            bytes = bytes[n..];
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, Link link, byte[] first, CancellationToken end)
    {
        var pieces = Channel.CreateBounded<(long Due, byte[] Bytes)>(Pieces);
        await Task.WhenAll(ReadAsync(), WriteAsync());

        async Task ReadAsync()
        {
            try
            {
                if (first.Length > 0) await pieces.Writer.WriteAsync((Due(), first), end);
                var buffer = new byte[64 * 1024];
                while (await from.ReceiveAsync(buffer, end) is > 0 and var n) await pieces.Writer.WriteAsync((Due(), buffer[..n]), end);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // reset: what was under way arrives all the same
            }
            finally
            {
                pieces.Writer.TryComplete();
            }
        }

        async Task WriteAsync()
        {
            await foreach (var (due, bytes) in pieces.Reader.ReadAllAsync(end))
            {
                var left = due - Environment.TickCount64;
                if (left > 0)
                {
                    using var way = new PeriodicTimer(TimeSpan.FromMilliseconds(left));
                    await way.WaitForNextTickAsync(end);
                }
                await link.OpenAsync(end);
                for (var rest = bytes.AsMemory(); !rest.IsEmpty;) rest = rest[await to.SendAsync(rest, end)..];
            }
        }

        long Due() => Environment.TickCount64 + (long)link.NextDelay().TotalMilliseconds;
    }
}
