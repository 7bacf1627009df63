using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>
/// The bytes in which the coordinator's events and snapshots are stored: protobuf wire format with Akka.NET's field numbers, so that a
/// journal opens under either engine. Texts only; unknown fields are skipped.
/// <code>
///   ref: 1 = path        shard: 1 = id        allocated: 1 = shard, 2 = region path
///   state: 1 = { 1 = shard, 2 = region path } …, 2 = region paths, 3 = proxy paths
/// </code>
/// </summary>
internal static class StoredForm
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    public static void Text(WireWriter w, int field, string text)
    {
        Tag(w, field);
        w.Blob(Encoding.UTF8.GetBytes(text));
    }

    public static void Ref(WireWriter w, int field, IActorRef actor) => Text(w, field, Akka.Serialization.Serialization.SerializedActorPath(actor));

    public static string Text(ref WireReader r) => Only(Fields(ref r), 1);

    public static IActorRef Ref(ref WireReader r) => Resolve(r.System, Only(Fields(ref r), 1));

    public static (string Shard, IActorRef Region) Home(ref WireReader r)
    {
        var fields = Fields(ref r);
        return (Only(fields, 1), Resolve(r.System, Only(fields, 2)));
    }

    public static void WriteState(WireWriter w, CoordinatorState state)
    {
        foreach (var (region, shards) in state.Regions)
            foreach (var shard in shards)
            {
                var entry = new WireWriter(w.System);
                Text(entry, 1, shard);
                Ref(entry, 2, region);
                Tag(w, 1);
                w.Blob(entry.Span);
                entry.Release();
            }
        foreach (var region in state.Regions.Keys) Ref(w, 2, region);
        foreach (var proxy in state.Proxies) Ref(w, 3, proxy);
    }

    public static CoordinatorState ReadState(ref WireReader r)
    {
        var system = r.System;
        var fields = Fields(ref r);
        var state = CoordinatorState.Empty with { Proxies = [.. All(fields, 3).Select(path => Resolve(system, path))] };
        state = All(fields, 2).Aggregate(state, (s, path) => s.Apply(new RegionRegistered(Resolve(system, path))));
        foreach (var (_, bytes) in fields.Where(f => f.Field == 1))
        {
            var entry = new WireReader(system, bytes);
            var (shard, region) = Home(ref entry);
            state = state.Apply(new ShardHomeAllocated(shard, region));
        }
        return state;
    }

    private static void Tag(WireWriter w, int field) => w.ULong((ulong)((field << 3) | Delimited));

    private static IActorRef Resolve(ExtendedActorSystem system, string path) => system.Serialization.DeserializeActorRef(path);

    private static string Only(ImmutableList<(int Field, byte[] Bytes)> fields, int field) => All(fields, field).LastOrDefault("");

    private static IEnumerable<string> All(ImmutableList<(int Field, byte[] Bytes)> fields, int field) =>
        fields.Where(f => f.Field == field).Select(f => Encoding.UTF8.GetString(f.Bytes));

    private static ImmutableList<(int Field, byte[] Bytes)> Fields(ref WireReader r)
    {
        var fields = ImmutableList.CreateBuilder<(int, byte[])>();
        while (!r.AtEnd)
        {
            var tag = r.ULong();
            switch (tag & 7)
            {
                case Delimited: fields.Add(((int)(tag >> 3), r.Blob().ToArray())); break;
                case Varint: r.ULong(); break;
                case Fixed64: r.Raw(8); break;
                case Fixed32: r.Raw(4); break;
                default: throw new System.Runtime.Serialization.SerializationException("a stored event of sharding is damaged");
            }
        }
        return fields.ToImmutable();
    }
}
