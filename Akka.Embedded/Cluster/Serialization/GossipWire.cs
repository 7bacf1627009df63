using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Serialization;

namespace Akka.Cluster.Serialization;

/// <summary>A gossip as bytes: a table of addresses first, then everything else by index into it.</summary>
internal static class GossipWire
{
    public static void Write(WireWriter w, Gossip gossip)
    {
        var nodes = gossip.Members.Select(m => m.UniqueAddress)
            .Concat(gossip.Seen)
            .Concat(gossip.Reachability.Records.SelectMany(r => new[] { r.Observer, r.Subject }))
            .Concat(gossip.Reachability.Versions.Keys)
            .Concat(gossip.Version.Versions.Keys)
            .Concat(gossip.Tombstones.Keys)
            .Distinct().ToList();
        var index = nodes.Select((n, i) => (n, i)).ToDictionary(x => x.n, x => (ulong)x.i);
        w.Each(nodes, ClusterMessageSerializer.Node);
        w.Each(gossip.Members, (w, m) =>
        {
            w.ULong(index[m.UniqueAddress]);
            w.Int(m.UpNumber);
            w.UInt((uint)m.Status);
            ClusterMessageSerializer.Roles(w, m.Roles);
        });
        w.Each(gossip.Seen, (w, n) => w.ULong(index[n]));
        w.Each(gossip.Reachability.Records, (w, r) =>
        {
            w.ULong(index[r.Observer]);
            w.ULong(index[r.Subject]);
            w.UInt((uint)r.Status);
            w.Long(r.Version);
        });
        w.Each(gossip.Reachability.Versions, (w, v) => Counted(w, index[v.Key], v.Value));
        w.Each(gossip.Version.Versions, (w, v) => Counted(w, index[v.Key], v.Value));
        w.Each(gossip.Tombstones, (w, v) => Counted(w, index[v.Key], v.Value));
    }

    public static Gossip Read(ref WireReader r)
    {
        var nodes = new List<UniqueAddress>();
        for (var i = r.Count(); i > 0; i--) nodes.Add(ClusterMessageSerializer.Node(ref r));
        var members = ImmutableSortedSet.CreateBuilder<Member>();
        for (var i = r.Count(); i > 0; i--)
        {
            members.Add(Member.Of(At(nodes, ref r), r.Int(), Known<MemberStatus>(r.UInt()), ClusterMessageSerializer.Roles(ref r)));
        }
        var seen = ImmutableHashSet.CreateBuilder<UniqueAddress>();
        for (var i = r.Count(); i > 0; i--) seen.Add(At(nodes, ref r));
        var records = ImmutableHashSet.CreateBuilder<Reachability.Record>();
        for (var i = r.Count(); i > 0; i--)
        {
            records.Add(new Reachability.Record(At(nodes, ref r), At(nodes, ref r), Known<ReachabilityStatus>(r.UInt()), r.Long()));
        }
        var rows = Counts(nodes, ref r).ToImmutableDictionary();
        var version = Counts(nodes, ref r).ToImmutableSortedDictionary();
        var tombstones = Counts(nodes, ref r).ToImmutableDictionary();
        return new Gossip(members.ToImmutable(), seen.ToImmutable(), new Reachability(records.ToImmutable(), rows), new VectorClock(version), tombstones);
    }

    private static void Counted(WireWriter w, ulong node, long count)
    {
        w.ULong(node);
        w.Long(count);
    }

    private static Dictionary<UniqueAddress, long> Counts(List<UniqueAddress> nodes, ref WireReader r)
    {
        var counts = new Dictionary<UniqueAddress, long>();
        for (var i = r.Count(); i > 0; i--)
        {
            var node = At(nodes, ref r);
            counts[node] = r.Long();
        }
        return counts;
    }

    private static UniqueAddress At(List<UniqueAddress> nodes, ref WireReader r)
    {
        var index = r.ULong();
        return index < (ulong)nodes.Count ? nodes[(int)index] : throw new SerializationException("a gossip names a node that it does not list");
    }

    private static T Known<T>(uint value) where T : struct, Enum
    {
        var known = (T)Enum.ToObject(typeof(T), value);
        return Enum.IsDefined(known) ? known : throw new SerializationException($"{value} is no {typeof(T).Name}");
    }
}
