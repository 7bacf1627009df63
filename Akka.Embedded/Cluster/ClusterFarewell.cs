using Akka.Actor;

namespace Akka.Cluster;

/// <summary>What the cluster does in the phases of the coordinated shutdown.</summary>
internal static class ClusterFarewell
{
    public static void Register(Cluster cluster, IActorRef daemon, Task exiting)
    {
        var shutdown = CoordinatedShutdown.Get(cluster.System);
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () => Leave(cluster, daemon));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExiting, "wait-exiting", async () =>
        {
            if (!IsOver(cluster) && !cluster.State.Members.IsEmpty) await exiting.ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", async () =>
        {
            if (!IsOver(cluster)) await daemon.Ask<Done>(new ExitingCompleted(), shutdown.Timeout(CoordinatedShutdown.PhaseClusterExitingDone)).ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", async () =>
        {
            cluster.Shutdown();
            await cluster.Terminated.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    private static bool IsOver(Cluster cluster) => cluster.IsTerminated || cluster.SelfMember.Status == MemberStatus.Down;

    private static async Task<Done> Leave(Cluster cluster, IActorRef daemon)
    {
        if (IsOver(cluster)) return Done.Instance;
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.System.SystemActorOf(Props.Create(() => new LeaveWatcher(cluster, left)), $"leave-{cluster.SelfUniqueAddress.Uid}");
        // A daemon that ends just now takes no subscription any more.
        await Task.WhenAny(left.Task, cluster.Terminated).ConfigureAwait(false);
        return Done.Instance;
    }

    /// <summary>Asks to leave and waits until the cluster knows.</summary>
    private sealed class LeaveWatcher(Cluster cluster, TaskCompletionSource left) : UntypedActor
    {
        protected override void PreStart() => cluster.Subscribe(
            Self,
            typeof(ClusterEvent.MemberLeft),
            typeof(ClusterEvent.MemberExited),
            typeof(ClusterEvent.MemberDowned),
            typeof(ClusterEvent.MemberRemoved),
            typeof(ClusterEvent.ClusterShuttingDown));

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ClusterEvent.CurrentClusterState x when x.Members.FirstOrDefault(IsIt) is { Status: MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up }:
                    cluster.Leave(cluster.SelfAddress);
                    break;
                case ClusterEvent.CurrentClusterState or ClusterEvent.ClusterShuttingDown:
                    Context.Stop(Self);
                    break;
                case ClusterEvent.IMemberEvent x when IsIt(x.Member):
                    Context.Stop(Self);
                    break;
            }
        }

        protected override void PostStop() => left.TrySetResult();

        private bool IsIt(Member member) => member.UniqueAddress == cluster.SelfUniqueAddress;
    }
}
