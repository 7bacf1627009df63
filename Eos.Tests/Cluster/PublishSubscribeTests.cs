using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Topics, groups and paths across nodes.</summary>
[Collection(ClustersCollection.Name)]
public class PublishSubscribeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_message_reaches_all_subscribers_on_all_nodes_with_its_sender()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        var inboxes = await Task.WhenAll(cluster.Nodes.Select(n => Subscribed(n, "news")));
        await KnownEverywhere(cluster, "news");
        var sender = new Collector(cluster[0]);
        await Reached(() => Mediator(cluster[0]).Tell(new Publish("news", "probe"), sender.Ref), inboxes, "probe");

        Mediator(cluster[0]).Tell(new Publish("news", "hello"), sender.Ref);

        foreach (var inbox in inboxes)
        {
            await inbox.Until("hello");
            Assert.Equal(sender.Ref.Path.Name, inbox.LastSender.Path.Name);
        }
    }

    [Fact]
    public async Task One_of_each_group_gets_a_message_to_each_group_and_nobody_else()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var a = await Task.WhenAll(Subscribed(cluster[0], "jobs", "a"), Subscribed(cluster[1], "jobs", "a"));
        var b = await Task.WhenAll(Subscribed(cluster[0], "jobs", "b"), Subscribed(cluster[1], "jobs", "b"));
        var all = await Subscribed(cluster[1], "jobs");
        await KnownEverywhere(cluster, "jobs");
        await Eventually.True(() =>
        {
            Mediator(cluster[0]).Tell(new Publish("jobs", "probe", sendOneMessageToEachGroup: true));
            return a.All(i => i.Saw("probe")) && b.All(i => i.Saw("probe"));
        }, "members of both groups on both nodes are known");

        for (var i = 0; i < 40; i++) Mediator(cluster[0]).Tell(new Publish("jobs", $"job{i}", sendOneMessageToEachGroup: true));
        await Eventually.True(() => a.Sum(Jobs) >= 40 && b.Sum(Jobs) >= 40, "all jobs have come");
        Mediator(cluster[0]).Tell(new Publish("jobs", "to all"));
        await all.Until("to all");

        Assert.Equal(40, a.Sum(Jobs));
        Assert.Equal(40, b.Sum(Jobs));
        Assert.All(a, inbox => Assert.True(Jobs(inbox) > 0));
        Assert.Equal(0, Jobs(all));
    }

    [Fact]
    public async Task A_message_to_a_path_goes_to_one_and_to_all_as_asked()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var inboxes = cluster.Nodes.Select(n => new Inbox(n, "worker")).ToArray();
        for (var i = 0; i < 2; i++) Mediator(cluster[i]).Tell(new Put(inboxes[i].Ref));
        await Reached(() => Mediator(cluster[0]).Tell(new SendToAll("/user/worker", "probe")), inboxes, "probe");

        for (var i = 0; i < 30; i++) Mediator(cluster[0]).Tell(new Send("/user/worker", "one"));
        await Eventually.True(() => inboxes.Sum(x => x.Count("one")) >= 30, "each message has come");
        for (var i = 0; i < 10; i++) Mediator(cluster[0]).Tell(new Send("/user/worker", "near", localAffinity: true));
        Mediator(cluster[0]).Tell(new SendToAll("/user/worker", "others", excludeSelf: true));
        Mediator(cluster[0]).Tell(new SendToAll("/user/worker", "end"));
        foreach (var inbox in inboxes) await inbox.Until("end");

        Assert.Equal(30, inboxes.Sum(x => x.Count("one")));
        Assert.All(inboxes, inbox => Assert.True(inbox.Count("one") > 0));
        Assert.Equal(10, inboxes[0].Count("near"));
        Assert.Equal(0, inboxes[0].Count("others"));
        Assert.Equal(1, inboxes[1].Count("others"));
    }

    [Fact]
    public async Task Who_unsubscribes_or_ends_gets_nothing_more_and_its_topic_is_forgotten()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var first = await Subscribed(cluster[1], "news");
        var second = await Subscribed(cluster[1], "news");
        await KnownEverywhere(cluster, "news");

        await Mediator(cluster[1]).Ask<UnsubscribeAck>(new Unsubscribe("news", first.Ref), Patience);
        cluster[1].Stop(second.Ref);

        await Eventually.Is(() => Mediator(cluster[0]).Ask<CurrentTopics>(GetTopics.Instance, Patience), t => t.Topics.Count == 0, "the topic is forgotten");
    }

    [Fact]
    public async Task A_removed_node_is_forgotten()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        await Subscribed(cluster[1], "news");
        await KnownEverywhere(cluster, "news");

        await cluster.Crash(cluster[1]);

        await Eventually.Is(() => Mediator(cluster[0]).Ask<CurrentTopics>(GetTopics.Instance, Patience), t => t.Topics.Count == 0, "the node is forgotten");
    }

    [Fact]
    public async Task A_node_that_joins_learns_what_is_subscribed()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        for (var i = 0; i < 50; i++) await Subscribed(cluster[0], $"topic{i}");

        var late = await cluster.Add("akka.cluster.pub-sub.max-delta-elements = 7");

        await Eventually.Is(() => Mediator(late).Ask<CurrentTopics>(GetTopics.Instance, Patience), t => t.Topics.Count == 50, "all topics are known");
    }

    private static int Jobs(Inbox inbox) => inbox.Seen.Count(m => m.StartsWith("job", StringComparison.Ordinal));

    private static IActorRef Mediator(ActorSystem node) => DistributedPubSub.Get(node).Mediator;

    private static async Task<Inbox> Subscribed(ActorSystem node, string topic, string? group = null)
    {
        var inbox = new Inbox(node);
        var ack = await Mediator(node).Ask<SubscribeAck>(new Subscribe(topic, inbox.Ref, group), Patience);
        Assert.Equal(topic, ack.Subscribe.Topic);
        return inbox;
    }

    private static async Task KnownEverywhere(LoopbackCluster cluster, string topic)
    {
        foreach (var node in cluster.Nodes)
            await Eventually.Is(() => Mediator(node).Ask<CurrentTopics>(GetTopics.Instance, Patience), t => t.Topics.Contains(topic), $"{topic} is known");
    }

    private static Task Reached(Action send, Inbox[] inboxes, string text) => Eventually.True(() =>
    {
        send();
        return inboxes.All(i => i.Saw(text));
    }, $"{text} reaches all");
}
