using Akka.Configuration;
using Eos.Kernel;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host.Local;

/// <summary>Knobs of the Unix socket: `eos.socket`.</summary>
/// <param name="Path">The file; `data`: `socket` in the data folder; `off`: none.</param>
/// <param name="TicketLife">How long a ticket counts.</param>
/// <param name="MaxClients">Connections at a time.</param>
public sealed record SocketSettings(string Path, TimeSpan TicketLife, int MaxClients)
{
    public const string Off = "off", InData = "data";

    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public static SocketSettings From(Settings s)
    {
        var settings = new SocketSettings(s.Text("path"), s.Duration("ticket-life"), s.Int("max-clients"));
        if (settings.Path.Length == 0) throw new ConfigurationException($"eos.socket.path is empty: {Off}, {InData} or a path");
        if (settings.TicketLife < TimeSpan.FromSeconds(1) || settings.TicketLife > TimeSpan.FromDays(1)) throw new ConfigurationException("eos.socket.ticket-life: 1s .. 1d");
        if (settings.MaxClients < 1) throw new ConfigurationException("eos.socket.max-clients: 1 ..");
        return settings;
    }
}
