using Eos.Namespace;

namespace Eos.Gateway;

/// <summary>Numbers fetched ahead, one block in use and others in reserve. Mutable; belongs to one gateway.</summary>
public sealed class NumberStock(uint blockSize)
{
    private readonly Queue<IdProtocol.BlockTaken> _reserve = new();
    private ulong _next;
    private ulong _end;

    /// <summary>The largest number that was ever leased here; 0 before the first block.</summary>
    public ulong Highest { get; private set; }

    /// <summary>Less than a block is left: ask for another one.</summary>
    public bool IsLow => _reserve.Count == 0 && _end - _next < blockSize;

    public void Add(IdProtocol.BlockTaken block)
    {
        _reserve.Enqueue(block);
        Highest = Math.Max(Highest, block.First + block.Count - 1);
    }

    /// <summary>Numbers up to this one are not given (`ns reserve-ids`).</summary>
    public ulong Reserved { get; set; }

    /// <summary>The next number; null if the stock is empty.</summary>
    public ulong? Take()
    {
        while (true)
        {
            if (_next < _end && _next <= Reserved) _next = Math.Min(_end, Reserved + 1);
            if (_next < _end) return _next++;
            if (!_reserve.TryDequeue(out var block)) return null;
            (_next, _end) = (block.First, block.First + block.Count);
        }
    }
}
