using Eos.Wire;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The bytes of requests about mode, owner, rules and attributes. Requests: 1 head, 2 path.</summary>
public static class GatewayOwnershipWire
{
    public static IEnumerable<Manifest> Manifests =>
    [
        GatewayWire.Request<ChangeMode>(
            "gw.chmod",
            (m, w) => { w.Text(2, m.Path); w.UInt(3, m.Mode); w.Flag(4, m.Recursive); },
            r => new ChangeMode(GatewayWire.HeadOf(r), r.Text(2), r.UInt32(3)) { Recursive = r.Flag(4) }),
        GatewayWire.Request<ChangeOwner>(
            "gw.chown",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.User); w.Text(4, m.Group); w.Flag(5, m.OfLink); w.Flag(6, m.Recursive); },
            r => new ChangeOwner(GatewayWire.HeadOf(r), r.Text(2), r.Text(3), r.Text(4), r.Flag(5)) { Recursive = r.Flag(6) }),
        GatewayWire.Request<EditAcl>(
            "gw.acl",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.Edit); w.Optional(4, m.OfUser is { } user ? user ? 1u : 0u : null); w.Optional(5, m.Position); w.Flag(6, m.Recursive); },
            r => new EditAcl(GatewayWire.HeadOf(r), r.Text(2), r.Text(3), r.Optional(4) is { } user ? user != 0 : null, (uint?)r.Optional(5)) { Recursive = r.Flag(6) }),
        GatewayWire.Request<ChangeAttributes>(
            "gw.attributes",
            (m, w) => { w.Text(2, m.Path); w.Map(3, m.Set); w.Text(4, m.Removed); w.Flag(5, m.OnlyNew); w.Flag(6, m.Recursive); },
            r => new ChangeAttributes(GatewayWire.HeadOf(r), r.Text(2), r.Map(3), r.Text(4), r.Flag(5)) { Recursive = r.Flag(6) }),
        GatewayWire.Request<FoldAttributes>("gw.fold", (m, w) => w.Text(2, m.Path), r => new FoldAttributes(GatewayWire.HeadOf(r), r.Text(2))),
        GatewayWire.Request<ReadAttributes>("gw.attributes-of", (m, w) => w.Text(2, m.Path), r => new ReadAttributes(GatewayWire.HeadOf(r), r.Text(2))),
        GatewayWire.Request<ReadAcl>("gw.acl-of", (m, w) => w.Text(2, m.Path), r => new ReadAcl(GatewayWire.HeadOf(r), r.Text(2))),
        GatewayWire.Reply<AttributeList>(
            "gw.r.attributes", (m, w) => { w.Text(2, m.Path); w.Map(3, m.Attributes); }, r => new AttributeList(GatewayWire.OpOf(r), r.Text(2), r.Map(3))),
        GatewayWire.Reply<AclListing>(
            "gw.r.acl", (m, w) => { w.Text(2, m.Path); w.Text(3, m.Sys); w.Text(4, m.User); }, r => new AclListing(GatewayWire.OpOf(r), r.Text(2), r.Text(3), r.Text(4))),
    ];
}
