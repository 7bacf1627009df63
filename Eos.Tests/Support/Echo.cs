using Akka.Actor;

namespace Eos.Tests.Support;

/// <summary>An actor that answers with what it got.</summary>
public sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message);
}
