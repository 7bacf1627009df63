using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>What every snapshot store must do, by its protocol alone. A subclass says how it is configured.</summary>
public abstract class SnapshotStoreConformance : IAsyncLifetime
{
    /// <summary>HOCON that makes the store under test the default snapshot store.</summary>
    protected abstract string Hocon { get; }

    /// <summary>False for what forgets everything with its actor system.</summary>
    protected virtual bool IsDurable => true;

    protected ActorSystem System { get; private set; } = null!;

    protected Collector Probe { get; private set; } = null!;

    private IActorRef Store => Persistence.Instance.Apply(System).SnapshotStoreFor("");

    public Task InitializeAsync()
    {
        StartSystem();
        return Task.CompletedTask;
    }

    public virtual async Task DisposeAsync() => await System.Terminate();

    private void StartSystem()
    {
        System = ActorSystem.Create("snapshots", ConfigurationFactory.ParseString(Hocon + """

            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            """));
        Probe = new Collector(System);
        Started();
    }

    /// <summary>The system has started; nothing has been asked of the store yet.</summary>
    protected virtual void Started()
    {
    }

    /// <summary>The test is about to write snapshots of that id.</summary>
    protected virtual Task Introduce(string id) => Task.CompletedTask;

    protected async Task<SnapshotMetadata> Save(string id, long number, object snapshot)
    {
        await Introduce(id);
        Store.Tell(new SaveSnapshot(new SnapshotMetadata(id, number), snapshot), Probe.Ref);
        return (await Probe.Next<SaveSnapshotSuccess>()).Metadata;
    }

    protected async Task<SelectedSnapshot?> Load(string id, SnapshotSelectionCriteria? criteria = null, long to = long.MaxValue)
    {
        Store.Tell(new LoadSnapshot(id, criteria ?? SnapshotSelectionCriteria.Latest, to), Probe.Ref);
        var result = await Probe.Next<LoadSnapshotResult>();
        Assert.Equal(to, result.ToSequenceNr);
        return result.Snapshot;
    }

    private async Task<SnapshotMetadata[]> SaveFive(string id)
    {
        var saved = new SnapshotMetadata[5];
        for (var i = 1; i <= 5; i++) saved[i - 1] = await Save(id, i * 10, $"{id} at {i * 10}");
        return saved;
    }

    [Fact]
    public async Task An_id_without_snapshots_has_none() => Assert.Null(await Load("nobody"));

    [Fact]
    public async Task The_youngest_snapshot_is_loaded()
    {
        var saved = await SaveFive("a");
        var found = await Load("a");
        Assert.Equal("a at 50", found!.Snapshot);
        Assert.Equal(saved[4], found.Metadata);
    }

    [Fact]
    public async Task A_snapshot_is_stamped_with_the_time_of_its_saving()
    {
        var saved = await Save("a", 1, "x");
        Assert.InRange(saved.Timestamp, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5));
    }

    [Theory]
    [InlineData(30, "a at 30")]
    [InlineData(39, "a at 30")]
    [InlineData(9, null)]
    public async Task The_youngest_up_to_a_number_is_loaded(long most, string? expected)
    {
        await SaveFive("a");
        Assert.Equal(expected, (await Load("a", new SnapshotSelectionCriteria(most)))?.Snapshot);
        Assert.Equal(expected, (await Load("a", to: most))?.Snapshot);
    }

    [Fact]
    public async Task The_youngest_up_to_a_time_is_loaded()
    {
        var saved = await SaveFive("a");
        var found = await Load("a", new SnapshotSelectionCriteria(long.MaxValue, saved[2].Timestamp));
        Assert.True(found!.Metadata.SequenceNr >= 30 && found.Metadata.Timestamp <= saved[2].Timestamp, $"{found.Metadata}");
    }

    [Fact]
    public async Task A_snapshot_below_the_least_number_is_not_loaded()
    {
        await SaveFive("a");
        Assert.Null(await Load("a", new SnapshotSelectionCriteria(long.MaxValue, DateTime.MaxValue, 51)));
    }

    [Fact]
    public async Task No_snapshot_fits_the_criteria_None()
    {
        await SaveFive("a");
        Assert.Null(await Load("a", SnapshotSelectionCriteria.None));
    }

    [Fact]
    public async Task Ids_do_not_mix()
    {
        await Save("a", 1, "of a");
        await Save("ab", 2, "of ab");
        await Save("a/b c", 3, "of a/b c");
        Assert.Equal("of a", (await Load("a"))!.Snapshot);
        Assert.Equal("of ab", (await Load("ab"))!.Snapshot);
        Assert.Equal("of a/b c", (await Load("a/b c"))!.Snapshot);
    }

    [Fact]
    public async Task A_snapshot_of_the_same_number_is_replaced()
    {
        await Save("a", 1, "old");
        await Save("a", 1, "new");
        Assert.Equal("new", (await Load("a"))!.Snapshot);
    }

    [Fact]
    public async Task One_snapshot_is_deleted_by_its_number()
    {
        await SaveFive("a");
        var metadata = new SnapshotMetadata("a", 50);
        Store.Tell(new DeleteSnapshot(metadata), Probe.Ref);
        Assert.Equal(metadata, (await Probe.Next<DeleteSnapshotSuccess>()).Metadata);
        Assert.Equal("a at 40", (await Load("a"))!.Snapshot);
    }

    [Fact]
    public async Task Snapshots_are_deleted_by_bounds()
    {
        await SaveFive("a");
        await SaveFive("b");
        Store.Tell(new DeleteSnapshots("a", new SnapshotSelectionCriteria(40)), Probe.Ref);
        await Probe.Next<DeleteSnapshotsSuccess>();
        Assert.Null(await Load("a", to: 40));
        Assert.Equal("a at 50", (await Load("a"))!.Snapshot);
        Assert.Equal("b at 40", (await Load("b", to: 40))!.Snapshot);
    }

    [Fact]
    public async Task A_large_snapshot_comes_back_whole()
    {
        var large = new string('x', 3_000_000) + "end";
        await Save("a", 1, large);
        Assert.Equal(large, (await Load("a"))!.Snapshot);
    }

    [Fact]
    public async Task Snapshots_survive_the_actor_system()
    {
        if (!IsDurable) return;
        var saved = await SaveFive("a");
        await System.Terminate();
        StartSystem();
        Assert.Equal(saved[4], (await Load("a"))!.Metadata);
    }
}
