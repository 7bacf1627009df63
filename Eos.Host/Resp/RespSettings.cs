using Akka.Configuration;
using Settings = Eos.Kernel.Settings;

namespace Eos.Host.Resp;

/// <summary>Knobs of the Redis door: `eos.resp`. Sizes in bytes.</summary>
/// <param name="Bind">Address to listen on.</param>
/// <param name="Port">Port to listen on; 0: any free.</param>
/// <param name="Limits">Bounds of one request.</param>
/// <param name="Password">What clients must know; empty: nothing.</param>
/// <param name="PasswordFile">A file of mode 0400 with the password; empty: <paramref name="Password"/> counts.</param>
/// <param name="RequirePasswordForLocalhost">Clients on this machine must know it as well.</param>
/// <param name="Tls">How clients are to be spoken to; null: in the clear.</param>
/// <param name="Open">Clients on other machines are served although there is no password.</param>
/// <param name="MaxClients">Connections at a time.</param>
/// <param name="BacklogCommands">Requests of one connection that may wait for their answers.</param>
/// <param name="BacklogBytes">Memory that these and their replies may take.</param>
/// <param name="BacklogTotal">Memory that the requests and replies of all connections may take: half of it replies beyond <paramref name="QuestionBytes"/>.</param>
/// <param name="EntryCommands">Consecutive writes of a connection that go into one entry of the log.</param>
/// <param name="EntryBytes">The same in bytes, but for a single larger one.</param>
/// <param name="EntryMost">The largest transaction.</param>
/// <param name="FlushMost">What one entry of a FLUSHALL removes.</param>
/// <param name="QuestionCommands">Consecutive reads of a connection that are asked together.</param>
/// <param name="QuestionBytes">Memory that the replies to these may take; what does not fit is asked again.</param>
/// <param name="ReplyMost">Memory that one reply may take.</param>
/// <param name="ReadsInFlight">Such questions of a connection that are under way.</param>
/// <param name="PushQueue">Memory that messages for one subscriber may take before it is let go.</param>
/// <param name="ChannelBytes">Memory that the names of the channels of one subscriber may take.</param>
/// <param name="WriteTimeout">A client that takes nothing of its answers for so long is let go.</param>
/// <param name="IdleTimeout">A client that says nothing for so long is let go; 0: never.</param>
/// <param name="CheckInterval">Between two looks at leadership and idle clients.</param>
public sealed record RespSettings(
    string Bind, int Port, RespLimits Limits, string Password, string PasswordFile, bool RequirePasswordForLocalhost, RespTlsSettings? Tls, bool Open, int MaxClients,
    int BacklogCommands, long BacklogBytes, long BacklogTotal, int EntryCommands, long EntryBytes, long EntryMost, ClearBounds FlushMost, int QuestionCommands, long QuestionBytes,
    long ReplyMost, int ReadsInFlight, long PushQueue, long ChannelBytes, TimeSpan WriteTimeout, TimeSpan IdleTimeout, TimeSpan CheckInterval)
{
    private const int StrangersWords = 10;
    private const int StrangersBytes = 16 << 10;

    /// <summary>Bounds of a request of a client that has not authenticated itself: enough for that, and the end of the connection beyond.</summary>
    public RespLimits Strangers =>
        new(Math.Min(Limits.BulkBytes, StrangersBytes), StrangersWords, Math.Min(Limits.CommandBytes, StrangersBytes), Math.Min(Limits.InlineBytes, StrangersBytes), StrangersBytes);

    /// <summary>Reads `eos.resp`; <see cref="ConfigurationException"/> for a value out of range.</summary>
    public static RespSettings From(Settings s)
    {
        var wanted = RespTlsSettings.From(s.Section("ssl"));
        var tls = s.Flag("enable-ssl") ? wanted : null;
        var settings = new RespSettings(
            s.Text("bind"), s.Int("port"), RespLimits.From(s), s.Text("password"), s.Text("password-file"), s.Flag("require-password-for-localhost"), tls, s.Flag("open"),
            s.Int("max-clients"), s.Int("backlog-commands"), s.Bytes("backlog-bytes"), s.Bytes("backlog-total"), s.Int("entry-commands"), s.Bytes("entry-bytes"),
            s.Bytes("entry-most"), new ClearBounds((ulong)s.Int("flush-rows"), (ulong)s.Bytes("flush-bytes")), s.Int("question-commands"), s.Bytes("question-bytes"), s.Bytes("reply-most"), s.Int("reads-in-flight"), s.Bytes("push-queue"), s.Bytes("channel-bytes"), s.Duration("write-timeout"), s.Duration("idle-timeout"),
            s.Duration("check-interval"));
        Must(settings.Port is >= 0 and <= 65535, $"port is {settings.Port}: 0 .. 65535");
        Must(settings.MaxClients >= 1, "max-clients: 1 ..");
        Must(settings.BacklogCommands >= 1, "backlog-commands: 1 ..");
        Must(settings.BacklogBytes >= 64 << 10, "backlog-bytes: 64 KiB ..");
        Must(settings.BacklogTotal >= 2 * settings.BacklogBytes && settings.BacklogTotal >= 2 * settings.ReplyMost, "backlog-total: twice backlog-bytes and reply-most ..");
        Must(settings.EntryCommands is >= 1 and <= 100_000, "entry-commands: 1 .. 100000");
        Must(settings.EntryBytes is >= 1024 and <= 2 << 20, "entry-bytes: 1 KiB .. 2 MiB");
        Must(settings.EntryMost >= settings.EntryBytes && settings.EntryMost <= 3 << 20, "entry-most: entry-bytes .. 3 MiB");
        Must(settings.FlushMost.Rows is >= 1 and <= 1_000_000, "flush-rows: 1 .. 1000000");
        Must(settings.FlushMost.Bytes is >= 64 << 10 and <= 1 << 30, "flush-bytes: 64 KiB .. 1 GiB");
        Must(settings.QuestionCommands is >= 1 and <= 100_000, "question-commands: 1 .. 100000");
        Must(settings.QuestionBytes >= 2 << 20, "question-bytes: 2 MiB ..");
        Must(settings.ReplyMost >= settings.QuestionBytes && settings.ReplyMost is >= 16 << 20 and <= 1 << 30, "reply-most: 16 MiB and question-bytes .. 1 GiB");
        Must(settings.ChannelBytes >= 4 << 10, "channel-bytes: 4 KiB ..");
        Must(settings.ReadsInFlight >= 1, "reads-in-flight: 1 ..");
        Must(settings.PushQueue >= 64 << 10, "push-queue: 64 KiB ..");
        Must(settings.WriteTimeout >= TimeSpan.FromMilliseconds(100), "write-timeout: 100ms ..");
        Must(settings.IdleTimeout >= TimeSpan.Zero, "idle-timeout: 0s ..");
        Must(settings.CheckInterval >= TimeSpan.FromMilliseconds(10), "check-interval: 10ms ..");
        return settings;
    }

    private static void Must(bool holds, string rule)
    {
        if (!holds) throw new ConfigurationException($"eos.resp.{rule}");
    }
}
