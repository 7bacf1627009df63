using Akka.Actor;
using Akka.Configuration;
using Eos.Instance;
using Eos.Kernel;
using Eos.Tests.Support;
using static Eos.Instance.InstanceProtocol;

namespace Eos.Tests.Cluster;

/// <summary>The configuration of an instance without a group, in a SQLite file.</summary>
public sealed class ConfigurationActorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly OpSource _ops = OpSource.Fresh();

    public ConfigurationActorTests() => SQLitePCL.Batteries_V2.Init();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(130)]   // there is a snapshot, and changes behind it
    public async Task What_was_set_is_there_after_a_restart(int changes)
    {
        await In(async (instance, _) =>
        {
            await instance.Ask<Changed>(Set("gone", "x"), Patience);
            for (var i = 1; i < changes; i++) await instance.Ask<Changed>(Set("key", $"{i}"), Patience);
            await instance.Ask<Changed>(new Change(_ops.Next(), _ => Revision.Remove("test", "gone")), Patience);
        });
        await In(async (instance, _) =>
        {
            var state = (await instance.Ask<Changed>(new Change(_ops.Next(), now => Revision.None), Patience)).State;
            Assert.Equal((null, $"{changes - 1}", (ulong)changes + 1), (state["test", "gone"], state["test", "key"], state.Changes));
            Assert.Equal(state.Changes, state.Version);
            Assert.Equal((ulong)changes + 2, (await instance.Ask<Changed>(Set("key", "last"), Patience)).State.Version);
        });
    }

    [Fact]
    public async Task A_change_by_a_rule_that_saw_an_older_state_is_asked_for_anew() => await In(async (instance, other) =>
    {
        await Task.WhenAll(new[] { instance, other }.SelectMany(actor => Enumerable.Range(0, 20).Select(_ => actor.Ask<Changed>(
            new Change(_ops.Next(), now => Revision.Set("test", "count", $"{int.Parse(now["test", "count"] ?? "0") + 1}")), Patience))));
        Assert.Equal("40", (await instance.Ask<Changed>(new Change(_ops.Next(), now => Revision.None), Patience)).State["test", "count"]);
    });

    private Change Set(string key, string value) => new(_ops.Next(), _ => Revision.Set("test", key, value));

    private async Task In(Func<IActorRef, IActorRef, Task> does)
    {
        var system = ActorSystem.Create("kept", ConfigurationFactory.ParseString(SqlitePlugins.Hocon(_folder.Of("journal.db")) + "\nakka.loglevel = WARNING").WithFallback(EosSerializer.Bindings));
        try
        {
            var keeper = system.ActorOf(ConfigurationActor.Props());
            await does(Node(), Node());

            IActorRef Node() => system.ActorOf(InstanceActor.Props(new KeptBook(keeper), new InstanceSettings(TimeSpan.FromHours(1), Patience, 1000), SystemClock.Instance, ActorRefs.Nobody));
        }
        finally
        {
            await system.Terminate();
        }
    }
}
