using Eos.Kv;
using Eos.Raft;
using Eos.Tests.Support;

namespace Eos.Tests.Processes;

/// <summary>A process that applies entries to a state is killed in the middle of writing.</summary>
public sealed class StateProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_kill_9_each_entry_has_been_applied_exactly_once()
    {
        var reached = 0ul;
        for (var life = 0; life < 4; life++)
        {
            await using var feeder = NodeProcess.StartSelf("feeder", "state", _folder.Of("state.db"));
            for (var i = 0; i < 5; i++)
                reached = ulong.Parse((await feeder.Heard(l => l.StartsWith("AT ", StringComparison.Ordinal), Patience, "applying"))[3..]);
            await feeder.Kill();
        }
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(_folder.Of("state.db"), ear);
        var opened = engine.Opened.Position.Index;
        Assert.True(opened > LogIndex.None && opened.Value + 1000 > reached, $"{reached} was applied, the file says {opened}");
        var end = new LogIndex((opened.Value / 10 + 5) * 10);
        for (var index = opened.Next; index <= end; index = index.Next) engine.Apply(StateFeeder.Batch(index), null);
        var model = new KvMachine(new MemoryStore());
        for (var index = 1ul; index <= end.Value; index++) model.Apply(new LogIndex(index), EngineFeed.Time(new LogIndex(index)), StateFeeder.Entry(index));
        await ear.Reaches(end.Value);
        Assert.Equal(model.Mark.Digest.ToString(), engine.DigestAt(end));
        var verdict = new TaskCompletionSource<StateVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Verify(verdict.SetResult);
        Assert.Null((await verdict.Task.WaitAsync(Patience)).Trouble);
    }
}
