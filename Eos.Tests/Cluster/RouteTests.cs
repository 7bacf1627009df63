using Akka.Actor;
using Eos.Client;
using Eos.Fst;
using Eos.Host.Http;
using Eos.Kernel;
using Eos.Services;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Endpoints of routes, asked over the loopback device.</summary>
public sealed class RouteTests : ActorTest
{
    private readonly EosInProcess _eos;

    public RouteTests()
    {
        _eos = new EosInProcess(Sys, SystemClock.Instance, TestActor);
        Sys.ActorOf(RouteWatch.Props(_eos.Parts.Instance, new RouteSettings(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30), 2)), RouteWatch.Name);
    }

    [Fact]
    public async Task Clients_are_sent_to_the_master_and_the_list_marks_it_and_what_is_offline()
    {
        await using var one = await Endpoints.StartAsync("up", "elsewhere");
        await using var two = await Endpoints.StartAsync("up", "here");
        var dead = FreePort.Take(1)[0];
        var (lost, first, second) = ($"127.0.0.1:1094:{dead}", $"127.0.0.1:1095:{one.Port}", $"127.0.0.1:1096:{two.Port}");
        await _eos.Client.AdministerAsync("route", "link", ["/eos/far/", $"{lost},{first},{second}"]);
        await Listed($"_{lost},{first},*{second}");
        Assert.Equal(1096, await Sent());
        two.Health = Endpoints.Of("waits for the group", "here");
        await Listed($"_{lost},{first},_{second}");
        Assert.Equal(1095, await Sent());
        one.Health = two.Health = Endpoints.Of("waits for the group", "elsewhere");
        await Listed($"_{lost},_{first},_{second}");
        Assert.Equal(1094, await Sent());
        await _eos.Client.AdministerAsync("route", "unlink", ["/eos/far/"]);
        Assert.Empty((await _eos.Client.AdministerAsync("route", "ls", [])).Lines);
    }

    private Task Listed(string endpoints) => Eventually.Is(
        async () => Assert.Single((await _eos.Client.AdministerAsync("route", "ls", [])).Lines), line => line == $"/eos/far/ => {endpoints}", "the list says so");

    private async Task<int> Sent() => (await Assert.ThrowsAsync<RoutedException>(() => _eos.Client.StatAsync("/eos/far/x"))).To.Port;

    /// <summary>The HTTP port of a node of another instance.</summary>
    private sealed class Endpoints : IAsyncDisposable
    {
        private HttpDoors _doors = null!;

        public Health Health { get; set; } = null!;

        public int Port => _doors.FstPort;

        public static Health Of(string state, string master) => new("far", ["mgm"], state, [new("master", master)]);

        public static async Task<Endpoints> StartAsync(string state, string master)
        {
            var node = new Endpoints { Health = Of(state, master) };
            var data = new DataParts(_ => null, () => new CapabilityKeys(new CapabilityKey(1, [.. new byte[32]]), null), SystemClock.Instance);
            node._doors = await HttpDoors.StartAsync(DataPort.Settings, null, data, () => node.Health, null, CancellationToken.None);
            return node;
        }

        public ValueTask DisposeAsync() => _doors.DisposeAsync();
    }
}
