using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes actors in a way of its own.</summary>
public interface IIndirectActorProducer
{
    ActorBase Produce();

    Type ActorType { get; }

    void Release(ActorBase actor);
}

/// <summary>The recipe of an actor: class, arguments, how it is run. Immutable; the same recipe makes every incarnation.</summary>
public class Props
{
    /// <summary>The recipe of an actor that handles nothing.</summary>
    public static readonly Props None = new(typeof(EmptyActor), Deploy.Local, null, [], null);

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    private readonly Type _type;
    private readonly IIndirectActorProducer? _producer;
    private readonly object?[] _arguments;
    private Func<ActorBase>? _factory;

    private Props(Type type, Deploy deploy, SupervisorStrategy? strategy, object?[] arguments, IIndirectActorProducer? producer)
    {
        _type = type;
        Deploy = deploy;
        SupervisorStrategy = strategy!;
        _arguments = arguments;
        _producer = producer;
    }

    public static Props Empty => None;

    public Type Type => _producer?.ActorType ?? _type;

    public object[] Arguments => _arguments!;

    public Deploy Deploy { get; protected set; }

    public SupervisorStrategy SupervisorStrategy { get; protected set; }

    public string Dispatcher => Deploy.Dispatcher == Deploy.NoDispatcherGiven ? Akka.Dispatch.Dispatchers.DefaultDispatcherId : Deploy.Dispatcher;

    /// <summary>From a constructor call; its arguments are evaluated once, here.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null) where TActor : ActorBase
    {
        if (factory.Body is not NewExpression call)
            throw new ArgumentException("The create function must be a 'new T (args)' expression", nameof(factory));
        var arguments = call.Arguments.Select(Value).ToArray();
        return new Props(call.Type, Deploy.Local, supervisorStrategy, arguments, null) { _factory = Constructor(call, arguments) };
    }

    public static Props Create<TActor>(params object[] args) where TActor : ActorBase => Create(typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy) where TActor : ActorBase, new() =>
        new(typeof(TActor), Deploy.Local, supervisorStrategy, [], null);

    /// <exception cref="ArgumentException">The type is no actor.</exception>
    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type)) throw new ArgumentException($"{type} is no actor", nameof(type));
        return new Props(type, Deploy.Local, null, args, null);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) =>
        new(producer.ActorType, Deploy.Local, null, args, producer);

    public Props WithDispatcher(string dispatcher) => With(Deploy.WithDispatcher(dispatcher));

    public Props WithMailbox(string mailbox) => With(Deploy.WithMailbox(mailbox));

    public Props WithStashCapacity(int stashCapacity) => With(Deploy.WithStashCapacity(stashCapacity));

    public Props WithDeploy(Deploy deploy) => With(deploy);

    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) =>
        new(_type, Deploy, supervisorStrategy, _arguments, _producer) { _factory = _factory };

    public virtual ActorBase NewActor()
    {
        if (_producer is not null) return _producer.Produce();
        if (_factory is not null) return _factory();
        try
        {
            return (ActorBase)Activator.CreateInstance(
                _type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, _arguments, null)!;
        }
        catch (TargetInvocationException e)
        {
            throw new TypeLoadException($"Error while creating actor instance of type {_type} with {_arguments.Length} args", e.InnerException ?? e);
        }
        catch (MissingMethodException e)
        {
            throw new TypeLoadException(
                $"Error while creating actor instance of type {_type} with {_arguments.Length} args: no matching constructor", e);
        }
    }

    internal void Release(ActorBase actor) => _producer?.Release(actor);

    private Props With(Deploy deploy) => new(_type, deploy, SupervisorStrategy, _arguments, _producer) { _factory = _factory };

    private static object? Value(Expression e) => e switch
    {
        ConstantExpression c => c.Value,
        MemberExpression { Member: FieldInfo field, Expression: ConstantExpression owner } => field.GetValue(owner.Value),
        _ => Expression.Lambda<Func<object?>>(Expression.Convert(e, typeof(object))).Compile(preferInterpretation: true)(),
    };

    private static Func<ActorBase>? Constructor(NewExpression call, object?[] arguments)
    {
        var constructor = call.Constructor;
        if (constructor is null) return null;
        return () =>
        {
            try
            {
                return (ActorBase)constructor.Invoke(arguments);
            }
            catch (TargetInvocationException e)
            {
                throw new TypeLoadException($"Error while creating actor instance of type {call.Type}", e.InnerException ?? e);
            }
        };
    }
}
