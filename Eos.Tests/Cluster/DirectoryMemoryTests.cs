using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;

namespace Eos.Tests.Cluster;

/// <summary>Who goes to sleep when the directories of a node use too much.</summary>
public sealed class DirectoryMemoryTests() : ActorTest(FusedDisk.Config)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public void Those_that_were_not_used_for_longest_go_to_sleep_until_there_is_room()
    {
        var keeper = Sys.ActorOf(DirectoryMemory.Props(1000));
        var directories = Enumerable.Range(0, 4).Select(i => CreateTestProbe($"d{i}")).ToList();
        foreach (var directory in directories) keeper.Tell(new DirectoryMemory.Uses(240), directory.Ref);
        keeper.Tell(new DirectoryMemory.Uses(240), directories[0].Ref);
        Assert.Equal(new DirectoryMemory.MemorySeen(1000, 960, 4, 0), Look(keeper));

        keeper.Tell(new DirectoryMemory.Uses(400), directories[3].Ref);
        directories[1].ExpectMsg<DirectoryMemory.Sleep>(Soon);
        Assert.Equal(new DirectoryMemory.MemorySeen(1000, 880, 3, 1), Look(keeper));

        Sys.Stop(directories[2].Ref);
        AwaitAssert(() => Assert.Equal(new DirectoryMemory.MemorySeen(1000, 640, 2, 1), Look(keeper)), Soon);
    }

    [Fact]
    public void A_directory_that_is_sent_to_sleep_asks_its_shard_to_stop_it()
    {
        new FusedDisk(new Random(1)).In(Sys);
        var parts = new DirectoryParts(() => ActorRefs.Nobody, ActorRefs.Nobody, DirectoryModel.Settings, SystemClock.Instance, () => true)
        {
            Pages = new FusedPages(Sys),
            Memory = (TestActor, TimeSpan.FromMilliseconds(1)),
        };
        Sys.ActorOf(Props.Create(() => new Shard(TestActor, parts)));
        ExpectMsg<DirectoryMemory.Uses>(Soon);
        LastSender.Tell(new DirectoryMemory.Sleep());
        Assert.IsType<DirectoryProtocol.Stop>(ExpectMsg<Passivate>(Soon).StopMessage);
    }

    private DirectoryMemory.MemorySeen Look(IActorRef keeper)
    {
        keeper.Tell(new DirectoryMemory.LookAtMemory(), TestActor);
        return ExpectMsg<DirectoryMemory.MemorySeen>(Soon);
    }

    private sealed class Shard : ReceiveActor
    {
        public Shard(IActorRef report, DirectoryParts parts)
        {
            Context.ActorOf(DirectoryActor.Props(DirectoryModel.Id.ToString(), parts));
            Receive<Passivate>(report.Forward);
        }
    }
}
