using Akka.Event;

namespace Akka.Remote;

/// <summary>A watcher asks the watcher of another system whether it is there.</summary>
internal sealed class RemoteHeartbeat : IDeadLetterSuppression
{
    public static readonly RemoteHeartbeat Instance = new();

    private RemoteHeartbeat()
    {
    }
}

/// <summary>It is, and this start of it has that uid.</summary>
internal sealed record RemoteHeartbeatRsp(int AddressUid) : IDeadLetterSuppression;
