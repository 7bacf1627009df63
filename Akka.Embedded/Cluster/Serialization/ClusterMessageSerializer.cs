using System.Collections.Immutable;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Serialization;

/// <summary>What nodes of a cluster say to each other, as bytes.</summary>
internal sealed class ClusterMessageSerializer : TableSerializer
{
    public ClusterMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row("IJ", new InitJoin());
        Row<InitJoinAck>("IJA", static (w, m) => w.Address(m.Address), static (ref WireReader r) => new InitJoinAck(r.Address()));
        Row<InitJoinNack>("IJN", static (w, m) => w.Address(m.Address), static (ref WireReader r) => new InitJoinNack(r.Address()));
        Row<Join>("J", static (w, m) =>
        {
            Node(w, m.Node);
            Roles(w, m.Roles);
        }, static (ref WireReader r) => new Join(Node(ref r), Roles(ref r)));
        Row<Welcome>("W", static (w, m) =>
        {
            Node(w, m.From);
            GossipWire.Write(w, m.Gossip);
        }, static (ref WireReader r) => new Welcome(Node(ref r), GossipWire.Read(ref r)));
        Row<GossipEnvelope>("GE", static (w, m) =>
        {
            Node(w, m.From);
            Node(w, m.To);
            GossipWire.Write(w, m.Gossip);
        }, static (ref WireReader r) => new GossipEnvelope(Node(ref r), Node(ref r), GossipWire.Read(ref r)));
        Row<GossipStatus>("GS", static (w, m) =>
        {
            Node(w, m.From);
            w.Each(m.Version.Versions, static (w, v) =>
            {
                Node(w, v.Key);
                w.Long(v.Value);
            });
            w.Int(m.SeenDigest);
        }, ReadStatus);
        Row<Heartbeat>("HB", static (w, m) => w.Long(m.Sequence), static (ref WireReader r) => new Heartbeat(r.Long()));
        Row<HeartbeatResponse>("HBR", static (w, m) =>
        {
            Node(w, m.From);
            w.Long(m.Sequence);
        }, static (ref WireReader r) => new HeartbeatResponse(Node(ref r), r.Long()));
        Row<ExitingConfirmed>("EC", static (w, m) => Node(w, m.Node), static (ref WireReader r) => new ExitingConfirmed(Node(ref r)));
    }

    internal static void Node(WireWriter w, UniqueAddress node)
    {
        w.Address(node.Address);
        w.Int(node.Uid);
    }

    internal static UniqueAddress Node(ref WireReader r) => new(r.Address(), r.Int());

    internal static void Roles(WireWriter w, ImmutableHashSet<string> roles) => w.Each(roles, static (w, role) => w.Text(role));

    internal static ImmutableHashSet<string> Roles(ref WireReader r)
    {
        var roles = ImmutableHashSet.CreateBuilder<string>();
        for (var i = r.Count(); i > 0; i--) roles.Add(r.Text());
        return roles.ToImmutable();
    }

    private static object ReadStatus(ref WireReader r)
    {
        var from = Node(ref r);
        var versions = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, long>();
        for (var i = r.Count(); i > 0; i--)
        {
            var node = Node(ref r);
            versions[node] = r.Long();
        }
        return new GossipStatus(from, new VectorClock(versions.ToImmutable()), r.Int());
    }
}
