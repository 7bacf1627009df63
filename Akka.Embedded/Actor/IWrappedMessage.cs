namespace Akka.Actor;

/// <summary>A message that carries another one to where it is meant for.</summary>
public interface IWrappedMessage
{
    object Message { get; }
}
