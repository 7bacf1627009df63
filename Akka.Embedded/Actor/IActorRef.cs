using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Something that a message can be sent to.</summary>
public interface ICanTell
{
    void Tell(object message, IActorRef sender);
}

/// <summary>A handle of an actor, good for sending and for comparing; valid in every process.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}

/// <summary>What every reference shares: equality by path and uid.</summary>
public abstract class ActorRefBase : IActorRef
{
    public abstract ActorPath Path { get; }

    public void Tell(object message, IActorRef sender) =>
        TellInternal(message ?? throw new InvalidMessageException("Message is null."), sender);

    protected abstract void TellInternal(object message, IActorRef sender);

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => Path.GetHashCode() ^ (int)Path.Uid;

    public int CompareTo(IActorRef? other)
    {
        var c = Path.CompareTo(other?.Path);
        return c != 0 ? c : Path.Uid.CompareTo(other!.Path.Uid);
    }

    public int CompareTo(object? obj) =>
        obj is IActorRef other ? CompareTo(other) : throw new ArgumentException("Object must be an actor reference.", nameof(obj));

    public override string ToString() => Path.Uid == 0 ? $"[{Path}]" : $"[{Path}#{Path.Uid}]";
}

/// <summary>What the engine itself asks of a reference.</summary>
internal interface IInternalActorRef : IActorRef
{
    IInternalActorRef Parent { get; }

    bool IsTerminated { get; }

    bool IsLocal { get; }

    void Start();

    void Suspend();

    void Resume(Exception? causedByFailure);

    void Restart(Exception cause);

    void Stop();

    void SendSystemMessage(ISystemMessage message);

    /// <summary>The reference found by walking down those names from index <paramref name="from"/>; <see cref="ActorRefs.Nobody"/> where there is none.</summary>
    IInternalActorRef GetChild(IReadOnlyList<string> names, int from);
}

/// <summary>A reference without an actor of its own behind it: life-cycle calls do nothing unless overridden.</summary>
internal abstract class InternalActorRef : ActorRefBase, IInternalActorRef
{
    public virtual IInternalActorRef Parent => Nobody.Instance;

    public virtual bool IsTerminated => false;

    public virtual bool IsLocal => true;

    public virtual void Start()
    {
    }

    public virtual void Suspend()
    {
    }

    public virtual void Resume(Exception? causedByFailure)
    {
    }

    public virtual void Restart(Exception cause)
    {
    }

    public virtual void Stop()
    {
    }

    public virtual void SendSystemMessage(ISystemMessage message)
    {
    }

    public virtual IInternalActorRef GetChild(IReadOnlyList<string> names, int from) =>
        from == names.Count ? this : Nobody.Instance;
}

/// <summary>References that exist without a system.</summary>
public static class ActorRefs
{
    /// <summary>No actor: what is sent to it vanishes.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>The absence of a sender.</summary>
    public static readonly IActorRef NoSender = null!;

    internal static IActorRef Or(this IActorRef? sender, IActorRef fallback) => sender ?? fallback;
}

/// <summary>A reference that drops what it is sent.</summary>
public abstract class MinimalActorRef : ActorRefBase
{
    internal MinimalActorRef()
    {
    }

    protected override void TellInternal(object message, IActorRef sender)
    {
    }
}

/// <summary>The reference of no actor.</summary>
public sealed class Nobody : MinimalActorRef, IInternalActorRef
{
    public static readonly Nobody Instance = new();

    private readonly ActorPath _path = new RootActorPath(new Address("akka", "all-systems")) / "Nobody";

    private Nobody()
    {
    }

    public override ActorPath Path => _path;

    IInternalActorRef IInternalActorRef.Parent => this;

    bool IInternalActorRef.IsTerminated => true;

    bool IInternalActorRef.IsLocal => true;

    void IInternalActorRef.Start()
    {
    }

    void IInternalActorRef.Suspend()
    {
    }

    void IInternalActorRef.Resume(Exception? causedByFailure)
    {
    }

    void IInternalActorRef.Restart(Exception cause)
    {
    }

    void IInternalActorRef.Stop()
    {
    }

    void IInternalActorRef.SendSystemMessage(ISystemMessage message)
    {
    }

    IInternalActorRef IInternalActorRef.GetChild(IReadOnlyList<string> names, int from) => this;
}

/// <summary>Telling references that lead somewhere from those that don't.</summary>
public static class ActorRefExtensions
{
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;
}

/// <summary>Sending with the running actor as the sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.CurrentSelf!);

    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.CurrentSender!);
}
