using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>The journal in memory does what a journal must.</summary>
public sealed class MemoryJournalTests : JournalConformance
{
    protected override string Hocon => """akka.persistence.journal.plugin = "akka.persistence.journal.inmem" """;

    protected override bool IsDurable => false;
}

/// <summary>The snapshot store in memory does what a snapshot store must.</summary>
public sealed class MemorySnapshotStoreTests : SnapshotStoreConformance
{
    protected override string Hocon => """akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem" """;

    protected override bool IsDurable => false;
}

/// <summary>The snapshot store of files does what a snapshot store must.</summary>
public sealed class LocalSnapshotStoreTests : SnapshotStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => $$"""
        akka.persistence.snapshot-store {
          plugin = "akka.persistence.snapshot-store.local"
          local.dir = "{{_folder.Path}}"
        }
        """;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unreadable_snapshot_gives_way_to_the_one_before()
    {
        await Save("a", 1, "good");
        await Save("a", 2, "torn");
        foreach (var file in Directory.EnumerateFiles(_folder.Path).Where(f => f.Contains("-2-", StringComparison.Ordinal))) File.WriteAllBytes(file, [1, 2]);
        Assert.Equal("good", (await Load("a"))!.Snapshot);
    }
}

/// <summary>The SQLite journal does what a journal must.</summary>
public sealed class SqliteJournalTests : JournalConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => SqlitePlugins.Hocon(_folder.Of("journal.db"));

    public void Dispose() => _folder.Dispose();
}

/// <summary>The SQLite journal with the tags in the row and the highest deleted number in a table of its own.</summary>
public sealed class SqliteJournalTestsOfOtherTables : JournalConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => SqlitePlugins.Hocon(_folder.Of("journal.db")) + """

        akka.persistence.journal.sql.tag-write-mode = Csv
        akka.persistence.journal.sql.delete-compatibility-mode = true
        akka.persistence.journal.sql.replay-batch-size = 7
        """;

    public void Dispose() => _folder.Dispose();
}

/// <summary>The SQLite snapshot store does what a snapshot store must.</summary>
public sealed class SqliteSnapshotStoreTests : SnapshotStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => SqlitePlugins.Hocon(_folder.Of("snapshots.db"));

    public void Dispose() => _folder.Dispose();
}

/// <summary>The SQLite journal in memory does what a journal must.</summary>
public sealed class SqliteJournalTestsInMemory : JournalConformance
{
    private readonly string _name = $"journal-{Guid.NewGuid():N};Mode=Memory;Cache=Shared";

    protected override string Hocon => SqlitePlugins.Hocon(_name);

    protected override bool IsDurable => false;
}
