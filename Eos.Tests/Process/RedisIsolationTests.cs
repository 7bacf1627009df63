using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A real node: whatever a client of the Redis protocol deletes or takes, files and the master's role stay.</summary>
[Collection(ProcessesCollection.Name)]
public class RedisIsolationTests
{
    [Fact]
    public async Task Deleting_everything_under_load_loses_no_file_and_no_master()
    {
        await using var node = await EosProcess.StartedAsync();
        var port = int.Parse(node.Status.Values["redis"].Split(':')[1]);
        Assert.Equal(0, (await node.CliAsync("mkdir", "-p", "/eos/dev/kept")).Code);
        await Eventually.Is(() => node.CliAsync("ns", "-m"), o => o.Output.Contains("is_master=true", StringComparison.Ordinal), "it is master");
        using var stop = new CancellationTokenSource();
        var load = Task.Run(() => DeleteAsync(port, stop.Token));
        var source = node.Scratch("source");
        await File.WriteAllTextAsync(source, "what is kept");
        for (var i = 0; i < 5; i++)
        {
            var copied = await node.CliAsync("cp", source, $"/eos/dev/kept/file{i}");
            Assert.True(copied.Code == 0, copied.Output + copied.Error);
        }
        Assert.StartsWith("is_master=true", (await node.CliAsync("ns", "-m")).Output.Split([' ', '\n']).First(w => w.StartsWith("is_master", StringComparison.Ordinal)));
        await stop.CancelAsync();
        Assert.True(await load > 0, "nothing was deleted");

        await node.KillAsync();
        await node.StartAsync();
        for (var i = 0; i < 5; i++) Assert.Equal("what is kept", (await node.CliAsync("cat", $"/eos/dev/kept/file{i}")).Output);
    }

    /// <summary>Everything by which user keys go or are taken, over and over; how often.</summary>
    private static async Task<int> DeleteAsync(int port, CancellationToken stop)
    {
        using var client = await RespClient.ConnectAsync(port);
        string[] commands =
        [
            "set master x", "lease-acquire cluster-seed nobody 100000", "lease-release master", "del master journal cluster-seed node-session lease", "flushall", "lease-release cluster-seed",
        ];
        var rounds = 0;
        for (; !stop.IsCancellationRequested; rounds++)
            foreach (var command in commands)
                Assert.NotEqual("<closed>", await client.AskAsync(command));
        return rounds;
    }
}
