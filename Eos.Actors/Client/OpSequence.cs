using Eos.Kernel;

namespace Eos.Client;

/// <summary>Hands out operation ids of one client and knows below which number all are answered. Thread-safe.</summary>
internal sealed class OpSequence(Guid client)
{
    private readonly SortedSet<ulong> _open = [];
    private readonly Lock _gate = new();
    private ulong _next = 1;

    /// <summary>A new operation, and the number below which all operations have been answered.</summary>
    public (OpId Op, ulong AnsweredBelow) Begin()
    {
        lock (_gate)
        {
            var number = _next++;
            _open.Add(number);
            return (new OpId(client, number), _open.Min);
        }
    }

    public void End(OpId op)
    {
        lock (_gate) _open.Remove(op.Number);
    }
}
