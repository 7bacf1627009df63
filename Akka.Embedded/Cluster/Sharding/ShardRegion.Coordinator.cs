using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Tools;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>Finding the coordinator, which runs on the oldest member, and asking it.</summary>
internal sealed partial class ShardRegion
{
    private static readonly TimeSpan FirstRegistrationDelay = TimeSpan.FromMilliseconds(50);

    private MembersByAge members;
    private IActorRef? coordinator;
    private TimeSpan registrationDelay = FirstRegistrationDelay;

    private object Registration => entityProps == null ? new RegisterProxy(Self) : new Register(Self);

    private void MembersAre(MembersByAge now)
    {
        var before = members.Oldest;
        members = now;
        if (Equals(before, now.Oldest)) return;
        coordinator = null;
        RegisterSoon();
        StopIfDone();
    }

    /// <summary>Registers now, and again after growing delays until acknowledged.</summary>
    private void RegisterSoon()
    {
        registrationDelay = FirstRegistrationDelay;
        OnRegisterNow();
    }

    private void OnRegisterNow()
    {
        if (coordinator != null) return;
        if (members.Oldest is { } oldest)
        {
            var address = oldest.Address.Equals(cluster.SelfAddress) ? "" : oldest.Address.ToString();
            Context.ActorSelection($"{address}{Context.Parent.Path.ToStringWithoutAddress()}/{ClusterSharding.CoordinatorPath(typeName)}").Tell(Registration);
        }

        Timers.StartSingleTimer("register", new RegisterNow(), registrationDelay);
        registrationDelay = Min(registrationDelay * 2, Tuning.RetryInterval);
    }

    private void OnRegistered(IActorRef by)
    {
        if (by.Equals(coordinator)) return;
        coordinator = Context.Watch(by);
        Timers.Cancel("register");
        AskHomes();
    }

    private void OnRetry()
    {
        if (coordinator == null) return;
        AskHomes();
        // Also to a coordinator that knows this region: one that is told late that an earlier node at this address has ended takes it for gone.
        coordinator.Tell(shuttingDown ? new GracefulShutdownReq(Self) : Registration);
        StopIfDone();
    }

    private void AskHomes()
    {
        foreach (var shard in buffers.Keys.Where(s => !homes.ContainsKey(s))) AskHome(shard);
    }

    private void AskHome(string shard) => coordinator?.Tell(new GetShardHome(shard));

    private void OnQuery(IShardRegionQuery query)
    {
        switch (query)
        {
            case GetCurrentRegions or GetClusterShardingStats when coordinator != null: coordinator.Forward(query); break;
            case GetCurrentRegions: Sender.Tell(new CurrentRegions(ImmutableHashSet<Address>.Empty)); break;
            case GetClusterShardingStats: Sender.Tell(new ClusterShardingStats(ImmutableDictionary<Address, ShardRegionStats>.Empty)); break;
            case GetShardRegionStats:
                AskShards(all => new ShardRegionStats(
                    all.Where(s => s.State != null).ToImmutableDictionary(s => s.Shard, s => s.State!.EntityIds.Count), Failed(all)));
                break;
            case GetShardRegionState:
                AskShards(all => new CurrentShardRegionState(all.Where(s => s.State != null).Select(s => s.State!).ToImmutableHashSet(), Failed(all)));
                break;
            default: Unhandled(query); break;
        }
    }

    private static ImmutableHashSet<string> Failed(IEnumerable<(string Shard, ShardState? State)> all) =>
        all.Where(s => s.State == null).Select(s => s.Shard).ToImmutableHashSet();

    private void AskShards(Func<(string Shard, ShardState? State)[], object> answer)
    {
        var timeout = settings.ShardRegionQueryTimeout;
        Task.WhenAll(shards.Select(s => AskShard(s.Key, s.Value, timeout))).PipeTo(Sender, Self, answer);
    }

    private static async Task<(string Shard, ShardState? State)> AskShard(string shard, IActorRef actor, TimeSpan timeout)
    {
        try
        {
            return (shard, await actor.Ask<ShardState>(new GetShardState(), timeout).ConfigureAwait(false));
        }
        catch (AskTimeoutException)
        {
            return (shard, null);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
