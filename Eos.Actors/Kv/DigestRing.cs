using System.Collections.Immutable;
using Eos.Raft;

namespace Eos.Kv;

/// <summary>The digests after the last few entries whose index is a multiple of the interval. Written by one thread, read by any.</summary>
internal sealed class DigestRing(ulong interval)
{
    private const int Kept = 64;

    private ImmutableQueue<(LogIndex Index, KvDigest Digest)> _known = [];
    private int _count;

    public void Note(LogIndex index, KvDigest digest)
    {
        if (index.Value % interval != 0) return;
        var next = _known.Enqueue((index, digest));
        if (++_count > Kept) (next, _count) = (next.Dequeue(), Kept);
        Volatile.Write(ref _known, next);
    }

    /// <summary>Another state has taken the place of the one that these are of.</summary>
    public void Clear()
    {
        _count = 0;
        Volatile.Write(ref _known, []);
    }

    public string? At(LogIndex index)
    {
        foreach (var (at, digest) in Volatile.Read(ref _known))
            if (at == index) return digest.ToString();
        return null;
    }
}
