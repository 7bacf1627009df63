using Akka.Actor;

namespace Akka.Remote;

/// <summary>Remoting can't do what was asked.</summary>
public class RemoteTransportException : AkkaException
{
    public RemoteTransportException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
