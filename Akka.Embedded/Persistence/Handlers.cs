namespace Akka.Persistence;

/// <summary>Handlers by message type in order of registration; the first that takes a message handles it.</summary>
internal sealed class Handlers
{
    private readonly List<(Type Type, Func<object, bool> Handle)> _all = [];
    private readonly Dictionary<Type, Func<object, bool>[]> _byType = [];
    private bool _closed;

    public void Add(Type type, Func<object, bool> handle)
    {
        if (_closed) throw new InvalidOperationException("A handler that handles everything has been added. No handler can be added after that.");
        _all.Add((type, handle));
        _byType.Clear();
    }

    public void AddLast(Action<object> handle)
    {
        Add(typeof(object), message =>
        {
            handle(message);
            return true;
        });
        _closed = true;
    }

    public bool Handle(object message)
    {
        var type = message.GetType();
        if (!_byType.TryGetValue(type, out var handlers))
            _byType[type] = handlers = _all.Where(h => h.Type.IsAssignableFrom(type)).Select(h => h.Handle).ToArray();
        foreach (var handle in handlers) if (handle(message)) return true;
        return false;
    }

    /// <summary>A typed handler with an optional condition, as one that says whether it took the message.</summary>
    public static Func<object, bool> When<T>(Action<T> handler, Predicate<T>? condition) => message =>
    {
        if (condition is not null && !condition((T)message)) return false;
        handler((T)message);
        return true;
    };
}
