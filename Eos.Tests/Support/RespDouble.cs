using Akka.Configuration;
using Eos.Host.Resp;
using Eos.Kernel;

namespace Eos.Tests.Support;

/// <summary>A Redis door before a group in memory.</summary>
internal sealed class RespDouble : IAsyncDisposable
{
    private RespDouble(LocalGroup group, RespServer server, MovedClock clock) => (Group, Server, Clock) = (group, server, clock);

    public LocalGroup Group { get; }

    public RespServer Server { get; }

    public MovedClock Clock { get; }

    /// <param name="settings">HOCON below eos.resp.</param>
    public static async Task<RespDouble> StartAsync(string settings = "")
    {
        var (group, clock) = (new LocalGroup(), new MovedClock());
        var server = await RespServer.StartAsync(SettingsOf(settings), group, clock, null, CancellationToken.None);
        group.Published = server.Publish;
        return new RespDouble(group, server, clock);
    }

    /// <param name="settings">HOCON below eos.resp.</param>
    public static RespSettings SettingsOf(string settings) => RespSettings.From(new Eos.Kernel.Settings(
        ConfigurationFactory.ParseString($"eos.resp {{ bind = \"127.0.0.1\", port = 0, check-interval = 10ms\n{settings} }}"), "eos.resp"));

    public Task<RespClient> ConnectAsync() => RespClient.ConnectAsync(Server.Port);

    public async ValueTask DisposeAsync()
    {
        Group.Release();
        await Server.DisposeAsync();
        Group.Dispose();
    }

    /// <summary>The machine's clock, as much later as a test says.</summary>
    public sealed class MovedClock : IClock
    {
        public TimeSpan By { get; set; }

        public Instant Now => SystemClock.Instance.Now + By;
    }
}
