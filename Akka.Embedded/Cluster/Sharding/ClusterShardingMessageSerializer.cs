using System.Collections.Immutable;
using Akka.Actor;
using Akka.Serialization;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding.Serialization;

/// <summary>
/// Messages of sharding, and what the coordinator stores. Manifests: A… stored events and the snapshot (<see cref="StoredForm"/>), B… between coordinator and
/// regions, C… questions and their answers.
/// </summary>
internal sealed class ClusterShardingMessageSerializer : TableSerializer
{
    private delegate T ReadOne<T>(ref WireReader reader);

    public ClusterShardingMessageSerializer(ExtendedActorSystem system) : base(system)
    {
        Row<CoordinatorState>("AA", StoredForm.WriteState, static (ref WireReader r) => StoredForm.ReadState(ref r));
        Row<RegionRegistered>("AB", static (w, m) => StoredForm.Ref(w, 1, m.Region), static (ref WireReader r) => new RegionRegistered(StoredForm.Ref(ref r)));
        Row<ProxyRegistered>("AC", static (w, m) => StoredForm.Ref(w, 1, m.Proxy), static (ref WireReader r) => new ProxyRegistered(StoredForm.Ref(ref r)));
        Row<RegionTerminated>("AD", static (w, m) => StoredForm.Ref(w, 1, m.Region), static (ref WireReader r) => new RegionTerminated(StoredForm.Ref(ref r)));
        Row<ProxyTerminated>("AE", static (w, m) => StoredForm.Ref(w, 1, m.Proxy), static (ref WireReader r) => new ProxyTerminated(StoredForm.Ref(ref r)));
        Row<ShardHomeAllocated>("AF", static (w, m) =>
        {
            StoredForm.Text(w, 1, m.Shard);
            StoredForm.Ref(w, 2, m.Region);
        }, static (ref WireReader r) =>
        {
            var (shard, region) = StoredForm.Home(ref r);
            return new ShardHomeAllocated(shard, region);
        });
        Row<ShardHomeDeallocated>("AG", static (w, m) => StoredForm.Text(w, 1, m.Shard), static (ref WireReader r) => new ShardHomeDeallocated(StoredForm.Text(ref r)));

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
