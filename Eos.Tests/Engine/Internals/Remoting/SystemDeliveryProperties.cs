using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Remote;
using FsCheck;
using FsCheck.Fluent;

namespace Eos.Tests.Engine.Internals.Remoting;

public sealed class SystemDeliveryProperties
{
    private enum Step
    {
        Add,
        Carry,
        Confirm,
        Reconnect,
    }

    /// <summary>A sender, a receiver, and a wire that loses what it carries when it is cut.</summary>
    private sealed class World
    {
        private readonly SystemDelivery _sender = new(limit: 1000);
        private readonly SystemDelivery _receiver = new(limit: 1000);
        private readonly Queue<SystemItem> _wire = new();
        private long _added;

        public List<long> Taken { get; } = [];

        public IEnumerable<long> Added => Enumerable.Range(1, (int)_added).Select(i => (long)i);

        public bool IsConfirmed => _sender.IsEmpty;

        public void Do(Step step)
        {
            switch (step)
            {
                case Step.Add:
                    _sender.Add(ActorRefs.Nobody, new Failed(ActorRefs.Nobody, new TimeoutException(), ++_added));
                    break;
                case Step.Carry:
                    if (_sender.TryNext(out var item)) _wire.Enqueue(item);
                    if (_wire.Count > 1) Take(_wire.Dequeue());
                    break;
                case Step.Confirm:
                    _sender.Confirmed(_receiver.Received);
                    break;
                case Step.Reconnect:
                    _wire.Clear();
                    _sender.Reconnected(_receiver.Received, newUid: false);
                    break;
            }
        }

        public void Finish()
        {
            Do(Step.Reconnect);
            while (_sender.TryNext(out var item)) Take(item);
            Do(Step.Confirm);
        }

        private void Take(SystemItem item)
        {
            if (_receiver.Accept(item.Number)) Taken.Add(((Failed)item.Message).Uid);
        }
    }

    [Fact]
    public void Whatever_is_cut_every_system_message_is_taken_once_and_in_order() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Elements(Enum.GetValues<Step>()).ListOf().ToArbitrary(), steps =>
        {
            var world = new World();
            foreach (var step in steps) world.Do(step);
            world.Finish();
            return world.Taken.SequenceEqual(world.Added) && world.IsConfirmed;
        }));

    [Fact]
    public void A_receiver_that_started_anew_gets_what_is_unconfirmed_from_one_on()
    {
        var sender = new SystemDelivery(limit: 10);
        for (var i = 1; i <= 5; i++) sender.Add(ActorRefs.Nobody, new Failed(ActorRefs.Nobody, new TimeoutException(), i));
        while (sender.TryNext(out _))
        {
        }
        sender.Confirmed(3);
        sender.Reconnected(receivedThere: 0, newUid: true);
        var numbers = new List<(ulong, long)>();
        while (sender.TryNext(out var item)) numbers.Add((item.Number, ((Failed)item.Message).Uid));
        Assert.Equal([(1UL, 4L), (2UL, 5L)], numbers);
    }

    [Fact]
    public void A_sender_that_forgot_goes_on_from_what_the_receiver_has()
    {
        var sender = new SystemDelivery(limit: 10);
        sender.Reconnected(receivedThere: 41, newUid: false);
        sender.Add(ActorRefs.Nobody, Terminate.Instance);
        Assert.True(sender.TryNext(out var item));
        Assert.Equal(42UL, item.Number);
    }

    [Fact]
    public void A_connection_that_was_replaced_carries_confirms_and_brings_nothing_more()
    {
        var (replaced, present) = (new object(), new object());
        var both = new SystemDelivery(limit: 10);
        both.Reconnected(receivedThere: 0, newUid: false, replaced);
        both.Add(ActorRefs.Nobody, Terminate.Instance);
        both.Reconnected(receivedThere: 0, newUid: true, present);
        Assert.False(both.TryNext(out _, replaced));
        both.Confirmed(7, replaced);
        Assert.False(both.Accept(7, replaced));
        Assert.True(both.TryNext(out var item, present));
        Assert.Equal(1UL, item.Number);
        Assert.True(both.Accept(1, present));
    }

    [Fact]
    public void A_gap_is_an_error_of_protocol()
    {
        var receiver = new SystemDelivery(limit: 10);
        Assert.True(receiver.Accept(1));
        Assert.False(receiver.Accept(1));
        Assert.Throws<ProtocolException>(() => receiver.Accept(3));
    }

    [Fact]
    public void More_than_the_limit_is_not_taken()
    {
        var sender = new SystemDelivery(limit: 1);
        Assert.True(sender.Add(ActorRefs.Nobody, Terminate.Instance));
        Assert.False(sender.Add(ActorRefs.Nobody, Terminate.Instance));
    }
}
