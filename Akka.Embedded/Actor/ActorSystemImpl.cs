using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The one kind of actor system there is.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Action> _onTermination = [];
    private readonly Lock _terminationLock = new();
    private readonly ActorRefProvider _provider;
    private readonly IScheduler _scheduler;
    private Akka.Serialization.Serialization? _serialization;
    private bool _ending;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        if (!System.Text.RegularExpressions.Regex.IsMatch(name, "^[a-zA-Z0-9][a-zA-Z0-9-_]*$"))
            throw new ArgumentException(
                $"Invalid ActorSystem name [{name}], must contain only word characters (i.e. [a-zA-Z0-9] plus non-leading '-' or '_')", nameof(name));
        Name = name;
        var config = setup.Get<BootstrapSetup>() is { HasValue: true, Value.Config: { HasValue: true } given } ? given.Value : Config.Empty;
        Settings = new Settings(this, config, setup);
        EventStream = new EventStream(this);
        Log = Logging.GetLogger(EventStream, "ActorSystem(" + name + ")");
        _scheduler = MakeScheduler();
        Dispatchers = new Dispatchers(Settings.Config);
        Mailboxes = new Mailboxes();
        _provider = new ActorRefProvider(this);
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override EventStream EventStream { get; }

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; }

    public override IScheduler Scheduler => _scheduler;

    public override ILoggingAdapter Log { get; }

    public override IActorRef DeadLetters => _provider.DeadLetters;

    public override IActorRef IgnoreRef => _provider.IgnoreRef;

    public override ActorRefProvider Provider => _provider;

    public override Akka.Serialization.Serialization Serialization => _serialization!;

    public override Task WhenTerminated => _terminated.Task;

    /// <summary>Cells that watch, or are watched from, other systems.</summary>
    public ConcurrentDictionary<IInternalActorRef, bool> AddressWatchers { get; } = new();

    public void Start()
    {
        var strategy = (SupervisorStrategyConfigurator)Activator.CreateInstance(
            TypeNames.Require(Settings.SupervisorStrategyClass, "akka.actor.guardian-supervisor-strategy"))!;
        _provider.Start(strategy.Create());
        try
        {
            EventStream.StartLoggers(this);
            _serialization = new Akka.Serialization.Serialization(this);
            if (Settings.HasRemoting)
            {
                _provider.Remoting = new Akka.Remote.Remoting(this);
                _provider.Remoting.Start();
            }
            if (Settings.HasCluster) Akka.Cluster.Cluster.Get(this);
            LoadExtensions();
        }
        catch
        {
            _ = EndAfter(_provider.Terminated);
            Abort();
            throw;
        }
        EngineMeter.Add(this);
        _ = EndAfter(_provider.Terminated);
    }

    private IScheduler MakeScheduler()
    {
        var scheduler = Settings.Config.GetConfig("akka.scheduler");
        var name = Settings.SchedulerClass;
        return name.StartsWith("Akka.Actor.HashedWheelTimerScheduler", StringComparison.Ordinal)
            ? new TimerQueueScheduler(scheduler, Log)
            : (IScheduler)Activator.CreateInstance(TypeNames.Require(name, "akka.scheduler.implementation"), scheduler, Log)!;
    }

    private void LoadExtensions()
    {
        foreach (var name in Settings.Config.GetStringList("akka.extensions"))
        {
            var type = TypeNames.Require(name, "akka.extensions");
            if (!typeof(IExtensionId).IsAssignableFrom(type)) throw new ConfigurationException($"akka.extensions: {name} is no extension id");
            RegisterExtension((IExtensionId)Activator.CreateInstance(type)!);
        }
    }

    public override IActorRef ActorOf(Props props, string? name = null) => _provider.Guardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => _provider.SystemGuardian.Cell.AttachChild(props, name, isSystem: true);

    public override IActorRef SystemActorOf<TActor>(string? name = null) => SystemActorOf(Props.Create<TActor>(), name);

    public override ActorSelection ActorSelection(ActorPath actorPath) => new(_provider.ResolveActorRef(actorPath.Root), actorPath.Elements);

    public override ActorSelection ActorSelection(string actorPath) => Akka.Actor.ActorSelection.From(actorPath, this, _provider.RootGuardian);

    public override void Stop(IActorRef actor)
    {
        var path = actor.Path;
        if (path.Parent.Equals(_provider.Guardian.Path)) _provider.Guardian.Tell(new Guardian.StopChild(actor), ActorRefs.NoSender);
        else if (path.Parent.Equals(_provider.SystemGuardian.Path)) _provider.SystemGuardian.Tell(new Guardian.StopChild(actor), ActorRefs.NoSender);
        else ((IInternalActorRef)actor).Stop();
    }

    public override object RegisterExtension(IExtensionId extension) =>
        _extensions.GetOrAdd(extension.ExtensionType, _ => new Lazy<object>(() => extension.CreateExtension(this))).Value;

    public override object GetExtension(IExtensionId extensionId) => RegisterExtension(extensionId);

    public override T GetExtension<T>() => TryGetExtension<T>(out var extension) ? extension : null!;

    public override bool HasExtension(Type type) => _extensions.ContainsKey(type);

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, out object extension)
    {
        var found = _extensions.TryGetValue(extensionType, out var lazy);
        extension = found ? lazy!.Value : null!;
        return found;
    }

    public override bool TryGetExtension<T>(out T extension)
    {
        var found = TryGetExtension(typeof(T), out var any);
        extension = (T)any;
        return found;
    }

    public override void RegisterOnTermination(Action code)
    {
        lock (_terminationLock)
        {
            if (!_terminated.Task.IsCompleted)
            {
                _onTermination.Add(code);
                return;
            }
        }
        code();
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate)
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        else FinalTerminate();
        return WhenTerminated;
    }

    /// <summary>Ends the tree from the users' part on.</summary>
    public Task FinalTerminate()
    {
        _ending = true;
        _provider.Guardian.Stop();
        return WhenTerminated;
    }

    /// <summary>Whether the end has begun.</summary>
    public bool IsEnding => _ending;

    public override void Abort() => FinalTerminate();

    private async Task EndAfter(Task tree)
    {
        await tree.ConfigureAwait(false);
        try
        {
            if (_provider.Remoting is { } remoting) await remoting.Shutdown().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.Error(e, "remoting did not shut down cleanly");
        }
        EngineMeter.Remove(this);
        (_scheduler as IDisposable)?.Dispose();
        List<Action> callbacks;
        lock (_terminationLock)
        {
            callbacks = [.. _onTermination];
            _onTermination.Clear();
            _terminated.TrySetResult();
        }
        for (var i = callbacks.Count - 1; i >= 0; i--)
        {
            try
            {
                callbacks[i]();
            }
            catch (Exception e)
            {
                EventStream.WriteToConsole(new Error(e, Name, typeof(ActorSystem), "a termination callback failed"));
            }
        }
    }

    public override string ToString() => $"ActorSystem({Name})";
}
