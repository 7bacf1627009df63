using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Answers messages for a probe, which still sees them.</summary>
public abstract class AutoPilot
{
    /// <summary>Handles a message and says who handles the next: itself, another, <see cref="NoAutoPilot"/> or <see cref="KeepRunning"/>.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);
}

/// <summary>Nobody answers from now on.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    public static NoAutoPilot Instance = new();

    private NoAutoPilot() { }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

/// <summary>The same pilot handles the next message.</summary>
public sealed class KeepRunning : AutoPilot
{
    public static KeepRunning Instance = new();

    private KeepRunning() { }

    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("Must not be called");
}

/// <summary>A pilot's function.</summary>
public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

/// <summary>A pilot made of a function.</summary>
public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
