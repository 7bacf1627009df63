using System.Net;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A node as a process: how it starts, whom it refuses, how it leaves, and clients that are in each other's way or die.</summary>
public sealed class NodeProcessTests(OneNode one) : IClassFixture<OneNode>
{
    private EosProcess Node => one.Node;

    private Task<Outcome> Curl(params string[] words) => Child.RunAsync("curl", ["-sS", "--max-time", "60", .. words]);

    [CurlFact]
    public async Task Curl_as_the_readme_shows_it()
    {
        var (file, back, url) = (Node.Scratch("file"), Node.Scratch("back"), $"http://{Node.Status.Http}/eos/dev/readme");
        var bytes = HttpFiles.Bytes(1, 100_000);
        await File.WriteAllBytesAsync(file, bytes);
        Assert.Equal("201", (await Curl("-T", file, "-L", url, "-w", "%{http_code}")).Output);
        await Curl("-L", url, "-o", back);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(back));
        Assert.Equal("206", (await Curl("-L", "-r", "0-99", url, "-o", back, "-w", "%{http_code}")).Output);
        Assert.Equal(bytes[..100], await File.ReadAllBytesAsync(back));
        await Curl("-L", "-r", "-10", url, "-o", back);
        Assert.Equal(bytes[^10..], await File.ReadAllBytesAsync(back));
        Assert.Equal("416", (await Curl("-L", "-r", "100000-", url, "-o", back, "-w", "%{http_code}")).Output);
        var head = (await Curl("-I", url)).Output;
        Assert.Contains("HTTP/1.1 200", head);
        Assert.Contains("Content-Length: 100000", head);
        Assert.Contains("Digest: adler32=", head);
        Assert.Contains("ETag: ", head);
        Assert.Contains("Content-Length: 100000", (await Curl("-L", "-I", url)).Output);
        Assert.Equal("204", (await Curl("-X", "DELETE", url, "-w", "%{http_code}")).Output);
        var gone = (await Curl("-L", url, "-w", "%{http_code}")).Output;
        Assert.Contains("(errc=2)", gone);
        Assert.EndsWith("404", gone);
        Assert.Contains("\"state\":\"up\"", (await Curl($"http://{Node.Status.Http}/health")).Output);
        Assert.Contains("# TYPE ", (await Curl($"http://{Node.Status.Http}/metrics")).Output);
    }

    [Fact]
    public async Task Of_two_writers_of_a_new_name_one_wins_and_the_other_is_told()
    {
        using var http = new HttpFiles();
        for (var i = 0; i < 10; i++)
        {
            var name = $"/eos/dev/race{i}";
            var contents = new[] { HttpFiles.Bytes(i, 200_000), HttpFiles.Bytes(-i - 1, 200_001) };
            var answers = await Task.WhenAll(contents.Select(c => http.PutAsync(Node.Status.Http, name, c, onlyNew: true)));
            var winner = Assert.Single(Enumerable.Range(0, 2), w => answers[w].Status == HttpStatusCode.Created);
            var loser = answers[1 - winner];
            Assert.Equal(HttpStatusCode.Conflict, loser.Status);
            Assert.True(loser.Errno is "16" or "17", $"{loser}");
            Assert.NotEqual("", loser.Text);
            Assert.Equal(contents[winner], await http.ReadAsync(Node.Status.Http, name));
        }
    }

    [Fact]
    public async Task A_client_that_dies_in_the_middle_leaves_no_name_and_no_bytes()
    {
        using var http = new HttpFiles();
        using var namespaceDoor = await RawHttp.ConnectAsync(PortOf(Node.Status.Http));
        await namespaceDoor.SendAsync("PUT /eos/dev/dying HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
        var answer = await namespaceDoor.ReadAsync("\r\n\r\n");
        var target = new Uri(answer.Split("\r\n").Single(l => l.StartsWith("Location: ", StringComparison.OrdinalIgnoreCase))["Location: ".Length..]);
        using var dataDoor = await RawHttp.ConnectAsync(target.Port);
        await dataDoor.SendAsync($"PUT {target.PathAndQuery} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n");
        Assert.Contains("100 Continue", await dataDoor.ReadAsync("\r\n\r\n"));
        await dataDoor.SendAsync(HttpFiles.Bytes(1, 1_000_000));
        await Eventually.True(() => Parts() > 0, "bytes on disk");
        dataDoor.Die();
        await Eventually.True(() => Parts() == 0, "bytes gone");
        Assert.DoesNotContain(await http.ListAsync(Node.Status.Http, "/eos/dev"), f => f.Name == "dying");
        Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(Node.Status.Http, "/eos/dev/dying", HttpFiles.Bytes(2, 10))).Status);

        int Parts() => Directory.GetFiles(Path.Combine(Node.Data, "fst"), "*.part", SearchOption.AllDirectories).Length;
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused()
    {
        var second = await Child.RunAsync("Eos.Host.dll", ["--data", Node.Data]);
        Assert.Equal(22, second.Code);
        Assert.StartsWith($"error: the data folder {Node.Data} is in use by another process", second.Error);
    }

    [Theory]
    [InlineData("--data is missing")]
    [InlineData("there is no option --datta", "--datta", "/tmp/x")]
    [InlineData("--data needs a value", "--data")]
    [InlineData("there is no role 'king'", "--roles", "king", "--data", "DATA")]
    [InlineData("--set needs KEY=VALUE", "--set", "nothing", "--data", "DATA")]
    [InlineData("eos.node.restart-pause", "--set", "eos.node.restart-pause=soon", "--data", "DATA")]
    [InlineData("nosuch.conf", "--config", "DATA/nosuch.conf", "--data", "DATA")]
    public async Task Wrong_options_are_named_and_end_with_22(string text, params string[] words)
    {
        using var folder = new TemporaryFolder();
        var outcome = await Child.RunAsync("Eos.Host.dll", words.Select(w => w.Replace("DATA", folder.Path)));
        Assert.True(outcome.Code == 22, $"{outcome}");
        Assert.Contains(text, outcome.Error);
        Assert.Contains("(errc=22)", outcome.Error);
    }

    [Fact]
    public async Task A_node_that_is_asked_to_end_leaves_in_order_and_has_all_when_it_comes_back()
    {
        await using var node = await EosProcess.StartedAsync();
        using var http = new HttpFiles();
        var files = Enumerable.Range(0, 10).ToDictionary(i => $"/eos/dev/f{i}", i => HttpFiles.Bytes(i, i * 10_000));
        for (var round = 0; round < 2; round++)
        {
            foreach (var (name, bytes) in files)
            {
                if (round == 0) Assert.Equal(HttpStatusCode.Created, (await http.PutAsync(node.Status.Http, name, bytes)).Status);
                Assert.Equal(bytes, await http.ReadAsync(node.Status.Http, name));
            }

            using var clock = new MachineClock();
            Assert.Equal(0, await node.StopAsync());
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
            Assert.Contains("state=down", await File.ReadAllTextAsync(Path.Combine(node.Data, "node.status")));
            await node.StartAsync();
        }
    }

    [Fact]
    public async Task A_status_that_can_not_be_written_ends_no_node_and_is_written_later()
    {
        await using var node = new EosProcess();
        var inTheWay = Path.Combine(node.Data, "node.status.part");
        Directory.CreateDirectory(inTheWay);
        var starting = node.StartAsync();
        await Eventually.True(() => node.Log.Contains("the status of the node can not be written yet"), "the node says so");
        Directory.Delete(inTheWay);
        await starting;
        Directory.CreateDirectory(inTheWay);
        Assert.Equal(0, await node.StopAsync());
    }

    private static int PortOf(string place) => int.Parse(place[(place.LastIndexOf(':') + 1)..]);
}
