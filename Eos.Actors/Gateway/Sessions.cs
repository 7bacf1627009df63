using System.Collections.Immutable;
using Eos.Identity;
using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>One caller as `who` shows it.</summary>
public sealed record SessionView(string Protocol, uint Uid, string Host, string App, string Geotag, TimeSpan Idle);

/// <summary>Who has asked something lately. Mutable; belongs to one gateway. Bounded: the longest idle are forgotten first.</summary>
public sealed class Sessions(int most)
{
    /// <summary>Whoever is silent for so long has no session any more, as in EOS.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly Dictionary<(string Protocol, uint Uid, string Host, string App), (string Geotag, Instant Last)> _rows = [];

    public void Heard(VirtualIdentity who, Instant now)
    {
        var key = (who.Protocol, who.Uid, who.Host, who.App);
        if (_rows.Count >= most && !_rows.ContainsKey(key)) Sweep(now);
        _rows[key] = (who.Geotag, now);
    }

    public ImmutableArray<SessionView> Read(Instant now) =>
    [
        .. _rows.Where(r => now - r.Value.Last < Idle).OrderBy(r => r.Key.Uid).ThenBy(r => r.Key.Host, StringComparer.Ordinal).ThenBy(r => r.Key.App, StringComparer.Ordinal)
            .Select(r => new SessionView(r.Key.Protocol, r.Key.Uid, r.Key.Host, r.Key.App, r.Value.Geotag, now - r.Value.Last)),
    ];

    private void Sweep(Instant now)
    {
        foreach (var old in _rows.Where(r => now - r.Value.Last >= Idle).Select(r => r.Key).ToList()) _rows.Remove(old);
        foreach (var old in _rows.OrderBy(r => r.Value.Last).Take(Math.Max(0, _rows.Count - most / 2)).Select(r => r.Key).ToList()) _rows.Remove(old);
    }
}
