using Akka.Actor;

namespace Akka.Persistence;

/// <summary>A persistent actor whose handlers are registered by type, for commands and for recovery.</summary>
public abstract class ReceivePersistentActor : UntypedPersistentActor
{
    private readonly Handlers _recover = new();
    private readonly Handlers _first = new();
    private Handlers _commands;

    protected ReceivePersistentActor()
    {
        _commands = _first;
    }

    protected sealed override void OnCommand(object message)
    {
        if (!_first.Handle(message)) Unhandled(message);
    }

    protected sealed override void OnRecover(object message)
    {
        if (!_recover.Handle(message)) Unhandled(message);
    }

    protected void Become(Action configure) => base.Become((Receive)Configured(configure).Handle);

    protected void BecomeStacked(Action configure) => base.BecomeStacked((Receive)Configured(configure).Handle);

    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _recover.Add(typeof(T), Handlers.When(handler, shouldHandle));

    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    protected void Recover<T>(Func<T, bool> handler) => _recover.Add(typeof(T), message => handler((T)message));

    protected void Recover(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => _recover.Add(messageType, Handlers.When(handler, shouldHandle));

    protected void RecoverAny(Action<object> handler) => _recover.AddLast(handler);

    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => _commands.Add(typeof(T), Handlers.When(handler, shouldHandle));

    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    protected void Command<T>(Func<T, bool> handler) => _commands.Add(typeof(T), message => handler((T)message));

    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) => _commands.Add(messageType, Handlers.When(handler, shouldHandle));

    protected void CommandAny(Action<object> handler) => _commands.AddLast(handler);

    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) => Command(message => RunTask(() => handler(message)), shouldHandle);

    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    protected void CommandAnyAsync(Func<object, Task> handler) => CommandAny(message => RunTask(() => handler(message)));

    private Handlers Configured(Action configure)
    {
        var outer = _commands;
        var handlers = _commands = new Handlers();
        try
        {
            configure();
        }
        finally
        {
            _commands = outer;
        }
        return handlers;
    }
}
