using Akka.Configuration;
using Akka.Event;

namespace Akka.Persistence.Journal;

/// <summary>What to do when events of two writers of one id are mixed up.</summary>
public enum ReplayFilterMode
{
    Fail = 0,
    Warn = 1,
    RepairByDiscardOld = 2,
    Disabled = 3,
}

/// <summary>The keys below `replay-filter`.</summary>
internal sealed record ReplayFilterSettings(ReplayFilterMode Mode, int Window, int MaxOldWriters)
{
    public static ReplayFilterSettings Of(Config plugin)
    {
        var mode = plugin.GetString("replay-filter.mode", "repair-by-discard-old");
        return new ReplayFilterSettings(mode switch
        {
            "off" or "false" or "disabled" => ReplayFilterMode.Disabled,
            "repair-by-discard-old" => ReplayFilterMode.RepairByDiscardOld,
            "fail" => ReplayFilterMode.Fail,
            "warn" => ReplayFilterMode.Warn,
            _ => throw new ConfigurationException($"Invalid replay-filter.mode [{mode}], supported values [off, repair-by-discard-old, fail, warn]"),
        }, plugin.GetInt("replay-filter.window-size", 100), plugin.GetInt("replay-filter.max-old-writers", 10));
    }
}

/// <summary>
/// Finds, while an id is replayed, that two live actors have written under it: a number comes again, or a writer returns that another had
/// followed. A window of events is held back so that those of the older writer can still be dropped. Not thread-safe.
/// </summary>
internal sealed class ReplayFilter(ReplayFilterSettings settings, ILoggingAdapter log, string persistenceId, Action<IPersistentRepresentation> deliver)
{
    private readonly LinkedList<IPersistentRepresentation> _window = new();
    private readonly LinkedList<string> _oldWriters = new();
    private string _writer = "";
    private long _last = -1;

    public void Next(IPersistentRepresentation e)
    {
        if (settings.Mode == ReplayFilterMode.Disabled)
        {
            deliver(e);
            return;
        }
        if (_window.Count == settings.Window)
        {
            deliver(_window.First!.Value);
            _window.RemoveFirst();
        }
        if (e.WriterGuid == _writer || _last < 0)
        {
            _writer = e.WriterGuid;
            if (e.SequenceNr < _last) Keep(e, $"from the same writer, after [{_last}]");
            else Add(e);
        }
        else if (_oldWriters.Contains(e.WriterGuid)) Keep(e, "from an old writer");
        else FromNewWriter(e);
    }

    public void End()
    {
        foreach (var e in _window) deliver(e);
        _window.Clear();
    }

    private void FromNewWriter(IPersistentRepresentation e)
    {
        if (_writer.Length > 0) _oldWriters.AddLast(_writer);
        if (_oldWriters.Count > settings.MaxOldWriters) _oldWriters.RemoveFirst();
        _writer = e.WriterGuid;
        for (var node = _window.First; node is not null;)
        {
            var (here, next) = (node, node.Next);
            node = next;
            if (here.Value.SequenceNr < e.SequenceNr) continue;
            var problem = Problem(here.Value, $"replaced by [{e.SequenceNr}] of a newer writer [{e.WriterGuid}]");
            if (settings.Mode == ReplayFilterMode.Fail) throw new InvalidOperationException(problem);
            log.Warning(problem);
            if (settings.Mode == ReplayFilterMode.RepairByDiscardOld) _window.Remove(here);
        }
        Add(e);
    }

    private void Add(IPersistentRepresentation e)
    {
        _window.AddLast(e);
        _last = e.SequenceNr;
    }

    private void Keep(IPersistentRepresentation e, string why)
    {
        var problem = Problem(e, why);
        if (settings.Mode == ReplayFilterMode.Fail) throw new InvalidOperationException(problem);
        log.Warning(problem);
        if (settings.Mode == ReplayFilterMode.Warn) _window.AddLast(e);
    }

    private string Problem(IPersistentRepresentation e, string why) =>
        $"Invalid replayed event [sequenceNr={e.SequenceNr}, writerUUID={e.WriterGuid}] of [{persistenceId}], {why}: two actors wrote under this persistence id";
}
