using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Eos.Tests.Engine.Internals.Sharding;

public class ShardBuffersTests
{
    [Fact]
    public void Messages_come_out_in_order_by_key_and_no_more_go_in_than_fit()
    {
        var buffers = new ShardBuffers(3);
        Assert.True(buffers.Add("a", 1, ActorRefs.Nobody));
        Assert.True(buffers.Add("b", 2, ActorRefs.Nobody));
        Assert.True(buffers.Add("a", 3, ActorRefs.Nobody));
        Assert.False(buffers.Add("a", 4, ActorRefs.Nobody));

        Assert.Equal([1, 3], buffers.Take("a").Select(m => m.Message));
        Assert.False(buffers.Contains("a"));
        Assert.True(buffers.Add("c", 5, ActorRefs.Nobody));
        Assert.Equal([2], buffers.Take("b").Select(m => m.Message));
        Assert.False(buffers.IsEmpty);
        Assert.Empty(buffers.Take("nothing"));
    }

    [Fact]
    public void What_is_not_to_be_kept_is_taken_out_and_the_rest_stays_in_order()
    {
        var buffers = new ShardBuffers(10);
        for (var i = 0; i < 6; i++) buffers.Add("a", i, i % 2 == 0 ? ActorRefs.NoSender! : ActorRefs.Nobody);
        Assert.Equal([0, 2, 4], buffers.TakeUnless("a", sender => sender is not null).Select(m => m.Message));
        Assert.Equal([1, 3, 5], buffers.Take("a").Select(m => m.Message));
    }
}
