using Eos.Kernel;
using Eos.Wire;
using static Eos.Logs.LogProtocol;

namespace Eos.Logs;

/// <summary>The bytes of questions about logs and their answers.</summary>
public static class LogWire
{
    private static readonly Shape<LogLine> Line = new(
        "log-line",
        (v, w) => { w.Int(1, v.At.Nanoseconds); w.UInt(2, (ulong)v.Severity); w.Text(3, v.Source); w.Text(4, v.Text); },
        r => new LogLine(new Instant(r.Int(1)), (Severity)r.UInt(2), r.Text(3), r.Text(4)));

    public static IEnumerable<Manifest> Manifests =>
    [
        Manifest.Of<SetLevel>(
            "log.set", (m, w) => { w.Text(1, m.Node); w.UInt(2, (ulong)m.Severity); w.Text(3, m.Ignored); }, r => new SetLevel(r.Text(1), (Severity)r.UInt(2), r.Text(3))),
        Manifest.Of<AskLevel>("log.ask", (m, w) => w.Text(1, m.Node), r => new AskLevel(r.Text(1))),
        Manifest.Of<Read>(
            "log.read",
            (m, w) => { w.Text(1, m.Node); w.Span(2, m.Age); w.UInt(3, (ulong)m.Least); w.Text(4, m.Word); },
            r => new Read(r.Text(1), r.Span(2), (Severity)r.UInt(3), r.Text(4))),
        Manifest.Of<Level>(
            "log.level", (m, w) => { w.Text(1, m.Node); w.Text(2, m.Name); w.UInt(3, (ulong)m.Severity); }, r => new Level(r.Text(1), r.Text(2), (Severity)r.UInt(3))),
        Manifest.Of<Lines>("log.lines", (m, w) => { w.Text(1, m.Node); w.Parts(2, Line, m.Found); }, r => new Lines(r.Text(1), r.Parts(2, Line))),
        Manifest.Of<NotMeant>("log.not-meant", (m, w) => w.Text(1, m.Node), r => new NotMeant(r.Text(1))),
    ];
}
