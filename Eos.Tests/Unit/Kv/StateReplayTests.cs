using Eos.Kernel;
using Eos.Kv;
using Eos.Tests.Support;

namespace Eos.Tests.Unit.Kv;

/// <summary>A start applies again what the log has and the state's file has not: that is bounded, whatever is written how fast.</summary>
public sealed class StateReplayTests : IDisposable
{
    private const int Sets = 2000;

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.Of("state.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("replay.changes = 100", 1, 50)]
    [InlineData("replay.log-size = 64 KiB", 500, 65)]
    public async Task One_row_that_is_overwritten_all_the_time_goes_to_the_file_after_so_many_changes_or_bytes_of_log(string bound, int size, int behind)
    {
        var ear = new EngineEar();
        using var engine = StateFiles.Engine(Path, ear, $"flush-interval = 10m, keep.interval = 10m, keep.entries = 1000000, {bound}");
        var feed = new EngineFeed(engine);
        var value = new string('v', size);
        for (var i = 0; i < Sets; i++) feed.Foreign($"set key {value}");
        await ear.Reaches(feed.Last.Value);
        await Eventually.Is(() => Task.FromResult(InFile), at => at >= (ulong)(Sets - behind), $"all but {behind} of {Sets} entries are in the file");
    }

    [Fact]
    public async Task Applying_waits_for_a_file_that_can_not_be_written()
    {
        var ear = new EngineEar();
        using (var engine = StateFiles.Engine(Path, ear, "replay.changes = 100"))
        {
            var feed = new EngineFeed(engine);
            await feed.Own("set key 1");
            using (var other = SqliteFile.Open(Path, create: false, TimeSpan.FromMinutes(1)))
            {
                other.Run("BEGIN IMMEDIATE");
                for (var i = 0; i < Sets; i++) feed.Foreign("set key 1");
                await Eventually.Is(() => Task.FromResult(ear.AppliedUpTo.Value), at => at > 100, "it applies what may be behind");
                await Eventually.Stays(() => ear.AppliedUpTo.Value < 400, TimeSpan.FromMilliseconds(300), "it applied more than a start may have to apply again");
                other.Run("ROLLBACK");
            }
            await ear.Reaches(feed.Last.Value);
        }
    }

    private ulong InFile
    {
        get
        {
            using var db = SqliteFile.Open(Path, create: false, TimeSpan.FromMinutes(1));
            return StateMark.Load(db).Position.Index.Value;
        }
    }
}
