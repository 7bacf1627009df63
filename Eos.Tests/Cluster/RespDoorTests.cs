using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Redis doors before a real group: what clients see of leaders, followers and members.</summary>
[Collection(ClustersCollection.Name)]
public class RespDoorTests
{
    [Fact]
    public async Task A_node_alone_answers_writes_reads_and_what_it_is()
    {
        await using var group = await RespGroup.StartAsync(1);
        var only = group.Members[0];
        using var client = await only.ConnectAsync();
        Assert.Equal("+OK", await client.AskAsync("set a 1"));
        Assert.Equal("$1", await client.AskAsync("get a"));
        await client.SendAsync("MULTI\r\nINCR a\r\nGET a\r\nEXEC\r\nGET a\r\n");
        for (var i = 0; i < 3; i++) await client.ReadAsync();
        Assert.Equal(["[:2 $2]", "$2"], [await client.ReadAsync(), await client.ReadAsync()]);

        var info = await client.AskAsync("raft-info");
        Assert.Matches(@"^\[\+TERM \d+ \+LOG-START \d+ \+LOG-SIZE \d+ \+LEADER 127\.0\.0\.1:\d+ \+CLUSTER-ID eos \+COMMIT-INDEX \d+ \+LAST-APPLIED \d+ \+BLOCKED-WRITES 0 \+LAST-STATE-CHANGE \d+ \(\d+ seconds\)", info);
        Assert.Contains($"+MYSELF {only.Id} +REDIS {only.Redis} +VERSION 1.2.3 +STATUS LEADER +NODE-HEALTH ", info);
        Assert.Contains($"+MEMBERSHIP-EPOCH 0 +NODES {only.Id} +OBSERVERS  +QUORUM-SIZE 1]", info);
        Assert.Equal($"${only.Id}", await client.AskAsync("raft-info leader"));
        Assert.StartsWith("[+TERM", await client.AskAsync("raft_leader_info"));
        Assert.StartsWith("[+MODE RAFT +BASE-DIRECTORY ", await client.AskAsync("quarkdb-info"));
        Assert.StartsWith("[+NODE-HEALTH ", await client.AskAsync("quarkdb-health"));
        Assert.Equal("$1.2.3", await client.AskAsync("quarkdb-version"));
        Assert.Equal("-ERR this member leads already", await client.AskAsync("raft-attempt-coup"));
    }

    [Fact]
    public async Task The_log_can_be_looked_at()
    {
        await using var group = await RespGroup.StartAsync(1);
        using var client = await group.Members[0].ConnectAsync();
        await client.AskAsync("set a 1");
        await client.AskAsync("set b 2");
        await client.SendAsync("MULTI\r\nSET c 3\r\nDEL a\r\nEXEC\r\n");
        for (var i = 0; i < 4; i++) await client.ReadAsync();
        var last = await client.AskAsync("raft-fetch-last 3");
        Assert.Matches(@"^\[\[\$TERM: \d+ \[\$set \$a \$1\]\] \[\$TERM: \d+ \[\$set \$b \$2\]\] \[\$TERM: \d+ \[\$TX-READWRITE \[\$SET \$c \$3\] \[\$DEL \$a\]\]\]\]$", last);
        var scan = await client.AskAsync("raft-journal-scan 0 MATCH set* COUNT 1000");
        Assert.Matches(@"^\[\$0 \[\[\$INDEX: \d+ \$TERM: \d+ \[\$set \$a \$1\]\] \[\$INDEX: (\d+) \$TERM: \d+ \[\$set \$b \$2\]\]\]\]$", scan);
        var index = System.Text.RegularExpressions.Regex.Match(scan, @"INDEX: (\d+) \$TERM: \d+ \[\$set \$b").Groups[1].Value;
        Assert.EndsWith("[$set $b $2]]", await client.AskAsync($"raft-fetch {index}"));
        Assert.Equal("nil", await client.AskAsync("raft-fetch 1000000"));
        Assert.StartsWith("[$next:", await client.AskAsync("raft-journal-scan 0 COUNT 1"));
        Assert.Equal("-ERR invalid cursor", await client.AskAsync("raft-journal-scan x"));
        Assert.Contains("[$JOURNAL-UPDATE-MEMBERS $127.0.0.1:", await client.AskAsync("raft-journal-scan 0"));
        Assert.Equal("+OK", await client.AskAsync("flushall"));
        Assert.Matches(@"^\[\[\$TERM: \d+ \[\$FLUSHALL \$\]\]\]$", await client.AskAsync("raft-fetch-last 1"));
    }

    [Fact]
    public async Task Followers_send_clients_to_the_leader_and_subscribers_move_with_it()
    {
        await using var group = await RespGroup.StartAsync(3);
        var (leader, followers) = await group.LeaderAsync();
        await Eventually.Is(() => followers[0].AskAsync("set a 1"), a => a == $"-MOVED 0 {leader.Redis}", "the follower knows the leader's door");
        await Eventually.Is(() => followers[0].AskAsync("raft-leader-info"), a => a == $"-MOVED 0 {leader.Redis}", "it redirects questions as well");
        Assert.Equal("+OK", await leader.AskAsync("set a 1"));
        using var stale = await followers[0].ConnectAsync();
        Assert.Equal("+OK", await stale.AskAsync("activate-stale-reads"));
        await Eventually.Is(() => stale.AskAsync("get a"), a => a == "$1", "the follower has the write");

        using var listener = await leader.ConnectAsync();
        Assert.Equal("[$subscribe $c :1]", await listener.AskAsync("subscribe c"));
        await Eventually.Is(() => followers[1].AskAsync("raft-attempt-coup"), a => a == "+vive la revolution", "the coup begins");
        var farewell = await listener.ReadAsync();
        Assert.True(farewell == "-ERR unavailable" || farewell.StartsWith("-MOVED 0 ", StringComparison.Ordinal), farewell);
        Assert.True(await listener.IsClosedAsync());
        await Eventually.Is(() => followers[1].AskAsync("get a"), a => a == "$1", "the new leader serves");
    }

    [Fact]
    public async Task Members_come_and_go_one_at_a_time()
    {
        await using var group = await RespGroup.StartAsync(1, PatientGroup.Of(2));
        var first = group.Members[0];
        Assert.Equal("+OK", await first.AskAsync("set a 1"));
        var second = await group.StartOutsiderAsync();
        Assert.Equal("-ERR unavailable", await second.AskAsync("get a"));
        Assert.Equal("-ERR cannot parse server: nonsense", await first.AskAsync("raft-add-observer nonsense"));
        Assert.Equal("-ERR not a leader", await second.AskAsync($"raft-add-observer {first.Id}"));
        Assert.Equal($"-ERR {second.Id} is not an observer", await first.AskAsync($"raft-promote-observer {second.Id}"));
        Assert.Equal("+OK", await first.AskAsync($"raft-add-observer {second.Id}"));
        await Eventually.Is(() => first.AskAsync($"raft-promote-observer {second.Id}"), a => a == "+OK", "it catches up and is promoted");
        await Eventually.Is(() => first.AskAsync("raft-info"), a => a.Contains($"+REPLICA {second.Id} | ONLINE | UP-TO-DATE | LOG-SIZE "), "the leader shows the replica");
        await Eventually.Is(() => second.AskAsync("get a"), a => a == $"-MOVED 0 {first.Redis}", "the new member knows the leader");
        Assert.Equal("-ERR cannot perform membership changes on current leader", await first.AskAsync($"raft-remove-member {first.Id}"));
        Assert.Equal("+OK", await first.AskAsync($"raft-demote-to-observer {second.Id}"));
        Assert.Equal("+OK", await first.AskAsync($"raft-remove-member {second.Id}"));
        Assert.Equal("+OK", await first.AskAsync("set a 2"));
    }

    [Fact]
    public async Task The_state_is_checked_copied_and_compacted_on_request()
    {
        await using var group = await RespGroup.StartAsync(1);
        using var folder = new TemporaryFolder();
        using var client = await group.Members[0].ConnectAsync();
        for (var i = 0; i < 100; i++) await client.AskAsync($"set k{i} v");
        Assert.Equal("[+state-machine: OK]", await client.AskAsync("quarkdb-verify-checksum"));
        var copy = folder.Of("copy");
        Assert.Equal("+OK", await client.AskAsync($"quarkdb-checkpoint {copy}"));
        Assert.True(new FileInfo(Path.Combine(copy, "state.db")).Length > 0);
        Assert.Equal($"-ERR the folder {copy} is not empty", await client.AskAsync($"raft-checkpoint {copy}"));
        Assert.StartsWith("-ERR the folder of a checkpoint is named from the root", await client.AskAsync("quarkdb-checkpoint here"));
        Assert.Equal("+OK", await client.AskAsync("quarkdb-manual-compaction"));
        Assert.Contains("+STATE-ROWS ", await client.AskAsync("quarkdb-info"));
        Assert.Equal("$v", await client.AskAsync("get k99"));
    }
}
