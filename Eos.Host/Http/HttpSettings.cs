using Akka.Configuration;
using Eos.Kernel;

namespace Eos.Host.Http;

/// <summary>Knobs of the HTTP ports: `eos.http`. Sizes in bytes.</summary>
/// <param name="Bind">Address that both ports listen on.</param>
/// <param name="MgmPort">Port of the namespace; 0: any free.</param>
/// <param name="FstPort">Port of the data; 0: any free.</param>
/// <param name="BlockSize">What one read or write of socket or disk moves at most.</param>
/// <param name="VerifyFirst">Files up to this size are checked before their first byte is sent.</param>
/// <param name="MinRate">A client that moves less a second, after a grace of five seconds, is let go.</param>
/// <param name="GatewayTimeout">How long a request waits for the namespace.</param>
/// <param name="PeerTimeout">How long another data port may be silent in the middle of a transfer.</param>
/// <param name="CommitTimeout">How long an upload waits for the directory's answer.</param>
/// <param name="Burst">What a transfer whose rate is limited may be ahead of it.</param>
public sealed record HttpSettings(
    string Bind, int MgmPort, int FstPort, int BlockSize, long VerifyFirst, double MinRate, TimeSpan GatewayTimeout, TimeSpan PeerTimeout, TimeSpan CommitTimeout, TimeSpan Burst)
{
    /// <summary>How the namespace is also served by TLS; null: it is not.</summary>
    public HttpTlsSettings? Tls { get; init; }

    /// <summary>Reads `eos.http`; <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static HttpSettings From(Settings s)
    {
        var tls = HttpTlsSettings.From(s.Section("ssl"));
        var settings = new HttpSettings(
            s.Text("bind"), s.Int("mgm-port"), s.Int("fst-port"), (int)s.Bytes("block-size"), s.Bytes("verify-first"), s.Bytes("min-rate"),
            s.Duration("gateway-timeout"), s.Duration("peer-timeout"), s.Duration("commit-timeout"), s.Duration("burst"))
        {
            Tls = s.Flag("enable-ssl") ? tls : null,
        };
        if (settings.Burst < TimeSpan.FromMilliseconds(1)) throw new ConfigurationException($"eos.http.burst is {settings.Burst}: at least 1 ms");
        if (settings.PeerTimeout < TimeSpan.FromSeconds(1)) throw new ConfigurationException($"eos.http.peer-timeout is {settings.PeerTimeout}: at least 1 s");
        if (settings.BlockSize is < 4096 or > 4 << 20) throw new ConfigurationException($"eos.http.block-size is {settings.BlockSize}: 4 KiB .. 4 MiB");
        foreach (var port in new[] { settings.MgmPort, settings.FstPort })
            if (port is < 0 or > 65535) throw new ConfigurationException($"eos.http: {port} is no port");
        return settings;
    }
}
