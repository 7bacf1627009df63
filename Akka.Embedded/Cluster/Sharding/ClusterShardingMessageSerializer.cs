using System.Collections.Immutable;
using Akka.Actor;
using Akka.Serialization;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>
/// Messages of sharding, and what the coordinator stores. Manifests: A… stored events and the snapshot, B… between coordinator and
/// regions, C… questions and their answers.
/// </summary>
internal sealed class ClusterShardingMessageSerializer : TableSerializer
{
    private delegate T ReadOne<T>(ref WireReader reader);

    public ClusterShardingMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<CoordinatorState>("AA", WriteState, ReadState);
        Row<RegionRegistered>("AB", static (w, m) => w.Ref(m.Region), static (ref WireReader r) => new RegionRegistered(r.Ref()));
        Row<ProxyRegistered>("AC", static (w, m) => w.Ref(m.Proxy), static (ref WireReader r) => new ProxyRegistered(r.Ref()));
        Row<RegionTerminated>("AD", static (w, m) => w.Ref(m.Region), static (ref WireReader r) => new RegionTerminated(r.Ref()));
        Row<ProxyTerminated>("AE", static (w, m) => w.Ref(m.Proxy), static (ref WireReader r) => new ProxyTerminated(r.Ref()));
        Row<ShardHomeAllocated>("AF", static (w, m) =>
        {
            w.Text(m.Shard);
            w.Ref(m.Region);
        }, static (ref WireReader r) => new ShardHomeAllocated(r.Text(), r.Ref()));
        Row<ShardHomeDeallocated>("AG", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new ShardHomeDeallocated(r.Text()));

        Row<Register>("BA", static (w, m) => w.Ref(m.Region), static (ref WireReader r) => new Register(r.Ref()));
        Row<RegisterProxy>("BB", static (w, m) => w.Ref(m.Proxy), static (ref WireReader r) => new RegisterProxy(r.Ref()));
        Row<RegisterAck>("BC", static (w, m) => w.Ref(m.Coordinator), static (ref WireReader r) => new RegisterAck(r.Ref()));
        Row<GetShardHome>("BD", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new GetShardHome(r.Text()));
        Row<ShardHome>("BE", static (w, m) =>
        {
            w.Text(m.Shard);
            w.Ref(m.Region);
        }, static (ref WireReader r) => new ShardHome(r.Text(), r.Ref()));
        Row<HostShard>("BF", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new HostShard(r.Text()));
        Row<ShardStarted>("BG", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new ShardStarted(r.Text()));
        Row<BeginHandOff>("BH", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new BeginHandOff(r.Text()));
        Row<BeginHandOffAck>("BI", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new BeginHandOffAck(r.Text()));
        Row<HandOff>("BJ", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new HandOff(r.Text()));
        Row<ShardStopped>("BK", static (w, m) => w.Text(m.Shard), static (ref WireReader r) => new ShardStopped(r.Text()));
        Row<GracefulShutdownReq>("BL", static (w, m) => w.Ref(m.Region), static (ref WireReader r) => new GracefulShutdownReq(r.Ref()));

        Row("CA", GetCurrentRegions.Instance);
        Row<CurrentRegions>("CB", static (w, m) => w.Each(m.Regions, static (w, a) => w.Address(a)),
            static (ref WireReader r) => new CurrentRegions(List(ref r, static (ref WireReader x) => x.Address()).ToImmutableHashSet()));
        Row<GetClusterShardingStats>("CC", static (w, m) => w.Time(m.Timeout), static (ref WireReader r) => new GetClusterShardingStats(r.Time()));
        Row<ClusterShardingStats>("CD", static (w, m) => w.Each(m.Regions, static (w, p) =>
        {
            w.Address(p.Key);
            WriteStats(w, p.Value);
        }), static (ref WireReader r) => new ClusterShardingStats(List(ref r, static (ref WireReader x) => KeyValuePair.Create(x.Address(), ReadStats(ref x))).ToImmutableDictionary()));
        Row("CE", GetShardRegionStats.Instance);
        Row<ShardRegionStats>("CF", WriteStats, static (ref WireReader r) => ReadStats(ref r));
        Row("CG", GetShardRegionState.Instance);
        Row<CurrentShardRegionState>("CH", static (w, m) =>
        {
            w.Each(m.Shards, WriteShard);
            WriteTexts(w, m.Failed);
        }, static (ref WireReader r) => new CurrentShardRegionState(List(ref r, ReadShard).ToImmutableHashSet(), Texts(ref r).ToImmutableHashSet()));
        Row<ShardState>("CI", WriteShard, static (ref WireReader r) => ReadShard(ref r));
        Row<ShardingEnvelope>("CJ", static (w, m) =>
        {
            w.Text(m.EntityId);
            w.Payload(m.Message);
        }, static (ref WireReader r) => new ShardingEnvelope(r.Text(), r.Payload()!));
    }

    private static void WriteState(WireWriter w, CoordinatorState m)
    {
        w.Each(m.Regions, static (w, region) =>
        {
            w.Ref(region.Key);
            WriteTexts(w, region.Value);
        });
        w.Each(m.Proxies, static (w, proxy) => w.Ref(proxy));
    }

    private static object ReadState(ref WireReader r)
    {
        var regions = List(ref r, static (ref WireReader x) => KeyValuePair.Create(x.Ref(), (IImmutableList<string>)Texts(ref x)));
        var proxies = List(ref r, static (ref WireReader x) => x.Ref());
        return new CoordinatorState(
            regions.SelectMany(region => region.Value.Select(shard => KeyValuePair.Create(shard, region.Key))).ToImmutableDictionary(),
            regions.ToImmutableDictionary(), [.. proxies]);
    }

    private static void WriteStats(WireWriter w, ShardRegionStats m)
    {
        w.Each(m.Stats, static (w, s) =>
        {
            w.Text(s.Key);
            w.Int(s.Value);
        });
        WriteTexts(w, m.Failed);
    }

    private static ShardRegionStats ReadStats(ref WireReader r) => new(
        List(ref r, static (ref WireReader x) => KeyValuePair.Create(x.Text(), x.Int())).ToImmutableDictionary(), Texts(ref r).ToImmutableHashSet());

    private static void WriteShard(WireWriter w, ShardState m)
    {
        w.Text(m.ShardId);
        WriteTexts(w, m.EntityIds);
    }

    private static ShardState ReadShard(ref WireReader r) => new(r.Text(), Texts(ref r).ToImmutableHashSet());

    private static void WriteTexts(WireWriter w, IReadOnlyCollection<string> texts) => w.Each(texts, static (w, t) => w.Text(t));

    private static ImmutableList<string> Texts(ref WireReader r) => List(ref r, static (ref WireReader x) => x.Text());

    private static ImmutableList<T> List<T>(ref WireReader r, ReadOne<T> one)
    {
        var list = ImmutableList.CreateBuilder<T>();
        for (var n = r.Count(); n > 0; n--) list.Add(one(ref r));
        return list.ToImmutable();
    }
}
