using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Eos.Identity;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;

namespace Eos.Tests.Cluster;

/// <summary>When a directory answers: after its events are stored, and Unknown when nobody can say.</summary>
public sealed class DirectoryActorTests : ActorTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly IActorRef _journal;
    private readonly IActorRef _directory;
    private ulong _number;
    private volatile bool _holds = true;

    public DirectoryActorTests() : base(ConfigurationFactory.ParseString($"akka.persistence {{ journal.plugin = {ScriptedJournal.Id}, snapshot-store.plugin = akka.persistence.snapshot-store.inmem }}").WithFallback(ScriptedJournal.Config))
    {
        _journal = Persistence.Instance.Apply(Sys).JournalFor(ScriptedJournal.Id);
        _directory = Start();
        Tell(new Begin(DirectoryModel.Id, NextCall(), new DirectoryRecord(
            DirectoryModel.Id, DirectoryId.Root, default, 0x5ff, Times.At(Instant.Epoch), ImmutableSortedDictionary<string, string>.Empty)));
        ExpectMsg<Done>(Soon);
    }

    [Fact]
    public void Nothing_is_answered_before_it_is_stored_not_even_a_question()
    {
        HoldJournal();
        Tell(Make("a"));
        Tell(new Lookup(DirectoryModel.Id, new OpId(default, 77), "a", null));
        ExpectNoMsg(TimeSpan.FromMilliseconds(300));
        _journal.Tell(new ScriptedJournal.Release());
        ExpectMsg<ChildMade>(Soon);
        Assert.NotNull(ExpectMsg<Found>(Soon).Entry);
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("reject")]
    public void A_write_that_does_not_succeed_stops_the_directory_and_is_unknown_to_all_who_wait(string name)
    {
        Watch(_directory);
        HoldJournal();
        Tell(Make("before"));
        Tell(Make(name));
        Tell(Make("after"));
        _journal.Tell(new ScriptedJournal.Release());
        var answers = new List<object>();
        FishForMessage(m =>
        {
            answers.Add(m);
            return m is Terminated;
        }, Soon);
        Assert.IsType<ChildMade>(answers[0]);
        Assert.Equal(2, answers.OfType<Unknown>().Count());

        var next = Start();
        next.Tell(new ReadPage(DirectoryModel.Id, new OpId(default, 78), "", 10));
        var stored = ExpectMsg<Page>(Soon).Entries.Select(e => e.Name).ToList();
        Assert.Contains("before", stored);     // of "after" nobody can say: it was told so
        Assert.DoesNotContain(name, stored);
    }

    /// <summary>Its supervisor would restart it, with a write under way.</summary>
    [Fact]
    public void A_fault_ends_the_directory_and_is_unknown_to_all_who_wait()
    {
        Watch(_directory);
        HoldJournal();
        Tell(Make("a"));
        Tell(new Strange(DirectoryModel.Id));
        ExpectMsg<Unknown>(Soon);
        ExpectTerminated(_directory, Soon);
        _journal.Tell(new ScriptedJournal.Release());
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));
    }

    private sealed record Strange(DirectoryId Directory) : IForDirectory;

    [Fact]
    public void The_stop_message_lets_what_is_under_way_be_answered_first()
    {
        Watch(_directory);
        HoldJournal();
        Tell(Make("a"));
        Tell(Make("b"));
        _directory.Tell(new Stop());
        _journal.Tell(new ScriptedJournal.Release());
        ExpectMsg<ChildMade>(Soon);
        ExpectMsg<ChildMade>(Soon);
        ExpectTerminated(_directory, Soon);
    }

    [Fact]
    public void A_directory_restored_from_a_snapshot_and_later_events_is_as_it_was()
    {
        for (var i = 0; i < 25; i++)
        {
            Tell(Make($"d{i:d2}"));
            ExpectMsg<ChildMade>(Soon);
        }
        Watch(_directory);
        _directory.Tell(new Stop());
        ExpectTerminated(_directory, Soon);
        Start().Tell(new ReadPage(DirectoryModel.Id, new OpId(default, 78), "", 100));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"d{i:d2}"), ExpectMsg<Page>(Soon).Entries.Select(e => e.Name));
    }

    [Fact]
    public async Task A_directory_stores_its_state_when_it_is_told_to_and_is_as_it_was()
    {
        for (var i = 0; i < 3; i++)
        {
            Tell(Make($"d{i}"));
            ExpectMsg<ChildMade>(Soon);
        }
        _directory.Tell(new Condense(DirectoryModel.Id, new OpId(default, 78)));
        ExpectMsg<Done>(Soon);
        var store = Persistence.Instance.Apply(Sys).SnapshotStoreFor("");
        var found = await Eventually.Is(
            () => store.Ask<LoadSnapshotResult>(new LoadSnapshot(DirectorySharding.PersistenceIdOf(DirectoryModel.Id), SnapshotSelectionCriteria.Latest, long.MaxValue), Soon),
            result => result.Snapshot is not null, "the state is stored");
        Assert.InRange(found.Snapshot.Metadata.SequenceNr, 4, 10);
        Watch(_directory);
        _directory.Tell(new Stop());
        ExpectTerminated(_directory, Soon);
        Start().Tell(new ReadPage(DirectoryModel.Id, new OpId(default, 79), "", 100));
        Assert.Equal(["d0", "d1", "d2"], ExpectMsg<Page>(Soon).Entries.Select(e => e.Name));
    }

    /// <summary>A node that was stopped for a while wakes with questions in its mailboxes, and does not know yet that its directories live elsewhere.</summary>
    [Fact]
    public void Nothing_is_answered_once_the_nodes_session_has_run_out()
    {
        Tell(Make("before"));
        ExpectMsg<ChildMade>(Soon);
        _holds = false;
        Tell(new ReadPage(DirectoryModel.Id, NextCall().Op, "", 10));
        ExpectMsg<Unknown>(Soon);
        Tell(Make("before"));
        ExpectMsg<Unknown>(Soon);
        _holds = true;
        Tell(new ReadPage(DirectoryModel.Id, NextCall().Op, "", 10));
        Assert.Equal(["before"], ExpectMsg<Page>(Soon).Entries.Select(e => e.Name));
    }

    [Fact]
    public void A_session_that_runs_out_during_a_write_makes_it_unknown()
    {
        HoldJournal();
        var make = Make("a");
        Tell(make);
        _holds = false;
        _journal.Tell(new ScriptedJournal.Release());
        Assert.Equal(make.Call.Op, ExpectMsg<Unknown>(Soon).Op);
        _holds = true;
        Tell(make);
        ExpectMsg<ChildMade>(Soon);
    }

    private IActorRef Start() => Sys.ActorOf(DirectoryActor.Props(DirectoryModel.Id.ToString(), new DirectoryParts(
        () => Sys.DeadLetters, TestActor, new DirectorySettings(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), 0x1a4, 100, 10, TimeSpan.FromMilliseconds(100)) { Totals = DirectoryModel.Settings.Totals }, SystemClock.Instance, () => _holds)));

    private void HoldJournal()
    {
        _journal.Tell(new ScriptedJournal.Hold(), TestActor);
        ExpectMsg<ScriptedJournal.Hold>(Soon);
    }

    private void Tell(object message) => _directory.Tell(message, TestActor);

    private Call NextCall() => new(new OpId(DirectoryModel.Client, ++_number), 0, Caller.Root);

    private MakeChild Make(string name) => new(DirectoryModel.Id, NextCall(), name, new DirectoryId(100 + _number), null);
}
