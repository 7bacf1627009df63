namespace Eos.Journal;

/// <summary>
/// The numbers of a client's session that are not answered yet, in order. The machine keeps as many outcomes for it and no more, so a number is given only while
/// the oldest unanswered one is less than <see cref="Size"/> away.
/// </summary>
internal sealed class CallWindow
{
    /// <summary>As many outcomes as the machine keeps for a client.</summary>
    public const int Size = 1024;

    private readonly KvCall?[] _calls = new KvCall?[Size];
    private ulong _next = 1;

    /// <summary>All numbers below are answered.</summary>
    public ulong Floor { get; private set; } = 1;

    public bool HasRoom => _next - Floor < Size;

    public bool IsEmpty => _next == Floor;

    /// <summary>Gives the call the next number.</summary>
    public void Add(KvCall call)
    {
        call.Number = _next++;
        _calls[call.Number % Size] = call;
    }

    /// <summary>The unanswered call of that number; null when it has been answered.</summary>
    public KvCall? Find(ulong number) => number >= Floor && number < _next ? _calls[number % Size] : null;

    /// <summary>Forgets a call: it is answered, or given up.</summary>
    public void Remove(ulong number)
    {
        if (Find(number) is null) return;
        _calls[number % Size] = null;
        while (Floor < _next && _calls[Floor % Size] is null) Floor++;
    }

    /// <summary>Those that are not answered, in order.</summary>
    public IEnumerable<KvCall> Open()
    {
        for (var number = Floor; number < _next; number++)
            if (_calls[number % Size] is { } call)
                yield return call;
    }
}
