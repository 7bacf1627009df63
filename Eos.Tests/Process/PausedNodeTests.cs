using System.Net;
using Eos.Client;
using Eos.Kernel;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A node of three is stopped for longer than its session lasts, and wakes.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class PausedNodeTests : IAsyncLifetime
{
    private const int Directories = 12;
    private const int FilesEach = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly EosProcess[] _nodes;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(90) };

    public PausedNodeTests() => _nodes = [.. Enumerable.Range(1, 3).Select(n => new EosProcess(_folder, $"node{n}"))];

    public async Task InitializeAsync()
    {
        var ports = FreePort.Take(_nodes.Length);
        string[] members = [.. ports.SelectMany(p => new[] { "--member", $"127.0.0.1:{p}" })];
        foreach (var node in _nodes) Directory.CreateDirectory(node.Data);
        Keytab.OpenOrCreate(_nodes[0].Keytab);
        foreach (var node in _nodes[1..]) File.Copy(_nodes[0].Keytab, node.Keytab);
        await Task.WhenAll(_nodes.Select((node, i) => node.StartAsync(["--set", $"akka.remote.dot-netty.tcp.port={ports[i]}", .. members])));
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        foreach (var node in _nodes) await node.DisposeAsync();
    }

    /// <summary>Its directories live elsewhere by then, and have changed. Questions to it, also those that waited while it slept, are answered with the change or not at all.</summary>
    [Fact]
    public async Task A_node_that_wakes_answers_nothing_stale_and_serves_again_by_itself()
    {
        var (paused, awake) = (_nodes[1], _nodes[0]);
        for (var i = 0; i < Directories; i++) await MakeAsync(awake, $"d{i}");
        for (var i = 0; i < Directories; i++)
            Assert.Equal("", Lines(await Eventually.Is(() => ListAsync(paused, $"d{i}"), answer => answer.Status == HttpStatusCode.OK, $"d{i} is listed")));

        await using var line = new CommandLineInProcess([awake.Status.Remoting], awake.Keytab);
        await Task.WhenAll(Files.Select(async file => Assert.Equal(0, (await line.RunAsync(["touch", "-n", file.From])).Code)));
        var first = new TaskCompletionSource();
        var moves = Task.WhenAll(Files.Select(async file =>
        {
            var said = await line.RunAsync(["file", "rename", file.From, file.To]);
            first.TrySetResult();
            return said;
        }));
        await first.Task;
        await paused.PauseAsync();
        for (var i = 0; i < Directories; i++) await MakeAsync(awake, $"d{i}/new");
        var moved = await moves;
        var waiting = Enumerable.Range(0, Directories).Select(i => ListAsync(paused, $"d{i}")).ToList();
        await paused.ContinueAsync();
        var asked = Enumerable.Range(0, Directories).Select(i => ListAsync(paused, $"d{i}"));
        foreach (var answer in await Task.WhenAll(waiting.Concat(asked)))
            Assert.True(answer.Status != HttpStatusCode.OK || Lines(answer).Contains("new", StringComparison.Ordinal), $"stale: {answer}");

        for (var i = 0; i < Directories; i++)
            await Eventually.Is(() => ListAsync(paused, $"d{i}"), answer => answer.Status == HttpStatusCode.OK && Lines(answer).Contains("new", StringComparison.Ordinal), $"d{i} through the node that was paused");
        foreach (var ((from, to), said) in Files.Zip(moved))
        {
            var places = new[] { await IsThereAsync(line, from), await IsThereAsync(line, to) };
            Assert.True(places[0] != places[1] && (said.Code != 0 || places[1]) && (said.Code != (int)Errno.Busy || places[0]), $"{from} to {to}: {said}; it is in {string.Join(", ", places)}");
        }
    }

    /// <summary>From each directory into the next one, which most likely lives on another node.</summary>
    private static IEnumerable<(string From, string To)> Files =>
        Enumerable.Range(0, Directories * FilesEach).Select(i => ($"/eos/dev/d{i % Directories}/f{i}", $"/eos/dev/d{(i + 1) % Directories}/m{i}"));

    private static async Task<bool> IsThereAsync(CommandLineInProcess line, string path)
    {
        var said = await line.RunAsync(["stat", path]);
        return said.Code == 0 || (said.Code == (int)Errno.Fault ? false : throw new InvalidOperationException($"{said}")); // `eos stat` says so of what is not there
    }

    /// <summary>Until it is done, or was done by a try before.</summary>
    private Task MakeAsync(EosProcess node, string name) => Eventually.Is(
        async () =>
        {
            using var request = new HttpRequestMessage(new HttpMethod("MKCOL"), $"http://{node.Status.Http}/eos/dev/{name}");
            using var answer = await _http.SendAsync(request);
            return answer.StatusCode;
        },
        status => status is HttpStatusCode.Created or HttpStatusCode.Conflict or HttpStatusCode.MethodNotAllowed, $"make {name}");

    private async Task<(HttpStatusCode Status, string Text)> ListAsync(EosProcess node, string name)
    {
        try
        {
            using var answer = await _http.GetAsync($"http://{node.Status.Http}/eos/dev/{name}/");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e)
        {
            return (HttpStatusCode.ServiceUnavailable, e.Message);   // it is beginning anew
        }
    }

    private static string Lines((HttpStatusCode Status, string Text) answer) => answer.Text.Trim();
}
