using Eos.Wire;

namespace Eos.Instance;

/// <summary>The bytes of what nodes tell each other about the configuration.</summary>
public static class InstanceWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<InstanceProtocol.Wake>("instance.wake", (m, w) => w.UInt(1, m.Version), r => new InstanceProtocol.Wake(r.UInt(1))),
    ];
}
