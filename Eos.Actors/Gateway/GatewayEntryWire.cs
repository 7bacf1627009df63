using Eos.Kernel;
using Eos.Namespace;
using Eos.Wire;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The bytes of requests for links, empty files and places.</summary>
public static class GatewayEntryWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        GatewayWire.Request<MakeLink>(
            "gw.link",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.Target); w.Flag(4, m.Replace); },
            r => new MakeLink(GatewayWire.HeadOf(r), r.Text(2), r.Text(3), r.Flag(4))),
        GatewayWire.Request<TouchFile>(
            "gw.touch",
            (m, w) => { w.Text(2, m.Path); w.Flag(3, m.Placed); w.Flag(4, m.Truncate); },
            r => new TouchFile(GatewayWire.HeadOf(r), r.Text(2), r.Flag(3), r.Flag(4))),
        GatewayWire.Request<RenameWithLink>(
            "gw.rename-with-link", (m, w) => { w.Text(2, m.Path); w.Text(3, m.Target); }, r => new RenameWithLink(GatewayWire.HeadOf(r), r.Text(2), r.Text(3))),
        GatewayWire.Request<TagPlace>(
            "gw.tag",
            (m, w) => { w.Text(2, m.Path); w.UInt(3, m.Fs.Value); w.UInt(4, (ulong)m.Tag); },
            r => new TagPlace(GatewayWire.HeadOf(r), r.Text(2), new FsId(r.UInt32(3)), (DirectoryProtocol.PlaceTag)r.UInt(4))),
    ];
}
