using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Serialization;
using static Eos.Tests.Engine.Internals.Membership.Cast;

namespace Eos.Tests.Engine.Internals.Membership;

public class ClusterWireTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("wire", "akka.loglevel = ERROR");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public void A_gossip_survives_the_wire()
    {
        var gossip = View(1, Up(1, "mgm", "fst"), Is(2, MemberStatus.Joining), Is(3, MemberStatus.Down), Is(4, MemberStatus.WeaklyUp)).Missing(1, 3, 2).Gossip with
        {
            Tombstones = ImmutableDictionary<UniqueAddress, long>.Empty.Add(Node(9, -77), 1234567890123),
        };
        var back = Turned(new GossipEnvelope(Node(1), Node(2), gossip));
        Assert.Equal((Node(1), Node(2)), (back.From, back.To));
        Assert.Equal(gossip.Members.Select(m => (m.UniqueAddress, m.Status, m.UpNumber)), back.Gossip.Members.Select(m => (m.UniqueAddress, m.Status, m.UpNumber)));
        Assert.Equal(["fst", "mgm"], back.Gossip.Members[0].Roles.Order());
        Assert.Equal(gossip.Seen, back.Gossip.Seen);
        Assert.True(gossip.Reachability.SameAs(back.Gossip.Reachability));
        Assert.Equal(gossip.Reachability.Versions, back.Gossip.Reachability.Versions);
        Assert.Equal(Ordering.Same, gossip.Version.CompareTo(back.Gossip.Version));
        Assert.Equal(gossip.Tombstones, back.Gossip.Tombstones);
    }

    [Fact]
    public void The_other_messages_survive_the_wire()
    {
        Assert.IsType<InitJoin>(Turned<object>(new InitJoin()));
        Assert.Equal(new InitJoinAck(Node(1).Address), Turned(new InitJoinAck(Node(1).Address)));
        Assert.Equal(new InitJoinNack(Node(1).Address), Turned(new InitJoinNack(Node(1).Address)));
        Assert.Equal(["a", "b"], Turned(new Join(Node(1), ["a", "b"])).Roles.Order());
        Assert.Equal(Node(1), Turned(new Welcome(Node(1), Gossip.Empty)).From);
        Assert.Equal(new Heartbeat(7), Turned(new Heartbeat(7)));
        Assert.Equal(new HeartbeatResponse(Node(3), 7), Turned(new HeartbeatResponse(Node(3), 7)));
        Assert.Equal(new ExitingConfirmed(Node(3)), Turned(new ExitingConfirmed(Node(3))));
        var status = Turned(new GossipStatus(Node(1), VectorClock.Empty.Increment(Node(2)), -5));
        Assert.Equal((-5, 1L), (status.SeenDigest, status.Version.Versions[Node(2)]));
    }

    [Fact]
    public void Bytes_that_make_no_sense_are_an_error_and_nothing_else()
    {
        var whole = Serializer.ToBinary(new GossipEnvelope(Node(1), Node(2), View(1, Up(1, "r"), Up(2)).Missing(1, 2).Gossip));
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = whole[..random.Next(whole.Length)];
            if (bytes.Length > 0) bytes[random.Next(bytes.Length)] ^= (byte)random.Next(256);
            var e = Record.Exception(() => Serializer.FromBinary(bytes, "GE"));
            Assert.True(e is null or SerializationException or FormatException or UriFormatException, $"{e}");
        }
    }

    private SerializerWithStringManifest Serializer => (SerializerWithStringManifest)_system.Serialization.FindSerializerForType(typeof(IClusterMessage));

    private T Turned<T>(T message) where T : notnull => (T)Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));
}
