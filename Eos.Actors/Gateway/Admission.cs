using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>
/// How much runs at once. A request over a limit waits; one over the limit of waiting is not heard, and its client, who repeats it ever more slowly,
/// is slowed down. Nothing is lost by that. Mutable; belongs to one gateway.
/// </summary>
public sealed class Admission<T>(int maxRunning, int maxPerClient, int maxWaiting)
{
    private readonly Dictionary<Guid, int> _perClient = [];
    private readonly LinkedList<(OpId Op, T Request)> _waiting = new();

    public int Running { get; private set; }
    public int Waiting => _waiting.Count;

    /// <summary>Requests that were not heard.</summary>
    public ulong Overflow { get; private set; }

    /// <summary>True: run it now.</summary>
    public bool Enter(OpId op, T request)
    {
        if (HasRoom(op))
        {
            Start(op);
            return true;
        }
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Op != op) continue;
            node.Value = (op, request);
            return false;
        }
        if (_waiting.Count < maxWaiting) _waiting.AddLast((op, request));
        else Overflow++;
        return false;
    }

    /// <summary>One request has ended. Returns those that may run now, already counted.</summary>
    public IEnumerable<T> Leave(OpId op)
    {
        Running--;
        if (--_perClient[op.Client] == 0) _perClient.Remove(op.Client);
        for (var node = _waiting.First; node is not null && Running < maxRunning;)
        {
            var next = node.Next;
            if (HasRoom(node.Value.Op))
            {
                _waiting.Remove(node);
                Start(node.Value.Op);
                yield return node.Value.Request;
            }
            node = next;
        }
    }

    private bool HasRoom(OpId op) => Running < maxRunning && _perClient.GetValueOrDefault(op.Client) < maxPerClient;

    private void Start(OpId op)
    {
        Running++;
        _perClient[op.Client] = _perClient.GetValueOrDefault(op.Client) + 1;
    }
}
