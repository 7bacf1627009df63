using Eos.Kernel;
using static Eos.Raft.RaftProtocol;

namespace Eos.Raft;

/// <summary>Readings of this member: gathered for the next question to the rules, or waiting for the rules' answer.</summary>
/// <param name="current">Whether the lease holds at the moment of the call; asked on the state's threads with the value in hand.</param>
internal sealed class Readers(IStateMachine machine, Upcalls upcalls, QdbLimits limits, Func<bool> current)
{
    private static readonly Func<bool> Confirmed = () => true;

    private readonly Dictionary<ulong, List<IReading>> _asked = [];
    private List<IReading> _gathered = [];
    private int _count;

    public bool AnyGathered => _gathered.Count > 0;

    public void Add(IReading reading)
    {
        if (_count >= limits.MaxWaiting)
        {
            reading.Refused(null, $"too many reads wait here already: {_count} (eos.qdb.max-waiting)");
            return;
        }
        _gathered.Add(reading);
        _count++;
    }

    /// <summary>What was gathered is asked for under that tag.</summary>
    public void Asked(ulong tag)
    {
        _asked.Add(tag, _gathered);
        _gathered = [];
    }

    public void Answer(ReadFrom from, TimeSpan logTime)
    {
        if (!_asked.Remove(from.Tag, out var readings)) return;
        _count -= readings.Count;
        machine.Read(from.At, logTime, readings, from.Confirmed ? Confirmed : current, stale => upcalls.Say(new Upcalls.Stale(stale)));
    }

    public bool NotTaken(NotTaken no)
    {
        if (!_asked.Remove(no.Tag, out var readings)) return false;
        _count -= readings.Count;
        foreach (var r in readings) r.Refused(no.Leader, no.Why);
        return true;
    }

    /// <summary>The member ends.</summary>
    public void Close(string why)
    {
        foreach (var r in _asked.Values.SelectMany(r => r).Concat(_gathered)) r.Refused(null, why);
        _asked.Clear();
        _gathered = [];
        _count = 0;
    }
}
