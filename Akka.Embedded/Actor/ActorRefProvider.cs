using Akka.Util;

namespace Akka.Actor;

/// <summary>Knows where references lead.</summary>
public interface IActorRefProvider
{
    ActorPath RootPath { get; }

    IActorRef DeadLetters { get; }

    IActorRef IgnoreRef { get; }

    /// <summary>The address under which others reach this system.</summary>
    Address DefaultAddress { get; }

    /// <summary>The reference at that path; dead letters where the text is no path or no actor is there.</summary>
    IActorRef ResolveActorRef(string path);

    IActorRef ResolveActorRef(ActorPath actorPath);
}

/// <summary>The other systems, seen from the engine's core.</summary>
internal interface IRemoting
{
    Address DefaultAddress { get; }

    /// <summary>Whether that address is one of this system's own.</summary>
    bool IsOwn(Address address);

    /// <summary>The reference of an actor on another system.</summary>
    IInternalActorRef RefFor(ActorPath path);

    void Start();

    Task Shutdown();
}

/// <summary>The references of one system.</summary>
internal sealed class ActorRefProvider : IActorRefProvider
{
    private readonly ActorSystemImpl _system;
    private readonly ActorPath _tempPath;
    private long _tempNumber;

    public ActorRefProvider(ActorSystemImpl system)
    {
        _system = system;
        RootPath = new RootActorPath(new Address("akka", system.Name));
        _tempPath = RootPath / "temp";
        DeadLetters = new DeadLetterRef(system, RootPath / "deadLetters");
        IgnoreRef = new IgnoreRef(RootPath / "ignore");
    }

    public ActorPath RootPath { get; }

    public DeadLetterRef DeadLetters { get; }

    public IActorRef IgnoreRef { get; }

    IActorRef IActorRefProvider.DeadLetters => DeadLetters;

    /// <summary>Null while the system is local.</summary>
    public IRemoting? Remoting { get; set; }

    public Address DefaultAddress => Remoting?.DefaultAddress ?? RootPath.Address;

    public RootActorRef RootGuardian { get; private set; } = null!;

    public LocalActorRef Guardian { get; private set; } = null!;

    public LocalActorRef SystemGuardian { get; private set; } = null!;

    public TempContainerRef TempContainer { get; private set; } = null!;

    public Task Terminated { get; private set; } = null!;

    /// <summary>Makes the guardians.</summary>
    public void Start(SupervisorStrategy guardianStrategy)
    {
        var top = new TopRef(RootPath / "bubble-walker", _system);
        Terminated = top.Ended;
        var dispatcher = _system.Dispatchers.DefaultGlobalDispatcher;
        RootGuardian = new RootActorRef(_system, Props.Create<RootGuardian>(), dispatcher, top, RootPath);
        TempContainer = new TempContainerRef(_system, _tempPath, RootGuardian);
        RootGuardian.Hang("temp", TempContainer);
        RootGuardian.Hang("deadLetters", DeadLetters);
        RootGuardian.Start();
        Guardian = (LocalActorRef)RootGuardian.Cell.AttachChild(Props.Create<Guardian>().WithSupervisorStrategy(guardianStrategy), "user", isSystem: true);
        SystemGuardian = (LocalActorRef)RootGuardian.Cell.AttachChild(Props.Create<Guardian>(), "system", isSystem: true);
        RootGuardian.Tell(new RootGuardian.Begin(Guardian, SystemGuardian), ActorRefs.NoSender);
    }

    public ActorPath NextTempPath() => new ChildActorPath(_tempPath, Base64Names.Of(Interlocked.Increment(ref _tempNumber)), 0);

    public void RegisterTemp(IInternalActorRef promise) => TempContainer.Add(promise);

    public void UnregisterTemp(IInternalActorRef promise) => TempContainer.Remove(promise);

    public IActorRef ResolveActorRef(string path) => ActorPath.TryParse(path, out var parsed) ? ResolveActorRef(parsed) : DeadLetters;

    public IActorRef ResolveActorRef(ActorPath actorPath)
    {
        var address = actorPath.Address;
        if (address == RootPath.Address || (Remoting?.IsOwn(address) ?? false)) return ResolveLocal(actorPath);
        return Remoting is { } remoting && address.HasGlobalScope ? remoting.RefFor(actorPath) : DeadLetters;
    }

    /// <summary>The actor of this system at that path and, where the path says so, of that incarnation.</summary>
    public IInternalActorRef ResolveLocal(ActorPath path)
    {
        if (path.Depth == 0) return RootGuardian;
        var found = RootGuardian.GetChild(path.Elements, 0);
        return ReferenceEquals(found, Nobody.Instance) || (path.Uid != 0 && found.Path.Uid != path.Uid)
            ? new EmptyActorRef(_system, path.Uid == 0 ? RootPath / path.Elements : (RootPath / path.Elements).WithUid(path.Uid))
            : found;
    }
}
