using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Eos.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Eos.Tests.Engine;

/// <summary>The SQLite journal when the file is full, held, torn, foreign or shared, and what it leaves in the file.</summary>
public sealed class PersistenceTestsOfSqlite : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ActorSystem> _systems = [];
    private int _instance;

    public Task InitializeAsync()
    {
        SQLitePCL.Batteries_V2.Init();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var system in _systems) await system.Terminate();
        _folder.Dispose();
    }

    private sealed record Node(ActorSystem System, Collector Probe)
    {
        public IActorRef Journal => Persistence.Instance.Apply(System).JournalFor("");
    }

    private Node Open(string file, string more = "")
    {
        var system = ActorSystem.Create("sqlite", SqlitePlugins.Hocon(file) + "\nakka.loglevel = OFF\nakka.stdout-loglevel = OFF\n" + more);
        _systems.Add(system);
        return new Node(system, new Collector(system));
    }

    private async Task<object[]> Write(Node node, string id, long first, int count, Func<long, object>? payload = null)
    {
        var events = Enumerable.Range(0, count).Select(i => (IPersistentRepresentation)new Persistent(payload?.Invoke(first + i) ?? $"{id}-{first + i}", first + i, id, writerGuid: "w"));
        node.Journal.Tell(new WriteMessages([new AtomicWrite(events.ToImmutableList())], node.Probe.Ref, ++_instance), node.Probe.Ref);
        var answers = new object[count + 1];
        for (var i = 0; i <= count; i++) answers[i] = await node.Probe.Next<object>();
        return answers;
    }

    private static async Task<(int Count, object End)> Replay(Node node, string id)
    {
        node.Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, id, node.Probe.Ref), node.Probe.Ref);
        for (var count = 0; ; count++)
            if (await node.Probe.Next<object>() is var m and not ReplayedMessage) return (count, m);
    }

    private static void AllStored(object[] answers) => Assert.All(answers, a => Assert.True(a is WriteMessageSuccess or WriteMessagesSuccessful, a.ToString()));

    private static Exception AllFailed(object[] answers)
    {
        Assert.All(answers, a => Assert.True(a is WriteMessageFailure or WriteMessagesFailed, a.ToString()));
        return answers.OfType<WriteMessagesFailed>().Single().Cause;
    }

    /// <summary>The same file by a path that looks like another's: what this process might share it does not share then.</summary>
    private string ByAnotherName(string file)
    {
        Directory.CreateSymbolicLink(_folder.Of("link"), _folder.Path);
        return Path.Combine(_folder.Of("link"), Path.GetFileName(file));
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static List<string> Query(string file, string sql)
    {
        using var connection = Connect(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : reader.GetValue(i).ToString())));
        return rows;
    }

    [FullDiskFact]
    public async Task A_full_disk_fails_the_write_and_the_next_one_works_when_there_is_space()
    {
        using var disk = new TinyMount(3);
        var ballast = Path.Combine(disk.Path, "ballast");
        var node = Open(Path.Combine(disk.Path, "journal.db"));
        AllStored(await Write(node, "a", 1, 10));
        await File.WriteAllBytesAsync(ballast, new byte[1_600_000]);
        var failure = AllFailed(await Write(node, "a", 11, 200, _ => new string('x', 10_000)));
        Assert.Contains("journal.db", failure.Message, StringComparison.Ordinal);
        File.Delete(ballast);
        AllStored(await Write(node, "a", 11, 5));
        var (count, end) = await Replay(node, "a");
        Assert.Equal((15, 15L), (count, Assert.IsType<RecoverySuccess>(end).HighestSequenceNr));
        await node.System.Terminate();
    }

    [Fact]
    public async Task A_row_that_the_table_refuses_fails_its_whole_write_and_only_that()
    {
        var file = _folder.Of("journal.db");
        var node = Open(file);
        AllStored(await Write(node, "a", 1, 1));
        Query(file, "CREATE TRIGGER no BEFORE INSERT ON journal WHEN NEW.sequence_number = 7 BEGIN SELECT RAISE(ABORT, 'no sevens'); END");
        Assert.Contains("no sevens", AllFailed(await Write(node, "a", 2, 10)).Message, StringComparison.Ordinal);
        AllStored(await Write(node, "a", 2, 5));
        Query(file, "DROP TRIGGER no");
        AllStored(await Write(node, "a", 7, 1));
        Assert.Equal(7, (await Replay(node, "a")).Count);
    }

    [Fact]
    public async Task A_file_that_is_no_database_fails_with_its_name_until_it_is_put_right()
    {
        var file = _folder.Of("torn.db");
        await File.WriteAllTextAsync(file, new string('z', 8192));
        var node = Open(file);
        Assert.Contains("torn.db", AllFailed(await Write(node, "a", 1, 2)).Message, StringComparison.Ordinal);
        var (_, end) = await Replay(node, "a");
        Assert.Contains("torn.db", Assert.IsType<ReplayMessagesFailure>(end).Cause.Message, StringComparison.Ordinal);
        File.Delete(file);
        AllStored(await Write(node, "a", 1, 2));
    }

    [Fact]
    public async Task A_database_of_another_kind_fails_with_its_name()
    {
        var file = _folder.Of("foreign.db");
        Query(file, "CREATE TABLE journal (id INTEGER PRIMARY KEY, what TEXT)");
        var node = Open(file);
        Assert.Contains("foreign.db", AllFailed(await Write(node, "a", 1, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("foreign.db", Assert.IsType<ReplayMessagesFailure>((await Replay(node, "a")).End).Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_inside_the_file_fails_the_replay_and_never_shortens_it_silently()
    {
        var file = _folder.Of("journal.db");
        var node = Open(file);
        AllStored(await Write(node, "a", 1, 500, n => $"event {n} " + new string('p', 400)));
        await node.System.Terminate();
        await using (var stream = new FileStream(file, FileMode.Open, FileAccess.Write))
        {
            stream.Position = stream.Length / 2;
            stream.Write(Enumerable.Repeat((byte)0xEE, 16_384).ToArray());
        }
        var again = Open(file);
        var (count, end) = await Replay(again, "a");
        Assert.True(end is ReplayMessagesFailure || count == 500, $"{count} events, then {end}");
    }

    [Fact]
    public async Task A_write_waits_for_another_process_that_holds_the_file()
    {
        var file = _folder.Of("journal.db");
        var node = Open(file);
        AllStored(await Write(node, "a", 1, 1));
        using var other = Connect(file);
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        var waiting = Write(node, "b", 1, 1);
        Assert.Equal(1, (await Replay(Open(file), "a")).Count);
        Assert.False(waiting.IsCompleted);
        command.CommandText = "COMMIT";
        command.ExecuteNonQuery();
        AllStored(await waiting);
    }

    [Fact]
    public async Task Two_systems_write_to_one_file_at_once_and_both_read_everything()
    {
        var file = _folder.Of("journal.db");
        var nodes = new[] { Open(file), Open(ByAnotherName(file)) };
        using var other = Connect(file);   // a third writer that is certainly not of this engine
        var foreign = Task.Run(() =>
        {
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE IF NOT EXISTS other (n INTEGER); INSERT INTO other VALUES (1)";
            for (var i = 0; i < 50; i++) command.ExecuteNonQuery();
        });
        await Task.WhenAll(nodes.Select(async (node, index) =>
        {
            for (var n = 1; n <= 50; n++) AllStored(await Write(node, $"of {index}", n, 1));
        }));
        await foreign;
        foreach (var node in nodes)
            for (var index = 0; index < 2; index++)
                Assert.Equal(50, (await Replay(node, $"of {index}")).Count);
    }

    [Fact]
    public async Task Of_two_writers_of_one_number_one_wins_and_the_other_fails()
    {
        var file = _folder.Of("journal.db");
        var (one, two) = (Open(file), Open(ByAnotherName(file)));
        for (var n = 1; n <= 20; n++)
        {
            var results = await Task.WhenAll(Write(one, "a", n, 1, _ => "one"), Write(two, "a", n, 1, _ => "two"));
            Assert.Equal(1, results.Count(r => r.OfType<WriteMessagesSuccessful>().Any()));
            AllFailed(results.Single(r => r.OfType<WriteMessagesFailed>().Any()));
        }
        Assert.Equal(20, (await Replay(one, "a")).Count);
    }

    [Fact]
    public async Task The_tables_are_those_of_Akka_Persistence_Sql()
    {
        var file = _folder.Of("journal.db");
        var node = Open(file);
        AllStored(await Write(node, "a", 1, 2, n => n == 1 ? new Tagged("tagged", new[] { "red" }) : "plain"));
        Assert.Equal(2, (await Replay(node, "a")).Count);
        Assert.Equal(["1|a|1|0", "2|a|2|0"], Query(file, "SELECT ordering, persistence_id, sequence_number, deleted FROM journal ORDER BY ordering"));
        Assert.Equal(["1|red|a|1"], Query(file, "SELECT ordering_id, tag, persistence_id, sequence_nr FROM tags"));
        Assert.Equal(["1", "1"], Query(file, "SELECT message IS NOT NULL AND identifier IS NOT NULL AND manifest IS NOT NULL AND created > 0 AND writer_uuid IS NOT NULL FROM journal"));
        node.Journal.Tell(new DeleteMessagesTo("a", 2, node.Probe.Ref), node.Probe.Ref);
        await node.Probe.Next<DeleteMessagesSuccess>();
        Assert.Equal(["2|1"], Query(file, "SELECT sequence_number, deleted FROM journal"));
        Assert.Empty(Query(file, "SELECT * FROM tags"));
    }

    [Fact]
    public async Task Every_acknowledged_event_is_synced()
    {
        var file = _folder.Of("journal.db");
        AllStored(await Write(Open(file), "a", 1, 1));
        Assert.Equal(["wal"], Query(file, "PRAGMA journal_mode"));
        Assert.Equal(["1"], Query(file, "SELECT COUNT(*) FROM journal"));
    }

    [Fact]
    public async Task An_empty_connection_string_keeps_the_journal_from_answering_falsely()
    {
        var system = ActorSystem.Create("sqlite", """
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.journal.sql.recovery-event-timeout = 200ms
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            """);
        _systems.Add(system);
        var report = new Collector(system);
        system.ActorOf(ScriptedActor.Make(new ScriptedActor.Settings("a", report.Ref)));
        await report.Expect("recovery failed: RecoveryTimedOutException");
    }
}
