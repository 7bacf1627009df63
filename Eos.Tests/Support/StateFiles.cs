using Akka.Configuration;
using Eos.Kernel;
using Eos.Kv;
using Eos.Raft;
using Settings = Eos.Kernel.Settings;

namespace Eos.Tests.Support;

/// <summary>State files for tests: small bounds, so that much happens with few rows.</summary>
internal static class StateFiles
{
    public const string Cluster = "cluster";

    public static readonly Membership Founders = Membership.Of([new MemberId("a:1"), new MemberId("b:1"), new MemberId("c:1")]);

    /// <summary>As the reference says, but for these.</summary>
    public static StateSettings Knobs(string changes = "") => StateSettings.From(new Settings(
        ConfigurationFactory.ParseString(
            $"eos.qdb.state {{ page-size = 1024, flush-interval = 1ms, retry-interval = 20ms, lock-wait = 100ms, checkpoint-after = 64 KiB, {changes} }}"),
        "eos.qdb.state"));

    public static StateFile Open(string file, StateSettings? knobs = null) =>
        StateFile.Open(file, new StateOrigin(Cluster, Founders), knobs ?? Knobs(), new StateFileEvents(_ => { }, () => { }, new EngineEar()));

    public static KvEngine Engine(string file, IStateMachineOwner owner, string changes = "") => KvEngine.Open(file, Cluster, Founders, Knobs(changes), digestInterval: 10, owner);

    /// <summary>The end of a batch of one entry.</summary>
    public static void Seal(this StateFile state, ulong index) =>
        state.Seal(new LogBatch(new Term(1), new LogIndex(index), 1, TimeSpan.FromMilliseconds(index), BatchKind.Commands, default, null));

    public static List<(string Key, string Value)> All(this IKvStore store) => store.Between([], [255, 255, 255]);

    public static List<(string Key, string Value)> Between(this IKvStore store, byte[] from, byte[] until) =>
        [.. store.Range(from, until).Select(r => (Convert.ToHexString(r.Key.Span), Convert.ToHexString(r.Value.Span)))];
}
