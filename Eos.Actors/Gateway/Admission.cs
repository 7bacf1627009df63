using Eos.Kernel;

namespace Eos.Gateway;

/// <summary>
/// How much runs at once. A request over a limit waits; one over the limit of waiting is not heard, and its client, who repeats it ever more slowly,
/// is slowed down. Nothing is lost by that. Mutable; belongs to one gateway.
/// </summary>
public sealed class Admission<T>(int maxRunning, int maxPerClient, int maxWaiting)
{
    private readonly Dictionary<object, int> _perClient = [];
    private readonly Dictionary<OpId, object> _running = [];
    private readonly LinkedList<(OpId Op, object Client, T Request)> _waiting = new();

    public int Running => _running.Count;
    public int Waiting => _waiting.Count;

    /// <summary>Requests that were not heard.</summary>
    public ulong Overflow { get; private set; }

    /// <summary>True: run it now.</summary>
    /// <param name="client">Whoever the limit for one client counts for.</param>
    public bool Enter(OpId op, object client, T request)
    {
        if (HasRoom(client))
        {
            Start(op, client);
            return true;
        }
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Op != op) continue;
            node.Value = (op, client, request);
            return false;
        }
        if (_waiting.Count < maxWaiting) _waiting.AddLast((op, client, request));
        else Overflow++;
        return false;
    }

    /// <summary>One request has ended. Returns those that may run now, already counted.</summary>
    public IEnumerable<T> Leave(OpId op)
    {
        if (!_running.Remove(op, out var client)) yield break;
        if (--_perClient[client] == 0) _perClient.Remove(client);
        for (var node = _waiting.First; node is not null && Running < maxRunning;)
        {
            var next = node.Next;
            if (HasRoom(node.Value.Client))
            {
                _waiting.Remove(node);
                Start(node.Value.Op, node.Value.Client);
                yield return node.Value.Request;
            }
            node = next;
        }
    }

    /// <summary>It is not wanted any more; if it runs already, it is another's to end it.</summary>
    public void Forget(OpId op)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Op != op) continue;
            _waiting.Remove(node);
            return;
        }
    }

    private bool HasRoom(object client) => Running < maxRunning && _perClient.GetValueOrDefault(client) < maxPerClient;

    private void Start(OpId op, object client)
    {
        _running[op] = client;
        _perClient[client] = _perClient.GetValueOrDefault(client) + 1;
    }
}
