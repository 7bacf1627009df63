using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Eos.Journal;
using Eos.Kernel;
using Eos.Namespace;
using Eos.Tests.Support;
using static Eos.Namespace.DirectoryProtocol;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Cluster;

/// <summary>A directory of many pages in the real stores: it is read in its sleep, and wakes as it was.</summary>
public sealed class StoredDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RaftPlugins _raft = new();
    private ulong _number;

    public void Dispose()
    {
        _raft.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task In_the_group()
    {
        var system = ActorSystem.Create("stored", ConfigurationFactory.ParseString(RaftPlugins.Hocon + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        _raft.Start(system);
        var settings = JournalSettings.From(new Settings(system.Settings.Config, "eos.journal"));
        var group = KvGroup.Get(system);
        await Lives(system, new RaftEventReader((ExtendedActorSystem)system, group, settings), new RaftPageStore(group, settings), listsPages: true);
    }

    [Fact]
    public async Task In_a_node_of_its_own()
    {
        SQLitePCL.Batteries_V2.Init();
        var system = ActorSystem.Create("stored", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        var persistence = Persistence.Instance.Apply(system);
        await Lives(system, new LocalEventReader(system, persistence.JournalFor("")), new LocalPageStore(persistence.SnapshotStoreFor("")), listsPages: false);
    }

    private async Task Lives(ActorSystem system, IEventReader events, IPageStore pages, bool listsPages)
    {
        try
        {
            var answers = new Collector(system);
            var settings = new DirectorySettings(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), 0x1a4, 100, 10, TimeSpan.FromHours(1)) { Totals = DirectoryModel.Settings.Totals };
            var parts = new DirectoryParts(() => system.DeadLetters, system.DeadLetters, settings, SystemClock.Instance, () => true) { Pages = pages, MostClean = 100_000 };
            var directory = system.ActorOf(DirectoryActor.Props(DirectoryModel.Id.ToString(), parts));
            var heavy = ImmutableSortedDictionary<string, string>.Empty.Add("user.heavy", new string('x', 8_000));
            directory.Tell(new Begin(DirectoryModel.Id, Call(), new DirectoryRecord(DirectoryModel.Id, DirectoryId.Root, default, 0x5ff, Times.At(Instant.Epoch), heavy)), answers.Ref);
            await answers.Next<Done>();
            var names = Enumerable.Range(0, 75).Select(i => $"d{i * 31 % 75:d2}").ToList();
            foreach (var name in names)
            {
                directory.Tell(new MakeChild(DirectoryModel.Id, Call(), name, new DirectoryId(100 + _number), null), answers.Ref);
                await answers.Next<ChildMade>();
            }
            if (listsPages) Assert.NotEmpty(await pages.ListAsync(DirectorySharding.PersistenceIdOf(DirectoryModel.Id)));
            await directory.GracefulStop(TimeSpan.FromSeconds(60), new Stop());

            var reader = system.ActorOf(SleepReader.Props(parts, new SleepStores(Persistence.Instance.Apply(system).SnapshotStoreFor(""), events, pages, TimeSpan.FromSeconds(60))));
            names.Sort(StringComparer.Ordinal);
            Assert.Equal(names, await Names(reader, answers, after => new Peek(DirectoryModel.Id, Call().Op, after, 20)));
            Assert.Equal(0, parts.Awake.Count);
            reader.Tell(new Peek(new DirectoryId(99), Call().Op, "", 20), answers.Ref);
            await answers.Next<Unborn>();

            directory = system.ActorOf(DirectoryActor.Props(DirectoryModel.Id.ToString(), parts));
            Assert.Equal(names, await Names(directory, answers, after => new ReadPage(DirectoryModel.Id, Call().Op, after, 20)));
            Assert.True(parts.Awake.Has(DirectoryModel.Id));
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static async Task<List<string>> Names(IActorRef asked, Collector answers, Func<string, IQuery> question)
    {
        var names = new List<string>();
        while (true)
        {
            asked.Tell(question(names.LastOrDefault() ?? ""), answers.Ref);
            var page = await answers.Next<Page>();
            names.AddRange(page.Entries.Select(e => e.Name));
            if (!page.More) return names;
        }
    }

    private Call Call() => new(new OpId(DirectoryModel.Client, ++_number), _number, Eos.Identity.Caller.Root);
}
