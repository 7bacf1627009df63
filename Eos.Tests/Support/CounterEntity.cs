using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Eos.Tests.Support;

/// <summary>
/// A sharded persistent counter. Messages are texts "id:word": add, get, where, passivate, die, stay (ignore being told to stop), linger (stop
/// only when the ledger says so); answers are texts. Each start and end is entered
/// in a ledger of the process, so that two activations of one id are seen.
/// </summary>
public sealed class CounterEntity : ReceivePersistentActor
{
    private readonly Ledger ledger;
    private readonly string key;
    private int count;
    private bool stubborn;
    private bool lingers;

    public CounterEntity(string id, Ledger ledger)
    {
        this.ledger = ledger;
        key = id;
        PersistenceId = $"counter-{id}";
        Recover<string>(_ => count++);
        Command<string>(OnWord);
    }

    public override string PersistenceId { get; }

    /// <summary>Starts the counters of a type on a node.</summary>
    public static IActorRef Start(ActorSystem node, Ledger ledger, Func<ClusterShardingSettings, ClusterShardingSettings>? change = null, string type = "counter", int shards = 16)
    {
        var sharding = ClusterSharding.Get(node);
        var settings = ClusterShardingSettings.Create(node);
        return sharding.Start(type, id => Props.Create(() => new CounterEntity(id, ledger)), change == null ? settings : change(settings),
            Extractor(shards), sharding.DefaultShardAllocationStrategy(settings), "stop");
    }

    public static IMessageExtractor Extractor(int shards = 16) => new ByColon(shards);

    protected override void PreStart()
    {
        base.PreStart();
        ledger.Started(key);
    }

    protected override void PostStop()
    {
        ledger.Ended(key);
        base.PostStop();
    }

    private void OnWord(string word)
    {
        var sender = Sender;
        switch (word)
        {
            case "add":
                Persist("added", _ =>
                {
                    count++;
                    sender.Tell($"{key}={count}");
                });
                break;
            case "get": sender.Tell($"{key}={count}"); break;
            case "where": sender.Tell(AkkaCluster.Get(Context.System).SelfAddress.ToString()); break;
            case "passivate": Context.Parent.Tell(new Passivate("stop")); break;
            case "die": throw new InvalidOperationException("told to die");
            case "stay": stubborn = true; break;
            case "linger": lingers = true; break;
            case "stop" when lingers: ledger.MayStop(key).PipeTo(Self); break;
            case "stop" or "go" when !stubborn: Context.Stop(Self); break;
        }
    }

    private sealed class ByColon(int shards) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object message) => message is string text && text.IndexOf(':') is > 0 and var i ? text[..i] : null;

        public override object EntityMessage(object message) => ((string)message)[(((string)message).IndexOf(':') + 1)..];
    }

    /// <summary>Who is active now, and whether anybody was ever active twice at a time.</summary>
    public sealed class Ledger
    {
        private readonly ConcurrentDictionary<string, int> active = new();
        private readonly ConcurrentDictionary<string, int> starts = new();
        private int twice;

        private readonly ConcurrentDictionary<string, bool> toldToStop = new();
        private readonly TaskCompletionSource<string> release = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool NobodyWasActiveTwice => Volatile.Read(ref twice) == 0;

        public IReadOnlyCollection<string> Active => [.. active.Where(a => a.Value > 0).Select(a => a.Key)];

        public int StartsOf(string id) => starts.GetValueOrDefault(id);

        /// <summary>Lets those that linger stop.</summary>
        public void Release() => release.SetResult("go");

        public bool WasToldToStop(string id) => toldToStop.ContainsKey(id);

        public Task<string> MayStop(string id)
        {
            toldToStop[id] = true;
            return release.Task;
        }

        public void Started(string id)
        {
            starts.AddOrUpdate(id, 1, (_, n) => n + 1);
            if (active.AddOrUpdate(id, 1, (_, n) => n + 1) > 1) Interlocked.Increment(ref twice);
        }

        public void Ended(string id) => active.AddOrUpdate(id, 0, (_, n) => n - 1);
    }
}
