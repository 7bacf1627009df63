using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Util;

namespace Akka.Persistence.Journal;

/// <summary>Changes an event on its way into the journal.</summary>
public interface IWriteEventAdapter
{
    /// <summary>A hint for reading the event again; may be empty.</summary>
    string Manifest(object evt);

    object ToJournal(object evt);
}

/// <summary>Changes an event on its way out of the journal, into none, one or several.</summary>
public interface IReadEventAdapter
{
    IEventSequence FromJournal(object evt, string manifest);
}

/// <summary>Changes events both ways.</summary>
public interface IEventAdapter : IWriteEventAdapter, IReadEventAdapter;

/// <summary>Leaves events as they are.</summary>
public sealed class IdentityEventAdapter : IEventAdapter
{
    private IdentityEventAdapter()
    {
    }

    public static IdentityEventAdapter Instance { get; } = new();

    public string Manifest(object evt) => string.Empty;
    public object ToJournal(object evt) => evt;
    public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
}

/// <summary>Which adapter takes which type: HOCON `event-adapters` and `event-adapter-bindings` of a journal.</summary>
public class EventAdapters
{
    private readonly ConcurrentDictionary<Type, IEventAdapter> _byType;
    private readonly KeyValuePair<Type, IEventAdapter>[] _bindings;

    protected EventAdapters(ConcurrentDictionary<Type, IEventAdapter> map, IEnumerable<KeyValuePair<Type, IEventAdapter>> bindings, ILoggingAdapter log)
    {
        _byType = map;
        _bindings = [.. bindings];
        _ = log;
    }

    public static EventAdapters Create(ExtendedActorSystem system, Config config)
    {
        var adapters = new Dictionary<string, IEventAdapter>();
        foreach (var (name, type) in Entries(config, "event-adapters"))
            adapters[name] = Instantiate(TypeNames.Require(type.GetString(), "event-adapters." + name), system);
        var bindings = new List<KeyValuePair<Type, IEventAdapter>>();
        foreach (var (name, value) in Entries(config, "event-adapter-bindings"))
        {
            var type = TypeNames.Require(name, "event-adapter-bindings");
            IList<string> names = value.IsArray() ? value.GetStringList() : [value.GetString()];
            var chosen = names.Select(n => adapters.TryGetValue(n, out var found) ? found
                : throw new ArgumentException($"{name} was bound to undefined event-adapter: {n}")).ToArray();
            bindings.Add(new(type, chosen.Length == 1 ? chosen[0] : new Several(chosen)));
        }
        bindings.Sort((a, b) => a.Key == b.Key ? 0 : a.Key.IsAssignableFrom(b.Key) ? 1 : b.Key.IsAssignableFrom(a.Key) ? -1 : 0);
        return new EventAdapters(new ConcurrentDictionary<Type, IEventAdapter>(), bindings, system.Log);
    }

    /// <summary>The adapter bound to the type or to the nearest of its ancestors; else one that changes nothing.</summary>
    public IEventAdapter Get(Type type)
    {
        if (_bindings.Length == 0) return IdentityEventAdapter.Instance;
        if (_byType.TryGetValue(type, out var known)) return known;
        var found = Array.Find(_bindings, b => b.Key.IsAssignableFrom(type)).Value ?? IdentityEventAdapter.Instance;
        return _byType.GetOrAdd(type, found);
    }

    internal bool IsEmpty => _bindings.Length == 0;

    private static IEventAdapter Instantiate(Type type, ExtendedActorSystem system)
    {
        var adapter = type.GetConstructor([typeof(ExtendedActorSystem)]) is null ? Activator.CreateInstance(type) : Activator.CreateInstance(type, system);
        return adapter switch
        {
            IEventAdapter both => both,
            IWriteEventAdapter write => new WriteOnly(write),
            IReadEventAdapter read => new ReadOnly(read),
            _ => throw new ArgumentException($"{type} is no event adapter"),
        };
    }

    private static IEnumerable<(string Name, Akka.Configuration.Hocon.HoconValue Value)> Entries(Config config, string path) =>
        config.GetConfig(path) is { } found ? found.AsEnumerable().Select(e => (e.Key.Trim('"'), e.Value)) : [];

    private sealed class WriteOnly(IWriteEventAdapter adapter) : IEventAdapter
    {
        public string Manifest(object evt) => adapter.Manifest(evt);
        public object ToJournal(object evt) => adapter.ToJournal(evt);
        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single(evt);
    }

    private sealed class ReadOnly(IReadEventAdapter adapter) : IEventAdapter
    {
        public string Manifest(object evt) => string.Empty;
        public object ToJournal(object evt) => evt;
        public IEventSequence FromJournal(object evt, string manifest) => adapter.FromJournal(evt, manifest);
    }

    private sealed class Several(IEventAdapter[] adapters) : IEventAdapter
    {
        public string Manifest(object evt) => throw new InvalidOperationException("several adapters are bound to one type: they can only read");
        public object ToJournal(object evt) => throw new InvalidOperationException("several adapters are bound to one type: they can only read");
        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Create(adapters.SelectMany(a => a.FromJournal(evt, manifest).Events));
    }
}
