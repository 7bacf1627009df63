using Eos.Kernel;
using Eos.Wire;
using static Eos.Gateway.GatewayProtocol;

namespace Eos.Gateway;

/// <summary>The bytes of administrators' commands and their reports.</summary>
public static class AdminWire
{
    private static readonly Shape<AdminPair> Pair = new(
        "admin-pair", (v, w) => { w.Text(1, v.Key); w.Text(2, v.Value); w.Flag(3, v.IsNumber); }, r => new AdminPair(r.Text(1), r.Text(2), r.Flag(3)));

    private static readonly Shape<AdminRecord> Record = new("admin-record", (v, w) => w.Parts(1, Pair, v.Pairs), r => new AdminRecord(r.Parts(1, Pair)));

    public static IEnumerable<Manifest> Manifests =>
    [
        GatewayWire.Request<Administer>(
            "gw.admin",
            (m, w) => { w.Text(2, m.Noun); w.Text(3, m.Verb); w.Parts(4, GatewayWire.LineShape, m.Arguments); w.Map(5, m.Options); w.UInt(6, m.From); },
            r => new Administer(GatewayWire.HeadOf(r), r.Text(2), r.Text(3), r.Parts(4, GatewayWire.LineShape), r.Map(5), r.UInt(6))),
        GatewayWire.Reply<Report>(
            "gw.r.report",
            (m, w) => { w.Parts(2, Record, m.Records); w.Parts(3, GatewayWire.LineShape, m.Lines); w.UInt(4, m.Next); },
            r => new Report(GatewayWire.OpOf(r), r.Parts(2, Record), r.Parts(3, GatewayWire.LineShape), r.UInt(4))),
        GatewayWire.Reply<Stalled>(
            "gw.r.stalled",
            (m, w) => { w.UInt(2, (ulong)m.Pause.Ticks); w.Text(3, m.Text); },
            r => new Stalled(GatewayWire.OpOf(r), TimeSpan.FromTicks((long)r.UInt(2)), r.Text(3))),
        GatewayWire.Reply<Elsewhere>(
            "gw.r.elsewhere",
            (m, w) => { w.Text(2, m.Path); w.Text(3, m.Host); w.UInt(4, (ulong)m.Port); w.UInt(5, (ulong)m.HttpPort); },
            r => new Elsewhere(GatewayWire.OpOf(r), r.Text(2), r.Text(3), (int)r.UInt(4), (int)r.UInt(5))),
    ];
}
