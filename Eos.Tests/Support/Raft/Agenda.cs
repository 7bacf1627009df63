namespace Eos.Tests.Support.Raft;

/// <summary>What happens at a simulated moment.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public void At(TimeSpan when, Action what) => _queue.Enqueue(what, ((when > Now ? when : Now).Ticks, _order++));

    public void After(TimeSpan delay, Action what) => At(Now + delay, what);

    public bool Step()
    {
        if (!_queue.TryDequeue(out var what, out var key)) return false;
        Now = TimeSpan.FromTicks(key.At);
        what();
        return true;
    }
}
