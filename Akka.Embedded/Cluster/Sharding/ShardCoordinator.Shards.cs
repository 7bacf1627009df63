using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using static Akka.Cluster.Sharding.ShardProtocol;

namespace Akka.Cluster.Sharding;

/// <summary>Homes of shards: giving them out, moving them, taking them from regions that shut down.</summary>
internal sealed partial class ShardCoordinator
{
    private readonly Dictionary<string, (IActorRef Worker, HashSet<IActorRef> Waiting)> moves = [];
    private bool planning;

    private void OnGetShardHome(string shard, IActorRef requester)
    {
        if (moves.TryGetValue(shard, out var move))
        {
            move.Waiting.Add(requester);
            return;
        }

        if (state.Homes.TryGetValue(shard, out var home))
        {
            if (!leaving.Contains(home)) Tell(requester, new ShardHome(shard, home));
            return;
        }

        var regions = Active();
        if (regions.IsEmpty || state.Regions.Count < LeastRegions) return;
        var task = strategy.AllocateShard(requester, shard, regions);
        if (task.IsCompletedSuccessfully) Place(shard, task.GetAwaiter().GetResult(), requester);
        else task.PipeTo(Self, Self, region => new ShardPlaced(shard, region, requester));
    }

    private void Place(string shard, IActorRef region, IActorRef requester)
    {
        if (moves.ContainsKey(shard) || state.Homes.ContainsKey(shard)) OnGetShardHome(shard, requester);
        else if (state.Regions.ContainsKey(region) && !leaving.Contains(region))
            Update(new ShardHomeAllocated(shard, region), () =>
            {
                if (settings.VerboseDebug) log.Debug("{0}: shard {1} runs at {2}", typeName, shard, region.Path);
                AskToHost(shard, region);
                requester.Tell(new ShardHome(shard, region));
            });
    }

    private void AskToHost(string shard, IActorRef region)
    {
        if (!state.Homes.TryGetValue(shard, out var home) || !home.Equals(region)) return;
        region.Tell(new HostShard(shard));
        Timers.StartSingleTimer(HostKey(shard), new HostAgain(shard, region), Tuning.ShardStartTimeout);
    }

    private void OnHostAgain(HostAgain m)
    {
        if (!moves.ContainsKey(m.Shard)) AskToHost(m.Shard, m.Region);
    }

    private void OnGracefulShutdown(IActorRef region)
    {
        if (!state.Regions.TryGetValue(region, out var shards)) return;
        leaving.Add(region);
        Move(shards);
    }

    private void OnRebalanceTick()
    {
        if (planning || state.Regions.IsEmpty) return;
        planning = true;
        var task = strategy.Rebalance(Active(), moves.Keys.ToImmutableHashSet());
        if (task.IsCompletedSuccessfully) Move(task.GetAwaiter().GetResult());
        else task.PipeTo(Self, Self, shards => new ShardsToMove(shards), _ => new ShardsToMove([]));
    }

    private void Move(IEnumerable<string> shards)
    {
        planning = false;
        foreach (var shard in shards)
        {
            if (moves.ContainsKey(shard) || !state.Homes.TryGetValue(shard, out var from)) continue;
            Timers.Cancel(HostKey(shard));
            var told = state.Regions.Keys.Concat(state.Proxies).ToImmutableHashSet();
            moves[shard] = (Context.ActorOf(RebalanceWorker.Props(shard, from, Tuning.HandOffTimeout, told)), []);
        }
    }

    private void OnRebalanceDone(RebalanceDone m)
    {
        if (!moves.Remove(m.Shard, out var move)) return;
        if (!m.Stopped) log.Warning("{0}: shard {1} was not handed over in time", typeName, m.Shard);
        if (m.Stopped && state.Homes.ContainsKey(m.Shard)) Update(new ShardHomeDeallocated(m.Shard), () => { });
        else if (state.Homes.TryGetValue(m.Shard, out var home)) leaving.Remove(home);
        foreach (var requester in move.Waiting) OnGetShardHome(m.Shard, requester);
    }

    /// <summary>Regions that may get shards: of nodes that stay, if there are any.</summary>
    private ImmutableDictionary<IActorRef, IImmutableList<string>> Active()
    {
        var staying = state.Regions.Where(r => !leaving.Contains(r.Key)).ToImmutableDictionary();
        var going = cluster.State.Members
            .Where(m => m.Status is MemberStatus.Leaving or MemberStatus.Exiting or MemberStatus.Down).Select(m => m.Address).ToHashSet();
        var best = staying.Where(r => !going.Contains(AddressOf(r.Key))).ToImmutableDictionary();
        return best.IsEmpty ? staying : best;
    }

    /// <summary>No shard is given a home before so many regions are there.</summary>
    private int LeastRegions => settings.Role != null && cluster.Settings.MinNrOfMembersOfRole.TryGetValue(settings.Role, out var least)
        ? least
        : cluster.Settings.MinNrOfMembers;

    private static (string, string) HostKey(string shard) => ("host", shard);

    internal sealed record RebalanceDone(string Shard, bool Stopped);

    private sealed record RebalanceTick;

    private sealed record ShardsToMove(IImmutableSet<string> Shards);

    private sealed record ShardPlaced(string Shard, IActorRef Region, IActorRef Requester);

    private sealed record HostAgain(string Shard, IActorRef Region);
}
