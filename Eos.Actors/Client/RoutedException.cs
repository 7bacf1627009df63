using Eos.Gateway;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>The path belongs to another instance, where this one sends who asks for it (EREMOTE).</summary>
public sealed class RoutedException(GatewayProtocol.Elsewhere to) : EosException(Errno.Remote, $"{to.Path}: is served by {to.Host}:{to.Port} (http {to.HttpPort}), ask there")
{
    public GatewayProtocol.Elsewhere To { get; } = to;
}
