using System.Collections.Concurrent;
using System.Collections.Immutable;
using Eos.Kernel;

namespace Eos.Client;

/// <summary>Filesystems that failed lately. Thread-safe.</summary>
internal sealed class Suspects(TimeSpan avoid, IClock clock)
{
    private readonly ConcurrentDictionary<FsId, Instant> _until = new();

    public ImmutableArray<FsId> Now
    {
        get
        {
            var now = clock.Now;
            return [.. _until.Where(suspect => suspect.Value > now).Select(suspect => suspect.Key).Order()];
        }
    }

    public void Add(FsId fs) => _until[fs] = clock.Now + avoid;

    /// <summary>Without them there is no place: they get another chance.</summary>
    public void Forget() => _until.Clear();
}
