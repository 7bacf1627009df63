using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using static Eos.Kv.SystemProtocol;

namespace Eos.Instance;

/// <summary>
/// Keeps the configuration of an instance without a group: one actor of the cluster, entity `configuration` of the shard type `configuration`, stored by the journal that the application has chosen.
/// Answers <see cref="ReadConfiguration"/> and <see cref="SetConfiguration"/> as the group does; a change is answered when it is stored.
/// </summary>
public sealed class ConfigurationActor : ReceivePersistentActor
{
    /// <summary>Shard type, entity and persistence id: never changes.</summary>
    public const string Name = "configuration";

    private const long SnapshotEvery = 100;

    private ConfigurationTable _table = ConfigurationTable.Empty;

    public ConfigurationActor()
    {
        Recover<SnapshotOffer>(offer =>
        {
            var all = (ConfigurationRead)offer.Snapshot;
            _table = new ConfigurationTable(all.Version, all.Values ?? ConfigurationTable.Empty.Rows);
        });
        Recover<SetConfiguration>(entry => _table = _table.Apply(entry));
        Command<ReadConfiguration>(question => Sender.Tell(_table.Answer(question)));
        Command<SetConfiguration>(entry =>
        {
            if (_table.Refusal(entry) is { } refused)
            {
                Sender.Tell(refused);
                return;
            }
            Persist(entry, stored =>
            {
                _table = _table.Apply(stored);
                Sender.Tell(new ConfigurationSet(_table.Version));
                if (LastSequenceNr % SnapshotEvery == 0) SaveSnapshot(new ConfigurationRead(_table.Version, _table.Rows));
            });
        });
        Command<SaveSnapshotSuccess>(s => DeleteMessages(s.Metadata.SequenceNr));
        Command<SaveSnapshotFailure>(f => Log.Warning("snapshot of the configuration not saved: {0}", f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => Log.Warning("old changes of the configuration not deleted: {0}", f.Cause.Message));
    }

    public override string PersistenceId => Name;

    public static Props Props() => Akka.Actor.Props.Create(() => new ConfigurationActor());

    /// <summary>All messages go to the one entity.</summary>
    public sealed class Extractor : IMessageExtractor
    {
        public string EntityId(object message) => message is ReadConfiguration or SetConfiguration ? Name : null!;
        public object EntityMessage(object message) => message;
        public string ShardId(object message) => EntityId(message);
        public string ShardId(string entityId, object? messageHint = null) => entityId;
    }
}
