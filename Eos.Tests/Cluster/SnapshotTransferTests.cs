using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>A member that lacks what the log does not have any more gets the state itself, and can lead with it.</summary>
[Collection(ClustersCollection.Name)]
public sealed class SnapshotTransferTests
{
    private const int Keys = 300;

    [Fact]
    public async Task A_newcomer_gets_the_state_in_pieces_and_then_leads_with_it()
    {
        await using var group = await RespGroup.StartAsync(
            1, PatientGroup.Of(2) + "\neos.raft.keep-entries = 0\neos.qdb.chunk-size = 4 KiB\neos.qdb.state { flush-interval = 5ms, keep.interval = 20ms }");
        var first = group.Members[0];
        using var client = await first.ConnectAsync();
        for (var i = 0; i < Keys; i++) Assert.Equal("+OK", await client.AskAsync($"set k{i} {i}{new string('v', 500)}"));
        for (var i = 0; i < 20; i++) Assert.Equal(":1", await client.AskAsync($"hset h f{i} {i}"));
        await Eventually.Is(() => LogStart(client), start => start > 100, "the log is trimmed");
        var second = await group.StartOutsiderAsync();
        Assert.Equal("+OK", await client.AskAsync($"raft-add-observer {second.Id}"));
        await Eventually.Is(() => client.AskAsync($"raft-promote-observer {second.Id}"), a => a == "+OK", "it has the state and is promoted");
        Assert.Equal("+OK", await client.AskAsync("set after 1"));
        await Eventually.Is(async () => { await second.AskAsync("raft-attempt-coup"); return await second.AskAsync("get after"); }, a => a == "$1", "it leads");
        Assert.Equal($"$7{new string('v', 500)}", await second.AskAsync("get k7"));
        Assert.Equal(":20", await second.AskAsync("hlen h"));
        Assert.Equal("[+state-machine: OK]", await second.AskAsync("quarkdb-verify-checksum"));
        Assert.Equal("+OK", await second.AskAsync("set last 1"));
    }

    private static async Task<long> LogStart(RespClient client)
    {
        var info = await client.AskAsync("raft-info");
        var at = info.IndexOf("LOG-START ", StringComparison.Ordinal) + "LOG-START ".Length;
        return long.Parse(new string([.. info[at..].TakeWhile(char.IsAsciiDigit)]));
    }
}
