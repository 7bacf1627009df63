using Eos.Tests.Support;
using Eos.Tests.Support.Chaos;

namespace Eos.Tests.Processes;

/// <summary>Real nodes with the role qdb: what is left of a group becomes a new group, which grows.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class RestoreTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = FreePort.Take(6);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_checkpoint_founds_a_group_in_another_place_which_grows()
    {
        await using (var first = Node(0, "eos", Place(0)))
        {
            first.Start();
            await Writes(first);
            for (var i = 0; i < 50; i++) Assert.Equal("+OK", await first.AskAsync($"set k{i} v{i}", Patience));
            Assert.Equal("+ACQUIRED", await first.AskAsync("lease-acquire held somebody 1000", Patience));
            Assert.Equal("+OK", await first.AskAsync($"quarkdb-checkpoint {_folder.Of("backup")}", Patience));
            Assert.Equal("+OK", await first.AskAsync("set late 1", Patience));
            await first.KillAsync();
        }
        var same = await Restore(_folder.Of("backup"), 1, "eos");
        Assert.True(same.Code == 22 && same.Error.Contains("eos.qdb.cluster", StringComparison.Ordinal), same.Error);
        var restored = await Restore(_folder.Of("backup"), 1, "eos-2");
        Assert.True(restored.Code == 0, restored.Error);
        Assert.Contains("eos-2/main", restored.Output, StringComparison.Ordinal);
        var twice = await Restore(_folder.Of("backup"), 1, "eos-3");
        Assert.True(twice.Code == 17 && twice.Error.Contains(_folder.Of("node1"), StringComparison.Ordinal), twice.Error);

        await using var second = Node(1, "eos-2", Place(1));
        second.Start();
        await Writes(second);
        for (var i = 0; i < 50; i++) Assert.Equal($"$v{i}", await second.AskAsync($"get k{i}", Patience));
        Assert.Equal("nil", await second.AskAsync("get late", Patience));
        await Eventually.Is(() => second.AskAsync("lease-acquire held another 1000", Patience), a => a == "+ACQUIRED", "the old lease is over in log time");
        Assert.Equal("eos-2", await second.InfoAsync("CLUSTER-ID"));

        await using var third = Node(2, "eos-2", Place(1));
        Directory.CreateDirectory(third.Folder);
        File.Copy(Path.Combine(second.Folder, "keytab"), Path.Combine(third.Folder, "keytab"));   // nodes of one instance have one key
        third.Start();
        Assert.Equal("+OK", await second.AskAsync($"raft-add-observer {Place(2)}", Patience));
        await Eventually.Is(() => second.AskAsync($"raft-promote-observer {Place(2)}", Patience), a => a == "+OK", "the new member has caught up");
        Assert.Equal("+OK", await second.AskAsync("set both 1", Patience));
        await Eventually.Is(
            async () => (await second.DigestAsync(), await third.DigestAsync()), both => both.Item1.Applied.Length > 0 && both.Item1 == both.Item2, "both have the same state at one entry");
    }

    /// <summary>Two of three folders are lost, and the third one's state lags behind its log.</summary>
    [Fact]
    public async Task One_survivor_of_three_founds_a_group_with_all_that_was_acknowledged()
    {
        string survivor;
        await using (var group = new QdbProcesses(3, [.. PatientGroup.Settings, "eos.qdb.state.flush-interval=10m", "eos.qdb.state.keep.interval=10m"]))
        {
            await group.StartAsync();
            for (var i = 0; i < 50; i++)
            {
                var command = $"set k{i} v{i}";   // to whoever leads now
                await Eventually.Is(
                    async () => await group.LeaderAsync() is >= 0 and var leader ? await group.Nodes[leader].AskAsync(command, Patience) : "", a => a == "+OK", $"{command} is acknowledged");
            }
            await group.SettleAsync();
            survivor = Path.Combine(group.Nodes[0].Folder, "qdb", "main");
            var running = await Restore(survivor, 0, "eos-2");
            Assert.True(running.Code == 22 && running.Error.Contains("in use", StringComparison.Ordinal), running.Error);
            foreach (var node in group.Nodes) await node.KillAsync();
            var restored = await Restore(survivor, 0, "eos-2");
            Assert.True(restored.Code == 0, restored.Error);
        }
        await using var only = Node(0, "eos-2", Place(0));
        only.Start();
        await Writes(only);
        for (var i = 0; i < 50; i++) Assert.Equal($"$v{i}", await only.AskAsync($"get k{i}", Patience));
        Assert.Equal(Place(0), await only.InfoAsync("NODES"));
        Assert.Equal("[+state-machine: OK]", await only.AskAsync("quarkdb-verify-checksum", Patience));
    }

    private static Task Writes(QdbProcess node) => Eventually.Is(() => node.AskAsync("set begun 1", Patience), a => a == "+OK", $"{node.Name} takes writes\n{node.Transcript()}");

    private string Place(int i) => $"127.0.0.1:{_ports[2 * i]}";

    private QdbProcess Node(int i, string cluster, string member) => new($"node{i}", _folder.Of($"node{i}"), _ports[2 * i + 1],
    [
        "--roles", "qdb", "--member", member, "--set", $"eos.qdb.cluster={cluster}", "--set", $"akka.remote.dot-netty.tcp.port={_ports[2 * i]}", "--set", "eos.resp.bind=127.0.0.1",
        "--set", $"eos.resp.port={_ports[2 * i + 1]}", "--set", "eos.http.mgm-port=0", "--set", "eos.http.fst-port=0", "--set", "eos.qdb.handshake-interval=200ms",
        .. PatientGroup.Settings.SelectMany(s => new[] { "--set", s }),
    ]);

    private Task<Outcome> Restore(string from, int to, string cluster) => Child.RunAsync("Eos.Host.dll",
        ["restore", "--from", from, "--data", _folder.Of($"node{to}"), "--member", Place(to), "--set", $"eos.qdb.cluster={cluster}"]);
}
