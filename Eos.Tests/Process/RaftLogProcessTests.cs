using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A process that appends to a Raft log is killed in the middle of it.</summary>
public sealed class RaftLogProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kill_9_loses_nothing_acknowledged()
    {
        var acknowledged = 0ul;
        for (var life = 0; life < 3; life++)
        {
            await using var writer = NodeProcess.StartSelf("writer", "raft-log", _folder.Of("log.db"));
            for (var i = 0; i < 300; i++) await writer.Heard(l => l.StartsWith("ACK ", StringComparison.Ordinal), Patience, "storing");
            await writer.Kill();
            acknowledged = Math.Max(acknowledged, writer.Said.Where(l => l.StartsWith("ACK ", StringComparison.Ordinal)).Max(l => ulong.Parse(l[4..])));
        }
        using var log = RaftLogs.Open(_folder.Of("log.db"), create: false);
        Assert.True(log.Contents.View.Last.Index.Value >= acknowledged, $"{acknowledged} was acknowledged, the log ends at {log.Contents.View.Last}");
        var read = (await log.ReadAsync(1)).Batches;
        Assert.Equal(log.Contents.View.Last.Index.Value, (ulong)read.Length);
        Assert.All(read, b => Assert.Equal(RaftLogs.Payload(b.First.Value, 300), b.Payload.ToArray()));
    }
}
