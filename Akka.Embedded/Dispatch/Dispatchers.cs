using System.Collections.Concurrent;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system, by the HOCON path of their settings.</summary>
public sealed class Dispatchers
{
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    private readonly ConcurrentDictionary<string, MessageDispatcher> _known = new();
    private readonly Config _config;

    internal Dispatchers(Config config)
    {
        _config = config;
    }

    public MessageDispatcher DefaultGlobalDispatcher => Lookup(DefaultDispatcherId);

    /// <exception cref="ConfigurationException">There are no settings at that path.</exception>
    public MessageDispatcher Lookup(string dispatcherName) => _known.GetOrAdd(dispatcherName, Make);

    public bool HasDispatcher(string id) => _known.ContainsKey(id) || _config.HasPath(id);

    private MessageDispatcher Make(string id)
    {
        if (id.EndsWith("calling-thread-dispatcher", StringComparison.Ordinal)) return new CallingThreadMessageDispatcher(id);
        if (!_config.HasPath(id)) throw new ConfigurationException($"Dispatcher [{id}] not configured.");
        return new PoolDispatcher(id, _config.GetInt(id + ".throughput", 30));
    }
}

/// <summary>The mailboxes of a system: one kind, unbounded and lock-free; stashes may be bounded.</summary>
public class Mailboxes
{
    internal Mailboxes()
    {
    }
}

/// <summary>Says that an actor wants a mailbox with such a queue; ours has every one that it can ask for.</summary>
public interface IRequiresMessageQueue<T> where T : ISemantics
{
}

/// <summary>A property that a queue of messages has.</summary>
public interface ISemantics
{
}

/// <summary>Unbounded.</summary>
public interface IUnboundedMessageQueueSemantics : ISemantics
{
}
