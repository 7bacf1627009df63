using Akka.Actor;

namespace Eos.Tests.Engine;

/// <summary>An actor whose whole behaviour is one function.</summary>
internal sealed class Scripted(Action<Scripted, object> script) : UntypedActor
{
    public IUntypedActorContext Ctx => Context;
    public IActorRef Me => Self;
    public IActorRef From => Sender;

    public static Props Of(Action<Scripted, object> script) => Props.Create(() => new Scripted(script));

    public void Refuse(object message) => Unhandled(message);

    protected override void OnReceive(object message) => script(this, message);
}

/// <summary>Sends back what it gets.</summary>
internal sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message);
}

/// <summary>Tells a probe about its life, throws exceptions that it is sent, answers everything else, and answers "id" with its incarnation's.</summary>
internal sealed class Lively(IActorRef probe) : UntypedActor
{
    private static int _incarnations;
    private readonly int _id = Interlocked.Increment(ref _incarnations);

    public static Props Of(IActorRef probe) => Props.Create(() => new Lively(probe));

    protected override void OnReceive(object message)
    {
        if (message is Exception e) throw e;
        Sender.Tell(message is "id" ? _id : message);
    }

    protected override void PreStart() => probe.Tell("started");
    protected override void PostStop() => probe.Tell("stopped");

    protected override void PreRestart(Exception reason, object message)
    {
        probe.Tell($"before restart: {reason.Message}, {message?.GetType().Name}");
        base.PreRestart(reason, message!);
    }

    protected override void PostRestart(Exception reason)
    {
        probe.Tell($"after restart: {reason.Message}");
        base.PostRestart(reason);
    }
}

/// <summary>A parent with a strategy: makes a child for each (props, name), answering with its reference.</summary>
internal sealed class Parent(SupervisorStrategy strategy) : UntypedActor
{
    public static Props Of(SupervisorStrategy strategy) => Props.Create(() => new Parent(strategy));

    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message)
    {
        if (message is (Props props, string name)) Sender.Tell(Context.ActorOf(props, name));
        else Sender.Tell(message);
    }
}

internal sealed class Oops(string message = "oops") : Exception(message);
