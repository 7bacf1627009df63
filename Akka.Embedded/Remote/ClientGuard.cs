using Akka.Actor;

namespace Akka.Remote;

/// <summary>What a client may send to a path.</summary>
internal enum ClientTarget : byte
{
    Forbidden,

    /// <summary>The receptionist; not the tunnels below it, by which answers go to other clients.</summary>
    Receptionist,

    /// <summary>The root: only as the anchor of a selection that leads to the receptionist.</summary>
    Root,

    /// <summary>The watcher: only answers to its heartbeats.</summary>
    Watcher,
}

/// <summary>Judges what a client-class connection sends; pure.</summary>
internal sealed class ClientGuard(string receptionist)
{
    private readonly string _receptionist = "/system/" + receptionist;

    public ClientTarget Judge(string path)
    {
        var hash = path.LastIndexOf('#');
        var name = hash < 0 ? path : path[..hash];
        if (name == _receptionist) return ClientTarget.Receptionist;
        return name switch
        {
            "/" => ClientTarget.Root,
            "/system/" + RemoteWatcher.Name => ClientTarget.Watcher,
            _ => ClientTarget.Forbidden,
        };
    }

    public bool Allows(ClientTarget target, object? message) => target switch
    {
        ClientTarget.Receptionist => IsHarmless(message),
        ClientTarget.Watcher => message is RemoteHeartbeatRsp,
        ClientTarget.Root => message is ActorSelectionMessage selection && LeadsToReceptionist(selection) && IsHarmless(selection.Message),
        _ => false,
    };

    /// <summary>Nothing that the engine itself would obey: no PoisonPill, no Kill, no Terminated, wrapped or not.</summary>
    private static bool IsHarmless(object? message)
    {
        for (var depth = 0; depth < 16; depth++)
            switch (message)
            {
                case Identify:
                    return true;
                case null or ActorSelectionMessage or IPossiblyHarmful or IAutoReceivedMessage or Dispatch.SysMsg.ISystemMessage:
                    return false;
                case IWrappedMessage wrapped:
                    message = wrapped.Message;
                    break;
                default:
                    return true;
            }
        return false;
    }

    private bool LeadsToReceptionist(ActorSelectionMessage selection)
    {
        var path = "";
        foreach (var element in selection.Elements)
        {
            if (element is not SelectChildName child || child.Name.Contains('/')) return false;
            path += "/" + child.Name;
        }
        return Judge(path) == ClientTarget.Receptionist;
    }
}
