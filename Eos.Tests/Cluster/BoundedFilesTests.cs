using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>The files of a member under constant overwriting: log and state together, trimmed and given back by the member itself.</summary>
public sealed class BoundedFilesTests
{
    private const int Size = 50_000;
    private const int Rounds = 400;
    private const long Most = 10 << 20;   // of 20 MB that are written

    [Theory]
    [InlineData("eos.raft.log.keep-size = 1 MiB")]
    [InlineData("eos.raft.keep-entries = 20")]
    public async Task Log_and_state_stay_small_while_one_key_is_overwritten(string keep)
    {
        await using var group = await RespGroup.StartAsync(
            1, $"{keep}\neos.raft.log.checkpoint-after = 64 KiB\neos.qdb.state {{ flush-interval = 5ms, checkpoint-after = 64 KiB, keep.interval = 20ms }}");
        var member = group.Members[0];
        using var client = await member.ConnectAsync();
        for (var i = 0; i < Rounds; i++) Assert.Equal("+OK", await client.AskAsync($"set key {i}{new string('v', Size)}"));
        await Eventually.Is(() => Task.FromResult(OnDisk(member)), size => size < Most, "the files are small");
        for (var i = 0; i < Rounds; i++) Assert.Equal("+OK", await client.AskAsync($"set key {i}{new string('w', Size)}"));
        await Eventually.Is(() => Task.FromResult(OnDisk(member)), size => size < Most, "and stay so");
    }

    private static long OnDisk(RespMember member) => Directory.EnumerateFiles(member.Folder).Sum(f => new FileInfo(f).Length);
}
