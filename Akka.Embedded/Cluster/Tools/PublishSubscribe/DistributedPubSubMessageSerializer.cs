using System.Collections.Immutable;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Tools.PublishSubscribe.Serialization;

/// <summary>The registry's gossip and messages on their way to receivers.</summary>
internal sealed class DistributedPubSubMessageSerializer : TableSerializer
{
    public DistributedPubSubMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<RegistryStatus>("A", WriteStatus, ReadStatus);
        Row<RegistryDelta>("B", static (w, m) => w.Each(m.Buckets, WriteBucket), ReadDelta);
        Row<Deliver>("C", static (w, m) =>
        {
            WriteKey(w, m.Key);
            w.Bool(m.ToAll);
            w.Payload(m.Message);
        }, static (ref WireReader r) => new Deliver(ReadKey(ref r), r.Bool(), r.Payload()!));
        Row<Publish>("D", static (w, m) =>
        {
            w.Text(m.Topic);
            w.Bool(m.SendOneMessageToEachGroup);
            w.Payload(m.Message);
        }, static (ref WireReader r) =>
        {
            var (topic, each) = (r.Text(), r.Bool());
            return new Publish(topic, r.Payload()!, each);
        });
        Row<Send>("E", static (w, m) =>
        {
            w.Text(m.Path);
            w.Bool(m.LocalAffinity);
            w.Payload(m.Message);
        }, static (ref WireReader r) =>
        {
            var (path, local) = (r.Text(), r.Bool());
            return new Send(path, r.Payload()!, local);
        });
        Row<SendToAll>("F", static (w, m) =>
        {
            w.Text(m.Path);
            w.Bool(m.ExcludeSelf);
            w.Payload(m.Message);
        }, static (ref WireReader r) =>
        {
            var (path, exclude) = (r.Text(), r.Bool());
            return new SendToAll(path, r.Payload()!, exclude);
        });
    }

    private static void WriteStatus(WireWriter w, RegistryStatus m)
    {
        w.Bool(m.IsReply);
        w.Each(m.Versions, static (w, v) =>
        {
            WriteNode(w, v.Key);
            w.Long(v.Value);
        });
    }

    private static object ReadStatus(ref WireReader r)
    {
        var isReply = r.Bool();
        var versions = ImmutableDictionary.CreateBuilder<UniqueAddress, long>();
        for (var n = r.Count(); n > 0; n--)
        {
            var node = ReadNode(ref r);
            versions[node] = r.Long();
        }
        return new RegistryStatus(versions.ToImmutable(), isReply);
    }

    private static void WriteBucket(WireWriter w, BucketDelta m)
    {
        WriteNode(w, m.Owner);
        w.Long(m.Since);
        w.Long(m.Version);
        w.Each(m.Changes, static (w, c) =>
        {
            WriteKey(w, c.Key);
            w.Long(c.Value.Version);
            w.Bool(c.Value.Present);
        });
    }

    private static object ReadDelta(ref WireReader r)
    {
        var buckets = ImmutableList.CreateBuilder<BucketDelta>();
        for (var n = r.Count(); n > 0; n--)
        {
            var (owner, since, version) = (ReadNode(ref r), r.Long(), r.Long());
            var changes = ImmutableList.CreateBuilder<KeyValuePair<Key, Entry>>();
            for (var k = r.Count(); k > 0; k--)
            {
                var key = ReadKey(ref r);
                changes.Add(new(key, new Entry(r.Long(), r.Bool())));
            }
            buckets.Add(new BucketDelta(owner, since, version, changes.ToImmutable()));
        }
        return new RegistryDelta(buckets.ToImmutable());
    }

    private static void WriteKey(WireWriter w, Key key)
    {
        w.Byte((byte)key.Kind);
        w.Text(key.Name);
        w.Text(key.Group);
    }

    private static Key ReadKey(ref WireReader r) => new((KeyKind)r.Byte(), r.Text(), r.Text());

    private static void WriteNode(WireWriter w, UniqueAddress node)
    {
        w.Address(node.Address);
        w.Int(node.Uid);
    }

    private static UniqueAddress ReadNode(ref WireReader r) => new(r.Address(), r.Int());
}
