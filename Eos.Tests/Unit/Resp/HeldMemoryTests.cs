using Eos.Tests.Support;

namespace Eos.Tests.Unit.Resp;

/// <summary>What clients can make the door hold. Beside no other test: what is measured is the memory of this process.</summary>
[Collection(ProcessesCollection.Name)]
public class HeldMemoryTests
{
    [Fact]
    public async Task Halves_of_large_requests_hold_no_more_than_was_sent()
    {
        await using var door = await RespDouble.StartAsync();
        var halves = new List<RespClient>();
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < 200; i++)
        {
            halves.Add(await door.ConnectAsync());
            await halves[^1].SendAsync("*3\r\n$3\r\nset\r\n$1\r\nk\r\n$1048576\r\nonly this");
        }
        await Eventually.True(() => door.Server.Clients == 200, "all are connected");
        Assert.InRange(GC.GetTotalMemory(true) - before, long.MinValue, 60L << 20);
        using var healthy = await door.ConnectAsync();
        Assert.Equal("+PONG", await healthy.AskAsync("ping"));
        halves.ForEach(h => h.Dispose());
    }
}
