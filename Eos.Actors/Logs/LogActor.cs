using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Eos.Kernel;
using static Eos.Logs.LogProtocol;

namespace Eos.Logs;

/// <summary>Keeps the last lines of this node's log, and says or sets how much is logged. What it does not keep is written all the same. Path: `/user/log`.</summary>
public sealed class LogActor : ReceiveActor
{
    /// <summary>Characters of an answer.</summary>
    private const int Room = 200_000;

    private LogState _state;

    /// <param name="place">`host:port` of the node.</param>
    /// <param name="name">What it is called; may be empty.</param>
    public LogActor(string place, string name, IReadOnlySet<string> roles, LogSettings settings, IClock clock)
    {
        _state = LogState.Of(Of(Context.System.EventStream.LogLevel));
        Receive<LogEvent>(e => _state = _state.Add(LineOf(e), settings.Lines));
        Receive<LogProtocol.IQuestion>(q => !LogRules.IsMeant(q.Node, place, name, roles, Sender.Path.Address.HasLocalScope), _ => Sender.Tell(new NotMeant(place)));
        Receive<AskLevel>(_ => Sender.Tell(new Level(place, name, _state.Level)));
        Receive<SetLevel>(set =>
        {
            _state = _state with { Level = set.Severity, Ignored = [.. set.Ignored.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] };
            Context.System.EventStream.SetLogLevel(LevelOf(set.Severity));
            Context.GetLogger().Warning("the log level is {0} now", set.Severity.Word());
            Sender.Tell(new Level(place, name, set.Severity));
        });
        Receive<Read>(read => Sender.Tell(new Lines(place, _state.Find(clock.Now - read.Age, read.Least, read.Word, Room))));
    }

    public static Props Props(string place, string name, IReadOnlySet<string> roles, LogSettings settings, IClock clock) =>
        Akka.Actor.Props.Create(() => new LogActor(place, name, roles, settings, clock));

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private static LogLine LineOf(LogEvent e)
    {
        var text = e.Cause is null ? e.Message.ToString() ?? "" : $"{e.Message}: {e.Cause.GetType().Name}: {e.Cause.Message}";
        return new LogLine(
            Instant.From(new DateTimeOffset(e.Timestamp.ToUniversalTime())), Of(e.LogLevel()), e.LogSource, text.Length > LogLine.Longest ? text[..LogLine.Longest] + "…" : text);
    }

    private static Severity Of(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => Severity.Debug,
        LogLevel.InfoLevel => Severity.Info,
        LogLevel.WarningLevel => Severity.Warning,
        _ => Severity.Error,
    };

    /// <summary>The engine knows fewer: everything above an error is one.</summary>
    private static LogLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Debug => LogLevel.DebugLevel,
        Severity.Info or Severity.Notice => LogLevel.InfoLevel,
        Severity.Warning => LogLevel.WarningLevel,
        _ => LogLevel.ErrorLevel,
    };
}
