using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Eos.Tests.Support;

namespace Eos.Tests.Engine;

/// <summary>Event adapters, tags, refused payloads and events of two writers, on any journal.</summary>
public abstract class PersistenceTestsOfAdapters : JournalTest
{
    protected const string Adapters = """
        event-adapters {
          shout = "Eos.Tests.Engine.PersistenceTestsOfAdapters+Shouting, Eos.Tests"
          tags = "Eos.Tests.Engine.PersistenceTestsOfAdapters+Tagging, Eos.Tests"
        }
        event-adapter-bindings {
          "System.String" = shout
          "System.Int32" = tags
        }
        """;

    protected const string Serializers = """
        akka.actor {
          serializers.refusing = "Eos.Tests.Engine.PersistenceTestsOfAdapters+Refusing, Eos.Tests"
          serialization-bindings {
            "Eos.Tests.Engine.PersistenceTestsOfAdapters+Unwritable, Eos.Tests" = refusing
          }
        }
        """;

    /// <summary>No serializer writes it.</summary>
    public sealed record Unwritable;

    /// <summary>Writes nothing.</summary>
    public sealed class Refusing(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 77_001;
        public override string Manifest(object o) => "";
        public override byte[] ToBinary(object obj) => throw new NotSupportedException("not this one");
        public override object FromBinary(byte[] bytes, string manifest) => throw new NotSupportedException("nor this one");
    }

    /// <summary>Stores in capitals; reads "TWICE" as two events and "NEVER" as none.</summary>
    public sealed class Shouting : IEventAdapter
    {
        public string Manifest(object evt) => "";
        public object ToJournal(object evt) => ((string)evt).ToUpperInvariant();

        public IEventSequence FromJournal(object evt, string manifest) => (string)evt switch
        {
            "TWICE" => EventSequence.Create("once", "again"),
            "NEVER" => EventSequence.Empty,
            _ => EventSequence.Single(evt),
        };
    }

    /// <summary>Tags numbers.</summary>
    public sealed class Tagging : IWriteEventAdapter
    {
        public string Manifest(object evt) => "";
        public object ToJournal(object evt) => new Tagged(evt, new[] { "number" });
    }

    private async Task Store(params object[] payloads)
    {
        Send([.. payloads.Select((p, i) => new AtomicWrite(Event("adapted", i + 1, p)))]);
        Assert.Equal(payloads.Length, (await Answers(payloads.Length + 1)).OfType<WriteMessageSuccess>().Count());
    }

    [Fact]
    public async Task An_adapter_changes_an_event_on_its_way_in()
    {
        await Store("quiet");
        Assert.Equal(["QUIET"], (await Replay("adapted")).Payloads);
    }

    [Fact]
    public async Task An_adapter_makes_none_or_several_of_an_event_on_its_way_out()
    {
        await Store("twice", "never", "last");
        var (payloads, highest) = await Replay("adapted");
        Assert.Equal(["once", "again", "LAST"], payloads);
        Assert.Equal(3, highest);
    }

    [Fact]
    public async Task A_tagged_event_is_replayed_without_its_tags()
    {
        await Store(5);
        Assert.Equal([5], (await Replay("adapted")).Payloads);
    }
}

/// <summary>Adapters on the journal in memory, and its replay filter.</summary>
public sealed class PersistenceTestsOfAdaptersInMemory : PersistenceTestsOfAdapters
{
    protected override string Hocon => $$"""
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.journal.inmem {
          {{Adapters}}
        }
        akka.persistence.journal.strict {
          class = "Akka.Persistence.Journal.MemoryJournal, Akka.Persistence"
          plugin-dispatcher = "akka.actor.default-dispatcher"
          replay-filter.mode = fail
        }
        """;

    private async Task Mixed(IActorRef journal, params (long Number, string Writer)[] events)
    {
        journal.Tell(new WriteMessages([.. events.Select(e => new AtomicWrite(Event("a", e.Number, e.Writer, writer: e.Writer)))], Probe.Ref, 1), Probe.Ref);
        await Answers(events.Length + 1);
        journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "a", Probe.Ref), Probe.Ref);
    }

    private async Task<string[]> Seen()
    {
        var seen = new List<string>();
        while (await Probe.Next<object>() is ReplayedMessage m) seen.Add($"{m.Persistent.SequenceNr} {m.Persistent.Payload}");
        return [.. seen];
    }

    [Fact]
    public async Task Of_two_writers_of_the_same_numbers_the_newer_is_believed()
    {
        await Mixed(Journal, (1, "old"), (2, "old"), (3, "old"), (2, "new"), (3, "new"), (4, "new"));
        Assert.Equal(["1 OLD", "2 NEW", "3 NEW", "4 NEW"], await Seen());
    }

    [Fact]
    public async Task Events_of_a_writer_that_had_been_replaced_are_dropped()
    {
        await Mixed(Journal, (1, "old"), (2, "new"), (3, "old"), (3, "new"));
        Assert.Equal(["1 OLD", "2 NEW", "3 NEW"], await Seen());
    }

    [Fact]
    public async Task A_strict_journal_fails_the_replay_of_two_writers()
    {
        await Mixed(Persistence.Instance.Apply(System).JournalFor("akka.persistence.journal.strict"), (1, "old"), (2, "old"), (2, "new"));
        Assert.IsType<ReplayMessagesFailure>(await Probe.Next<object>());
    }
}

/// <summary>Adapters on the SQLite journal, and payloads that cannot be written.</summary>
public sealed class PersistenceTestsOfAdaptersOnSqlite : PersistenceTestsOfAdapters, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override string Hocon => SqlitePlugins.Hocon(_folder.Of("journal.db")) + $$"""

        akka.persistence.journal.sql {
          {{Adapters}}
        }
        {{Serializers}}
        """;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_payload_that_no_serializer_writes_is_rejected_and_the_rest_is_stored()
    {
        Send(new AtomicWrite(Event("a", 1, "ONE")), new AtomicWrite(Event("a", 2, new Unwritable())), new AtomicWrite(Event("a", 3, "THREE")));
        var answers = await Answers(4);
        Assert.Equal(2, Assert.Single(answers.OfType<WriteMessageRejected>()).Persistent.SequenceNr);
        Assert.Single(answers.OfType<WriteMessagesSuccessful>());
        Assert.Equal(["ONE", "THREE"], (await Replay("a")).Payloads);
    }

    [Fact]
    public async Task One_unwritable_event_rejects_its_whole_atomic_write()
    {
        Send(new AtomicWrite(ImmutableList.Create<IPersistentRepresentation>(Event("a", 1, "ONE"), Event("a", 2, new Unwritable()))));
        Assert.Equal(2, (await Answers(3)).OfType<WriteMessageRejected>().Count());
        Assert.Empty((await Replay("a")).Payloads);
    }
}
