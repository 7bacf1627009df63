using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Journal;
using Akka.Util;

namespace Akka.Persistence;

/// <summary>The journals and snapshot stores of one actor system, each an actor below /system, started when first asked for.</summary>
public class PersistenceExtension : IExtension
{
    private const string JournalFallback = "akka.persistence.journal-plugin-fallback";
    private const string SnapshotFallback = "akka.persistence.snapshot-store-plugin-fallback";
    private const string NoSnapshotStore = "akka.persistence.no-snapshot-store";

    private readonly ExtendedActorSystem _system;
    private readonly ConcurrentDictionary<string, Lazy<Plugin>> _plugins = new();
    private readonly string _defaultJournal;
    private readonly string _defaultSnapshotStore;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        var config = system.Settings.Config;
        _defaultJournal = config.GetString("akka.persistence.journal.plugin", "");
        _defaultSnapshotStore = config.GetString("akka.persistence.snapshot-store.plugin", "");
        RecoveryPermitter = system.SystemActorOf(Props.Create(() => new RecoveryPermitter(config.GetInt("akka.persistence.max-concurrent-recoveries", 50))), "recoveryPermitter");
        foreach (var id in config.GetStringList("akka.persistence.journal.auto-start-journals", [])) JournalFor(id);
        foreach (var id in config.GetStringList("akka.persistence.snapshot-store.auto-start-snapshot-stores", [])) SnapshotStoreFor(id);
    }

    internal IActorRef RecoveryPermitter { get; }

    /// <summary>The persistence id that an actor without one of its own would have.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>The journal of that plugin id; the default one for null or an empty id.</summary>
    public IActorRef JournalFor(string journalPluginId) => PluginFor(JournalId(journalPluginId), JournalFallback).Actor;

    /// <summary>The snapshot store of that plugin id; the default one for null or an empty id, which may be one that stores nothing.</summary>
    public IActorRef SnapshotStoreFor(string snapshotPluginId)
    {
        if (!string.IsNullOrEmpty(snapshotPluginId)) return PluginFor(snapshotPluginId, SnapshotFallback).Actor;
        return PluginFor(_defaultSnapshotStore.Length > 0 ? _defaultSnapshotStore : NoSnapshotStore, SnapshotFallback).Actor;
    }

    /// <summary>The event adapters configured for a journal.</summary>
    public EventAdapters AdaptersFor(string journalPluginId) => PluginFor(JournalId(journalPluginId), JournalFallback).Adapters.Value;

    internal TimeSpan RecoveryEventTimeout(string journalPluginId) =>
        PluginFor(JournalId(journalPluginId), JournalFallback).RecoveryEventTimeout;

    internal Config ConfigOf(string pluginId, bool journal) => PluginFor(pluginId, journal ? JournalFallback : SnapshotFallback).Config;

    private string JournalId(string id)
    {
        if (!string.IsNullOrEmpty(id)) return id;
        if (_defaultJournal.Length == 0) throw new ArgumentException("default journal plugin is not configured, see 'akka.persistence.journal.plugin'", nameof(id));
        return _defaultJournal;
    }

    private Plugin PluginFor(string id, string fallback) =>
        _plugins.GetOrAdd(id, key => new Lazy<Plugin>(() => new Plugin(_system, key, fallback))).Value;

    /// <summary>One plugin: its configuration and, from the first question for it, its actor.</summary>
    private sealed class Plugin
    {
        private readonly Lazy<IActorRef> _actor;

        public Plugin(ExtendedActorSystem system, string id, string fallback)
        {
            var all = system.Settings.Config;
            if (!all.HasPath(id)) throw new ArgumentException($"'reference.conf' is missing persistence plugin config path: '{id}'");
            Config = all.GetConfig(id).WithFallback(all.GetConfig(fallback));
            RecoveryEventTimeout = Config.GetTimeSpan("recovery-event-timeout", TimeSpan.FromSeconds(30), false);
            Adapters = new Lazy<EventAdapters>(() => EventAdapters.Create(system, Config));
            _actor = new Lazy<IActorRef>(() => Start(system, id));
        }

        public Config Config { get; }
        public TimeSpan RecoveryEventTimeout { get; }
        public Lazy<EventAdapters> Adapters { get; }
        public IActorRef Actor => _actor.Value;

        private IActorRef Start(ExtendedActorSystem system, string id)
        {
            var name = Config.GetString("class", "");
            if (string.IsNullOrEmpty(name)) throw new ArgumentException($"Plugin class name must be defined in config property [{id}.class]");
            var type = TypeNames.Require(name, id + ".class");
            object[] arguments = type.GetConstructor([typeof(Config)]) is null ? [] : [Config];
            return system.SystemActorOf(Props.Create(type, arguments).WithDispatcher(Config.GetString("plugin-dispatcher", "akka.actor.default-dispatcher")), id);
        }
    }
}
