using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>This instance sends who asks to another one, by a route of the path or by a rule of access (EREMOTE).</summary>
public sealed class RoutedException(GatewayProtocol.Elsewhere to) : EosException(Errno.Remote, TextOf(to))
{
    public GatewayProtocol.Elsewhere To { get; } = to;

    private static string TextOf(GatewayProtocol.Elsewhere to) =>
        (to.Path.Length > 0 ? $"{to.Path}: is served by " : "requests are sent to ") + $"{to.Host}:{to.Port}" + (to.HttpPort > 0 ? $" (http {to.HttpPort})" : "") + ", ask there";
}
