using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Journal;

/// <summary>Knobs of a node's client of the group: `eos.journal.client`.</summary>
/// <param name="BatchBytes">What goes over the wire in one message, unless one request alone is larger.</param>
/// <param name="Patience">What was sent to another node and not answered in this time is sent again, then after twice that, and so on.</param>
/// <param name="MostPatience">The longest such time.</param>
/// <param name="Pause">Before a request is sent again that nobody could take.</param>
/// <param name="Tick">How precisely all these are kept.</param>
public sealed record KvClientSettings(long BatchBytes, TimeSpan Patience, TimeSpan MostPatience, TimeSpan Pause, TimeSpan Tick)
{
    public static KvClientSettings From(Settings s)
    {
        var settings = new KvClientSettings(
            s.Bytes("batch-size"), s.Duration("patience"), s.Duration("most-patience"), s.Duration("pause"), s.Duration("tick"));
        JournalSettings.Must(settings.BatchBytes is >= 1 << 10 and <= 1 << 21, "client.batch-size must be 1 KiB .. 2 MiB");
        JournalSettings.Must(settings.Patience >= TimeSpan.FromMilliseconds(10) && settings.Patience <= settings.MostPatience, "client.patience must be 10ms .. most-patience");
        JournalSettings.Must(settings.Pause >= TimeSpan.FromMilliseconds(1), "client.pause must be at least 1ms");
        JournalSettings.Must(settings.Tick >= TimeSpan.FromMilliseconds(1), "client.tick must be at least 1ms");
        return settings;
    }

    /// <summary>How long the answer to that sending is waited for.</summary>
    public TimeSpan PatienceAt(int sending)
    {
        var time = Patience * Math.Pow(2, Math.Min(sending - 1, 16));
        return time < MostPatience ? time : MostPatience;
    }
}

/// <summary>Knobs of a node's session: `eos.journal.session`.</summary>
/// <param name="Duration">How long the session lasts without a renewal.</param>
/// <param name="Renewal">Between two renewals.</param>
/// <param name="ClockDrift">How much faster a leader's clock may run than this node's, as a fraction; of `eos.raft`.</param>
public sealed record SessionSettings(TimeSpan Duration, TimeSpan Renewal, double ClockDrift)
{
    public static SessionSettings From(Settings s, double clockDrift)
    {
        var settings = new SessionSettings(s.Duration("duration"), s.Duration("renew-interval"), clockDrift);
        JournalSettings.Must(settings.Renewal >= TimeSpan.FromMilliseconds(10), "session.renew-interval must be at least 10ms");
        JournalSettings.Must(settings.Duration >= 2 * settings.Renewal && settings.Duration <= TimeSpan.FromMinutes(10), "session.duration must be two renew-intervals .. 10min");
        return settings;
    }

    /// <summary>For so long after a request was sent its holder may act on what it was granted.</summary>
    public TimeSpan Believed => Duration / (1 + 2 * ClockDrift);
}

/// <summary>Knobs of the plugins of Akka.Persistence: `eos.journal`.</summary>
/// <param name="EntryBytes">Events of one actor that become one entry of the log, unless they belong together.</param>
/// <param name="MostBytes">An atomic write that is larger is rejected.</param>
/// <param name="PageBytes">Events read at a time in a recovery.</param>
/// <param name="ChunkBytes">A snapshot is cut into pieces of this size.</param>
/// <param name="ChunksInFlight">Pieces of one snapshot that are under way at a time.</param>
/// <param name="Patience">A recovery, a deletion or a snapshot that is not done by then fails.</param>
public sealed record JournalSettings(int EntryBytes, int MostBytes, int PageBytes, int ChunkBytes, int ChunksInFlight, TimeSpan Patience)
{
    public static JournalSettings From(Settings s)
    {
        var settings = new JournalSettings(
            (int)s.Bytes("entry-size"), (int)s.Bytes("max-write"), (int)s.Bytes("page-size"), (int)s.Bytes("chunk-size"), s.Int("chunks-in-flight"), s.Duration("patience"));
        Must(settings.EntryBytes is >= 1 << 10 and <= 1 << 20, "entry-size must be 1 KiB .. 1 MiB");
        Must(settings.MostBytes >= settings.EntryBytes && settings.MostBytes <= 1 << 20, "max-write must be entry-size .. 1 MiB");
        Must(settings.PageBytes is >= 1 << 10 and <= 1 << 20, "page-size must be 1 KiB .. 1 MiB");
        Must(settings.ChunkBytes is >= 1 << 10 and <= 1 << 20, "chunk-size must be 1 KiB .. 1 MiB");
        Must(settings.ChunksInFlight is >= 1 and <= 64, "chunks-in-flight must be 1 .. 64");
        Must(settings.Patience >= TimeSpan.FromSeconds(1), "patience must be at least 1s");
        return settings;
    }

    internal static void Must(bool holds, string law)
    {
        if (!holds) throw new ConfigurationException($"eos.journal.{law}");
    }
}
