using System.Collections.Concurrent;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>
/// Hands out operation ids in lanes: each lane is a client by itself with one operation at a time, so that all below the current one are answered,
/// however long another lane's operation takes. As many lanes as there are operations at once. Thread-safe.
/// </summary>
internal sealed class OpSequence
{
    private readonly ConcurrentStack<Lane> _free = new();

    /// <summary>A lane to itself until it is given back; its next operation.</summary>
    public Lane Begin()
    {
        var lane = _free.TryPop(out var free) ? free : new Lane(Guid.NewGuid());
        lane.Advance();
        return lane;
    }

    public void End(Lane lane) => _free.Push(lane);

    /// <summary>A client of one operation at a time.</summary>
    internal sealed class Lane(Guid client)
    {
        private ulong _number;

        public OpId Op => new(client, _number);

        public void Advance() => _number++;
    }
}
