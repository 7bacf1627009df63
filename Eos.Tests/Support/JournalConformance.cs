using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;

namespace Eos.Tests.Support;

/// <summary>What every journal must do, by its protocol alone.</summary>
public abstract class JournalConformance : JournalTest
{
    /// <summary>False for what forgets everything with its actor system, and takes a number twice.</summary>
    protected virtual bool IsDurable => true;

    [Fact]
    public async Task An_id_without_events_has_number_zero()
    {
        var (payloads, highest) = await Replay("nobody");
        Assert.Empty(payloads);
        Assert.Equal(0, highest);
    }

    [Fact]
    public async Task All_events_are_replayed_in_order()
    {
        await Write("a", 1, 50);
        var (payloads, highest) = await Replay("a");
        Assert.Equal(Payloads("a", 1, 50), payloads);
        Assert.Equal(50, highest);
    }

    [Theory]
    [InlineData(3, long.MaxValue, long.MaxValue, 3, 5)]
    [InlineData(1, 3, long.MaxValue, 1, 3)]
    [InlineData(1, long.MaxValue, 3, 1, 3)]
    [InlineData(1, 3, 2, 1, 2)]
    [InlineData(2, 3, long.MaxValue, 2, 3)]
    [InlineData(2, 2, long.MaxValue, 2, 2)]
    [InlineData(2, long.MaxValue, 1, 2, 2)]
    [InlineData(1, 5, 0, 1, 0)]
    [InlineData(3, 2, long.MaxValue, 1, 0)]
    [InlineData(6, long.MaxValue, long.MaxValue, 1, 0)]
    public async Task A_replay_keeps_within_its_bounds(long from, long to, long max, long first, long last)
    {
        await Write("a", 1, 5);
        var (payloads, highest) = await Replay("a", from, to, max);
        Assert.Equal(Payloads("a", first, last), payloads);
        Assert.Equal(5, highest);
    }

    [Fact]
    public async Task Ids_do_not_mix()
    {
        await Write("a", 1, 5);
        await Write("ab", 1, 2);
        await Write("A", 1, 3);
        Assert.Equal(Payloads("a", 1, 5), (await Replay("a")).Payloads);
        Assert.Equal(Payloads("ab", 1, 2), (await Replay("ab")).Payloads);
        Assert.Equal(Payloads("A", 1, 3), (await Replay("A")).Payloads);
    }

    [Fact]
    public async Task Many_events_are_replayed_in_order()
    {
        for (var i = 0; i < 10; i++) await Write("a", i * 500 + 1, i * 500 + 500);
        var (payloads, highest) = await Replay("a");
        Assert.Equal(Payloads("a", 1, 5000), payloads);
        Assert.Equal(5000, highest);
    }

    [Fact]
    public async Task Deleted_events_are_not_replayed()
    {
        await Write("a", 1, 5);
        await Delete("a", 3);
        Assert.Equal(Payloads("a", 4, 5), (await Replay("a")).Payloads);
        await Write("a", 6, 6);
        Assert.Equal(Payloads("a", 4, 6), (await Replay("a")).Payloads);
    }

    [Fact]
    public async Task The_highest_number_survives_the_deletion_of_all_events()
    {
        await Write("a", 1, 5);
        await Delete("a", long.MaxValue);
        var (payloads, highest) = await Replay("a");
        Assert.Empty(payloads);
        Assert.Equal(5, highest);
        await Delete("a", long.MaxValue);
        Assert.Equal(5, (await Replay("a")).Highest);
        await Write("a", 6, 7);
        await Delete("a", 6);
        Assert.Equal(Payloads("a", 7, 7), (await Replay("a")).Payloads);
    }

    [Fact]
    public async Task The_deletion_of_one_id_leaves_others_alone()
    {
        await Write("a", 1, 3);
        await Write("b", 1, 3);
        await Delete("a", 3);
        Assert.Equal(Payloads("b", 1, 3), (await Replay("b")).Payloads);
    }

    [Fact]
    public async Task A_deletion_where_there_is_nothing_succeeds()
    {
        await Delete("nobody", 10);
        Assert.Equal(0, (await Replay("nobody")).Highest);
    }

    [Fact]
    public async Task An_atomic_write_is_replayed_whole_and_answered_event_by_event()
    {
        var events = Enumerable.Range(1, 300).Select(i => (IPersistentRepresentation)Event("a", i)).ToImmutableList();
        var instance = Send(new AtomicWrite(events));
        var answers = await Answers(301);
        var each = answers.OfType<WriteMessageSuccess>().ToList();
        Assert.Equal(events.Select(e => e.SequenceNr), each.Select(a => a.Persistent.SequenceNr));
        Assert.All(each, a => Assert.Equal(instance, a.ActorInstanceId));
        Assert.Equal(Payloads("a", 1, 300), (await Replay("a")).Payloads);
    }

    [Fact]
    public async Task Each_answer_carries_the_sender_of_its_event()
    {
        var (one, two) = (new Collector(System), new Collector(System));
        Send(new AtomicWrite(Event("a", 1, sender: one.Ref)), new AtomicWrite(Event("a", 2, sender: two.Ref)));
        var senders = new Dictionary<long, IActorRef>();
        for (var i = 0; i < 3; i++)
            if (await Probe.Next<object>() is WriteMessageSuccess m) senders[m.Persistent.SequenceNr] = Probe.LastSender;
        Assert.Equal(one.Ref, senders[1]);
        Assert.Equal(two.Ref, senders[2]);
    }

    [Fact]
    public async Task Writes_of_one_actor_are_answered_in_order()
    {
        for (var i = 1; i <= 200; i++) Send(new AtomicWrite(Event("a", i)));
        var answers = await Answers(400);
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), answers.OfType<WriteMessageSuccess>().Select(a => a.Persistent.SequenceNr));
    }

    [Fact]
    public async Task A_replay_sees_the_writes_that_came_before_it()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = $"a{round}";
            Send([.. Enumerable.Range(1, 20).Select(i => new AtomicWrite(Event(id, i)))]);
            var reader = new Collector(System);
            Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, id, reader.Ref), reader.Ref);
            for (var i = 1; i <= 20; i++) Assert.Equal(i, (await reader.Next<ReplayedMessage>()).Persistent.SequenceNr);
            Assert.Equal(20, (await reader.Next<RecoverySuccess>()).HighestSequenceNr);
            await Answers(21);
        }
    }

    [Fact]
    public async Task Writes_of_many_ids_at_once_are_all_stored()
    {
        for (var n = 1; n <= 20; n++)
            for (var id = 0; id < 50; id++)
                Send(new AtomicWrite(Event($"id{id}", n)));
        var answers = await Answers(2000);
        Assert.Equal(1000, answers.OfType<WriteMessageSuccess>().Count());
        for (var id = 0; id < 50; id++) Assert.Equal(Payloads($"id{id}", 1, 20), (await Replay($"id{id}")).Payloads);
    }

    [Fact]
    public async Task The_writer_and_the_number_come_back_with_an_event()
    {
        await Write("a", 1, 1, writer: "some-writer");
        Journal.Tell(new ReplayMessages(1, 1, 1, "a", Probe.Ref), Probe.Ref);
        var replayed = (await Probe.Next<ReplayedMessage>()).Persistent;
        Assert.Equal((1, "a", "some-writer", false), (replayed.SequenceNr, replayed.PersistenceId, replayed.WriterGuid, replayed.IsDeleted));
        Assert.InRange(replayed.Timestamp, DateTime.UtcNow.AddMinutes(-5).Ticks, DateTime.UtcNow.AddMinutes(5).Ticks);
    }

    [Fact]
    public async Task Events_survive_the_actor_system()
    {
        if (!IsDurable) return;
        await Write("a", 1, 5);
        await Delete("a", 2);
        await RestartSystem();
        var (payloads, highest) = await Replay("a");
        Assert.Equal(Payloads("a", 3, 5), payloads);
        Assert.Equal(5, highest);
    }

    [Fact]
    public async Task A_number_that_is_taken_is_not_written_again()
    {
        if (!IsDurable) return;
        await Write("a", 1, 3);
        Send(new AtomicWrite(Event("a", 4)), new AtomicWrite(Event("a", 3, "usurper")));
        var answers = await Answers(3);
        Assert.Empty(answers.OfType<WriteMessageSuccess>());
        Assert.Equal(2, answers.OfType<WriteMessageFailure>().Count());
        Assert.Single(answers.OfType<WriteMessagesFailed>());
        Assert.Equal(Payloads("a", 1, 3), (await Replay("a")).Payloads);
        await Write("a", 4, 4);
    }

    [Fact]
    public async Task One_actors_failure_does_not_touch_another()
    {
        if (!IsDurable) return;
        await Write("a", 1, 1);
        for (var i = 1; i <= 20; i++) Send(new AtomicWrite(Event("b", i)));
        Send(new AtomicWrite(Event("a", 1, "usurper")));
        for (var i = 1; i <= 20; i++) Send(new AtomicWrite(Event("c", i)));
        var answers = await Answers(82);
        Assert.Equal("a", Assert.Single(answers.OfType<WriteMessageFailure>()).Persistent.PersistenceId);
        Assert.Equal(Payloads("b", 1, 20), (await Replay("b")).Payloads);
        Assert.Equal(Payloads("c", 1, 20), (await Replay("c")).Payloads);
    }
}
