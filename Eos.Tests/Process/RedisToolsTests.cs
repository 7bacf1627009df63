using System.Text;
using System.Text.RegularExpressions;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>Redis' own client programs against doors before a real group.</summary>
[Collection(ProcessesCollection.Name)]
public partial class RedisToolsTests
{
    [RedisToolsFact]
    public async Task Redis_cli_reads_writes_and_shows()
    {
        await using var group = await RespGroup.StartAsync(1);
        var port = group.Members[0].Door.Port;
        Assert.Equal("PONG", await RedisTools.CliAsync(port, "ping"));
        Assert.Equal("OK", await RedisTools.CliAsync(port, "set", "a", "two words"));
        Assert.Equal("two words", await RedisTools.CliAsync(port, "get", "a"));
        Assert.Equal("2", await RedisTools.CliAsync(port, "hset", "h", "f", "1", "g", "2"));
        Assert.Equal("1# \"f\" => \"1\"\n2# \"g\" => \"2\"", await RedisTools.CliAsync(port, "-3", "--no-raw", "hgetall", "h"));
        Assert.Equal("(nil)", await RedisTools.CliAsync(port, "--no-raw", "get", "nothing"));
        Assert.Contains("redis_version:7.0.0", await RedisTools.CliAsync(port, "info", "server"));
        Assert.Contains("STATUS LEADER", await RedisTools.CliAsync(port, "raft-info"));
        Assert.Contains("unknown command 'nonsense'", await RedisTools.CliAsync(port, "nonsense"));
    }

    [RedisToolsFact]
    public async Task Redis_cli_loads_in_bulk()
    {
        await using var group = await RespGroup.StartAsync(1);
        var port = group.Members[0].Door.Port;
        var commands = Enumerable.Range(0, 5000).SelectMany(i => RespClient.Command("set", $"k{i}", $"value {i}")).ToArray();
        var outcome = await Child.RunAsync("redis-cli", ["-p", $"{port}", "--pipe"], input: commands);
        Assert.Contains("errors: 0, replies: 5000", outcome.Output);
        Assert.Equal("value 4999", await RedisTools.CliAsync(port, "get", "k4999"));
        var script = Encoding.ASCII.GetBytes("multi\nincr n\nincr n\nexec\nget n\n");
        Assert.Equal("OK\nQUEUED\nQUEUED\n1\n2\n2\n", (await Child.RunAsync("redis-cli", ["-p", $"{port}"], input: script)).Output);
    }

    [RedisToolsFact]
    public async Task Redis_cli_authenticates()
    {
        const string secret = "0123456789abcdef0123456789abcdef";
        await using var group = await RespGroup.StartAsync(1, $"eos.resp {{ password = \"{secret}\" }}");
        await using var door = await RespDouble.StartAsync($"password = \"{secret}\", require-password-for-localhost = on");
        Assert.Contains("NOAUTH", await RedisTools.CliAsync(door.Server.Port, "get", "a"));
        Assert.EndsWith("OK", await RedisTools.CliAsync(door.Server.Port, "--no-auth-warning", "-a", secret, "set", "a", "1"));
        Assert.Equal("OK", await RedisTools.CliAsync(group.Members[0].Door.Port, "set", "a", "1"));
    }

    [RedisToolsFact]
    public async Task Redis_tools_speak_TLS()
    {
        using var folder = new TemporaryFolder();
        var (pkcs12, pem) = OwnCertificate.Write(folder);
        await using var door = await RespDouble.StartAsync($"enable-ssl = on, ssl.certificate {{ path = \"{pkcs12}\", password = {OwnCertificate.Word} }}");
        Assert.Equal("OK", await RedisTools.CliAsync(door.Server.Port, "--tls", "--cacert", pem, "set", "a", "two words"));
        Assert.Equal("two words", await RedisTools.CliAsync(door.Server.Port, "--tls", "--cacert", pem, "get", "a"));
        Assert.Contains("certificate verify failed", await RedisTools.CliAsync(door.Server.Port, "--tls", "get", "a"));
        var outcome = await Child.RunAsync(
            "redis-benchmark", ["-p", $"{door.Server.Port}", "--tls", "--cacert", pem, "-t", "set,get", "-n", "2000", "-c", "20", "-P", "32", "--csv"]);
        Assert.Equal(0, outcome.Code);
        Assert.Equal(2, Rows().Count(outcome.Output));
    }

    [RedisToolsFact]
    public async Task Redis_cli_follows_the_redirection_to_the_leader()
    {
        await using var group = await RespGroup.StartAsync(3);
        var (_, followers) = await group.LeaderAsync();
        foreach (var follower in followers)
        {
            await Eventually.Is(() => follower.AskAsync("get a"), a => a.StartsWith("-MOVED", StringComparison.Ordinal), "the follower knows the leader's door");
            Assert.Contains("MOVED", await RedisTools.CliAsync(follower.Door.Port, "set", "a", "1"));
            Assert.Equal("OK", await RedisTools.CliAsync(follower.Door.Port, "-c", "set", "a", follower.Redis));
            Assert.Equal(follower.Redis, await RedisTools.CliAsync(follower.Door.Port, "-c", "get", "a"));
        }
    }

    [RedisToolsFact]
    public async Task Redis_benchmark_runs_with_and_without_pipelining()
    {
        await using var group = await RespGroup.StartAsync(1);
        foreach (var pipeline in new[] { "1", "32" })
        {
            var outcome = await Child.RunAsync(
                "redis-benchmark", ["-p", $"{group.Members[0].Door.Port}", "-t", "ping,set,get,incr,sadd,hset,mset", "-n", "2000", "-c", "20", "-P", pipeline, "-r", "1000", "--csv"]);
            Assert.Equal(0, outcome.Code);
            Assert.DoesNotContain("rror", outcome.Output + outcome.Error);
            Assert.Equal(8, Rows().Count(outcome.Output));
        }
    }

    [GeneratedRegex("^\"[A-Z]", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
