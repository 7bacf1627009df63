using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor whose handlers are registered by message type; the first that matches handles.</summary>
public abstract class ReceiveActor : UntypedActor
{
    /// <summary>Handlers of one behaviour, in order of registration.</summary>
    private sealed class Handlers
    {
        private readonly List<(Type Type, Func<object, bool> Handle)> _list = [];
        private Dictionary<Type, Func<object, bool>[]>? _byType;
        private bool _closed;

        public void Add(Type type, Func<object, bool> handle)
        {
            if (_closed)
                throw new InvalidOperationException("A handler that handles everything has been added. No handler can be added after that.");
            _list.Add((type, handle));
        }

        public void AddLast(Func<object, bool> handle)
        {
            Add(typeof(object), handle);
            _closed = true;
        }

        public bool Handle(object message)
        {
            var type = message.GetType();
            _byType ??= [];
            if (!_byType.TryGetValue(type, out var handlers))
                _byType[type] = handlers = _list.Where(h => h.Type.IsAssignableFrom(type)).Select(h => h.Handle).ToArray();
            foreach (var handle in handlers)
                if (handle(message)) return true;
            return false;
        }
    }

    private Handlers? _building = new();
    private Handlers? _first;

    protected ReceiveActor()
    {
        _first = _building;
        // The constructor of the subclass registers into _building; the first message freezes it.
        base.Become((Receive)(message => _first!.Handle(message)));
    }

    /// <summary>Not called: handlers take every message.</summary>
    protected sealed override void OnReceive(object message)
    {
    }

    protected void Become(Action configure) => base.Become(Behaviour(configure));

    protected void BecomeStacked(Action configure) => base.BecomeStacked(Behaviour(configure));

    private Receive Behaviour(Action configure)
    {
        var outer = _building;
        var handlers = _building = new Handlers();
        try
        {
            configure();
        }
        finally
        {
            _building = outer;
        }
        return handlers.Handle;
    }

    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Add(typeof(T), message =>
    {
        if (shouldHandle is not null && !shouldHandle((T)message)) return false;
        handler((T)message);
        return true;
    });

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    protected void Receive<T>(Func<T, bool> handler) => Add(typeof(T), message => handler((T)message));

    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => Add(messageType, message =>
    {
        if (shouldHandle is not null && !shouldHandle(message)) return false;
        handler(message);
        return true;
    });

    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) => Receive(messageType, handler, shouldHandle);

    protected void Receive(Type messageType, Func<object, bool> handler) => Add(messageType, handler);

    protected void ReceiveAny(Action<object> handler) => Building.AddLast(message =>
    {
        handler(message);
        return true;
    });

    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Receive(message => ActorTaskScheduler.RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        Receive(messageType, message => ActorTaskScheduler.RunTask(() => handler(message)), shouldHandle);

    protected void ReceiveAnyAsync(Func<object, Task> handler) => ReceiveAny(message => ActorTaskScheduler.RunTask(() => handler(message)));

    private Handlers Building => _building ?? throw new InvalidOperationException("You may only call Receive-methods when constructing the actor and inside Become().");

    private void Add(Type type, Func<object, bool> handle) => Building.Add(type, handle);

    internal override void Constructed() => _building = null;
}
