using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors with what they share: dispatchers, scheduler, event stream, settings, extensions.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    protected ActorSystem()
    {
    }

    public abstract Settings Settings { get; }

    public abstract string Name { get; }

    public abstract Akka.Serialization.Serialization Serialization { get; }

    public abstract EventStream EventStream { get; }

    public abstract IActorRef DeadLetters { get; }

    public abstract IActorRef IgnoreRef { get; }

    public abstract Dispatchers Dispatchers { get; }

    public abstract Mailboxes Mailboxes { get; }

    public abstract IScheduler Scheduler { get; }

    public abstract ILoggingAdapter Log { get; }

    public abstract Task WhenTerminated { get; }

    public TimeSpan StartTime { get; } = TimeSpan.FromMilliseconds(Environment.TickCount64);

    public TimeSpan Uptime => TimeSpan.FromMilliseconds(Environment.TickCount64) - StartTime;

    public static ActorSystem Create(string name) => Create(name, Config.Empty);

    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Empty.And(setup));

    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    public abstract object GetExtension(IExtensionId extensionId);

    public abstract T GetExtension<T>() where T : class, IExtension;

    public abstract bool HasExtension(Type type);

    public abstract bool HasExtension<T>() where T : class, IExtension;

    public abstract bool TryGetExtension(Type extensionType, out object extension);

    public abstract bool TryGetExtension<T>(out T extension) where T : class, IExtension;

    public abstract object RegisterExtension(IExtensionId extension);

    public abstract void RegisterOnTermination(Action code);

    /// <summary>Runs coordinated shutdown, which ends all actors; the task ends when the last has.</summary>
    public abstract Task Terminate();

    public abstract void Stop(IActorRef actor);

    public abstract IActorRef ActorOf(Props props, string? name = null);

    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    public abstract ActorSelection ActorSelection(string actorPath);

    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}

/// <summary>The part of a system that extensions use.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    protected ExtendedActorSystem()
    {
    }

    public abstract IActorRefProvider Provider { get; }

    /// <summary>Makes an actor below /system.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    public abstract IActorRef SystemActorOf<TActor>(string? name = null) where TActor : ActorBase, new();

    /// <summary>Ends the system without coordinated shutdown.</summary>
    public abstract void Abort();
}
