using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Eos.Tests.Support;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Cluster;

/// <summary>Clients that are no members: answers, fail-over, what they cannot reach.</summary>
[Collection(ClustersCollection.Name)]
public class ClusterClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_client_gets_answers_without_being_a_member()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        Serve(cluster[0], "one");
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster);

        Assert.Equal("one: hello", await client.Ask<string>(new ClusterClient.Send("/user/echo", "hello"), Patience));
        Assert.Single(AkkaCluster.Get(cluster[0]).State.Members);
        await outsider.Terminate();
    }

    [Fact]
    public async Task Answers_to_many_questions_reach_those_who_asked()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        Serve(cluster[0], "one");
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster);

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => client.Ask<string>(new ClusterClient.Send("/user/echo", $"{i}"), Patience)));

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"one: {i}"), answers);
        await outsider.Terminate();
    }

    [Fact]
    public async Task What_is_sent_to_all_and_what_is_published_reaches_every_node()
    {
        await using var cluster = await LoopbackCluster.Start(2);
        var inboxes = cluster.Nodes.Select(n => new Inbox(n)).ToList();
        for (var i = 0; i < 2; i++)
        {
            Serve(cluster[i], $"node{i}");
            ClusterClientReceptionist.Get(cluster[i]).RegisterSubscriber("news", inboxes[i].Ref);
        }
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster);
        var answers = new Inbox(outsider);
        await Eventually.True(() =>
        {
            client.Tell(new ClusterClient.SendToAll("/user/echo", "who"), answers.Ref);
            return answers.Saw("node0: who") && answers.Saw("node1: who");
        }, "both nodes answer");

        // what is published before the subscribers are known everywhere does not reach all
        await Eventually.True(() =>
        {
            client.Tell(new ClusterClient.Publish("news", "extra"));
            return inboxes.All(i => i.Saw("extra"));
        }, "both subscribers hear");
        await outsider.Terminate();
    }

    [Fact]
    public async Task A_client_finds_another_receptionist_when_its_own_is_gone()
    {
        await using var cluster = await LoopbackCluster.Start(3);
        for (var i = 0; i < 3; i++) Serve(cluster[i], $"node{i}");
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster, only: cluster[2]);
        Assert.Equal("node2: hello", await client.Ask<string>(new ClusterClient.Send("/user/echo", "hello", localAffinity: true), Patience));
        var contacts = await Eventually.Is(
            () => client.Ask<ContactPoints>(GetContactPoints.Instance, Patience), c => c.ContactPointsList.Count == 3, "the client knows all three");
        Assert.All(contacts.ContactPointsList, c => Assert.EndsWith("/system/receptionist", c.ToString()));

        await cluster.Crash(cluster[2]);

        var answer = await Eventually.Is(
            () => client.Ask<string>(new ClusterClient.Send("/user/echo", "again", localAffinity: true), TimeSpan.FromMilliseconds(500)),
            a => a.EndsWith(": again", StringComparison.Ordinal), "another node answers");
        Assert.DoesNotContain("node2", answer);
        await outsider.Terminate();
    }

    [Fact]
    public async Task A_client_that_starts_before_the_cluster_waits_and_then_is_served()
    {
        var port = FreePort.Take(1)[0];
        using var outsider = LoopbackCluster.Outsider();
        var client = outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider)
            .WithInitialContacts(ImmutableHashSet.Create(ActorPath.Parse($"akka.tcp://loopback@127.0.0.1:{port}/system/receptionist")))));
        var answer = client.Ask<string>(new ClusterClient.Send("/user/echo", "early"), Patience);

        await using var cluster = await LoopbackCluster.Start(0);
        Serve(await cluster.Add($"akka.remote.dot-netty.tcp.port = {port}"), "late");

        Assert.Equal("late: early", await answer);
        await outsider.Terminate();
    }

    [Fact]
    public async Task A_client_without_a_cluster_gives_up_when_told_to()
    {
        using var outsider = LoopbackCluster.Outsider();
        var client = outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider)
            .WithInitialContacts(ImmutableHashSet.Create(ActorPath.Parse($"akka.tcp://loopback@127.0.0.1:{FreePort.Take(1)[0]}/system/receptionist")))
            .WithReconnectTimeout(TimeSpan.FromMilliseconds(300))));

        Assert.True(await client.GracefulStop(Patience, "not understood"));
        await outsider.Terminate();
    }

    [Fact]
    public async Task A_client_cannot_reach_what_is_not_registered()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        Serve(cluster[0], "one");
        var secret = new Collector(cluster[0]);
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster);

        client.Tell(new ClusterClient.Send(secret.Ref.Path.ToStringWithoutAddress(), "psst"));
        Assert.Equal("one: hello", await client.Ask<string>(new ClusterClient.Send("/user/echo", "hello"), Patience));

        secret.ExpectNothingYet();
        await outsider.Terminate();
    }

    [Fact]
    public async Task A_service_that_is_unregistered_is_not_reached_any_more()
    {
        await using var cluster = await LoopbackCluster.Start(1);
        var echo = Serve(cluster[0], "one");
        using var outsider = LoopbackCluster.Outsider();
        var client = Client(outsider, cluster);
        await client.Ask<string>(new ClusterClient.Send("/user/echo", "hello"), Patience);

        ClusterClientReceptionist.Get(cluster[0]).UnregisterService(echo);

        await Assert.ThrowsAsync<AskTimeoutException>(() => client.Ask<string>(new ClusterClient.Send("/user/echo", "hello"), TimeSpan.FromSeconds(1)));
        await outsider.Terminate();
    }

    private static IActorRef Serve(ActorSystem node, string name)
    {
        var echo = node.ActorOf(Props.Create(() => new Echo(name)), "echo");
        ClusterClientReceptionist.Get(node).RegisterService(echo);
        return echo;
    }

    private static IActorRef Client(ActorSystem outsider, LoopbackCluster cluster, ActorSystem? only = null) =>
        outsider.ActorOf(ClusterClient.Props(ClusterClientSettings.Create(outsider).WithInitialContacts(cluster.Nodes
            .Where(n => only == null || n == only)
            .Select(n => ActorPath.Parse($"{AkkaCluster.Get(n).SelfAddress}/system/receptionist")).ToImmutableHashSet())), "client");

    private sealed class Echo(string name) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell($"{name}: {message}");
    }
}
