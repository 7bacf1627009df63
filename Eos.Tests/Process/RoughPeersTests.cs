using System.Net;
using System.Net.Sockets;
using System.Text;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A real node whose every port is sent nonsense, halves and lengths of a gigabyte, by peers that do not read their answers: it goes on serving all others.</summary>
[Collection(ProcessesCollection.Name)]
public class RoughPeersTests
{
    private const int Large = 16 << 20;

    [Fact]
    public async Task Rough_peers_on_any_port_hurt_only_themselves()
    {
        await using var node = await EosProcess.StartedAsync();
        using var http = new HttpFiles();
        var (redis, web, fst, remoting) = (Port(node.Status.Values["redis"]), Port(node.Status.Http), Port(node.Status.Fst), Port(node.Status.Remoting));
        Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(node.Status.Http, "/eos/dev/large", HttpFiles.Bytes(1, Large))).Status);
        using (var client = await RespClient.ConnectAsync(redis))
        {
            await client.SendAsync(RespClient.Command("set", "large", new string('x', 1 << 20)));
            Assert.Equal("+OK", await client.ReadAsync());
        }

        var rough = new List<Socket>();
        try
        {
            foreach (var port in new[] { redis, web, fst, remoting })
                for (var seed = 0; seed < 8; seed++) rough.Add(await SayAsync(port, HttpFiles.Bytes(seed, 1 << (seed + 4))));
            foreach (var text in (string[])["*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1073741824\r\nonly this", "*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1048576\r\nonly this", "*1073741824\r\n", "*2\r\n$3\r\nGE", "GET \"a"])
                rough.Add(await SayAsync(redis, text));
            foreach (var port in new[] { web, fst })
                foreach (var text in (string[])
                    [
                        "PUT /eos/dev/rough HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\nonly this", "GET /eos/dev/lar", "GET /eos/dev/large HTTP/1.1\r\nHost: x\r\nContent-Le",
                        "PUT /eos/dev/rough HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\nonly this", "GET /" + new string('a', 100_000) + " HTTP/1.1\r\n\r\n",
                    ])
                    rough.Add(await SayAsync(port, text));
            foreach (var text in (string[])["\x40\0\0\0", "\0\0\0\x40", "\0\0\x10\0half", "\0\x10\0\0half", "\x16\x03\x01\x02\0\x01\0\x01\xfc"])
                rough.Add(await SayAsync(remoting, text));
            // who asks for much and reads nothing
            rough.Add(await SayAsync(redis, string.Concat(Enumerable.Repeat("GET large\r\n", 1000))));
            for (var i = 0; i < 4; i++) rough.Add(await SayAsync(fst, $"GET {await http.RedirectAsync(node.Status.Http, "/eos/dev/large")} HTTP/1.1\r\nHost: x\r\n\r\n"));

            await ServesAsync(node, http, redis, "meanwhile");
            using var process = System.Diagnostics.Process.GetProcessById(node.Pid);
            Assert.InRange(process.WorkingSet64, 0, 800L << 20);
        }
        finally
        {
            rough.ForEach(s => s.Dispose());
        }
        await ServesAsync(node, http, redis, "afterwards");
    }

    /// <summary>Each port still does its work for who asks properly.</summary>
    private static async Task ServesAsync(EosProcess node, HttpFiles http, int redis, string name)
    {
        using var client = await RespClient.ConnectAsync(redis);
        Assert.Equal("+OK", await client.AskAsync($"set {name} 1"));
        Assert.Equal("$1", await client.AskAsync($"get {name}"));
        var bytes = HttpFiles.Bytes(7, 300_000);
        Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(node.Status.Http, $"/eos/dev/{name}", bytes)).Status);
        Assert.Equal(bytes, await http.ReadAsync(node.Status.Http, $"/eos/dev/{name}"));
        var listed = await node.CliAsync("ls", "/eos/dev");
        Assert.True(listed.Code == 0, listed.Error + node.Log);
        Assert.Contains(name, listed.Output.Split('\n'));
        Assert.DoesNotContain("rough", listed.Output);
    }

    private static Task<Socket> SayAsync(int port, string text) => SayAsync(port, Encoding.Latin1.GetBytes(text));

    /// <summary>Says it and keeps the connection; that the node has had enough of it in the middle is well.</summary>
    private static async Task<Socket> SayAsync(int port, byte[] bytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // refused halfway
        }
        return socket;
    }

    private static int Port(string address) => int.Parse(address.Split(':')[1]);
}
